"""The prior and posterior of a retention curve: the beta-discrete-Weibull tabulated on a fixed grid.

Log hazards are tabulated once for 44 x 26 x 8 combinations of first-year churn, polarization and duration
dependence. With alpha / (alpha + beta) the churn, 1 / (alpha + beta + 1) the polarization and c the duration
dependence, the share left after t years is

    S(t) = B(alpha, beta + t^c) / B(alpha, beta)

read at every renewal decision: t = 1, 2, … for contracts of a year, 1/12, 2/12, … for monthly ones. How much accounts
differ is thus believed alike of all, whatever they are billed by. Of contracts longer than a year the unit is one
contract. The posterior for any life table is then one matrix product, exact on the grid, and never runs to a
boundary as maximum likelihood does with two or three renewals. Where the data is finer than the grid, `hazard_lattice`
takes over.

Prior, chosen on thirteen published curves: logit of first-year churn ~ N(logit .15, 1.5); log of duration dependence
~ N(.2, .6); polarization ~ .75 Beta(2, 4) + .25 Beta(1, 60). The last part keeps a hazard that does not change with
tenure possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.special import expit, gammaln, logit

from decade.models.life_table import Array

YEARLY_CHURN, CHURN_SPREAD = 0.15, 1.5
SHAPE_CENTRE, SHAPE_SPREAD = 0.2, 0.6
SHAPES = np.array([0.45, 0.6, 0.8, 1.0, 1.25, 1.55, 1.95, 2.5])
POLARIZATIONS = expit(np.linspace(logit(0.004), logit(0.92), 26))
CHURNS = 44
LOWEST_CHURN, HIGHEST_CHURN, ALL_BUT = 0.003, 0.85, 0.9997
ALIKE_WEIGHT = 0.25
BLOCK_MONTHS = 60


@dataclass(frozen=True)
class Grid:
    """Points of the grid (rows) and what each says about decisions 1, 2, … (columns).

    `where`: logit churn, logit polarization and log shape of each point.
    """

    term_months: int
    where: Array = field(repr=False)
    log_lost: Array = field(repr=False)
    log_stayed: Array = field(repr=False)
    log_prior: Array = field(repr=False)

    @property
    def churn(self) -> Array:
        """Share that leaves within the first year, or at the first renewal of a longer contract."""
        return np.asarray(expit(self.where[:, 0]))

    @property
    def polarization(self) -> Array:
        """From 0, all accounts alike, to 1, each leaves at once or never."""
        return np.asarray(expit(self.where[:, 1]))

    @property
    def shape(self) -> Array:
        """Duration dependence: above 1 an account's own risk grows with tenure."""
        return np.asarray(np.exp(self.where[:, 2]))

    def posterior(self, at_risk: Array, lost: Array, dispersion: float = 1.0, *, is_alike: bool = False) -> Array:
        """Probability of each point, given pooled counts by decision; dispersion divides the log-likelihood.

        With `is_alike`, duration dependence is held at 1: the shifted beta-geometric.
        """
        ages = at_risk.size
        score = self.log_lost[:, :ages] @ lost + self.log_stayed[:, :ages] @ (at_risk - lost)
        score = self.log_prior + score / dispersion
        if is_alike:
            score = np.where(self.where[:, 2] == 0.0, score, -np.inf)
        weight = np.exp(score - score.max())
        return np.asarray(weight / weight.sum())

    def mean_survival(self, weight: Array, horizon: int) -> Array:
        """Posterior mean of the share left after 0, 1, … decisions."""
        used = np.flatnonzero(weight > 1e-9)
        logs = np.cumsum(self.log_stayed[used, :horizon], axis=1)
        return np.concatenate([[1.0], weight[used] @ np.exp(logs) / weight[used].sum()])

    def draw(self, weight: Array, draws: int, chance: np.random.Generator, horizon: int) -> Array:
        """Cumulative-hazard steps, -log of the share that stays, one row per decision, one column per draw.

        Points are drawn as often as their weight says, to within one draw, in a random order.
        """
        even = chance.permutation((np.arange(draws) + chance.random(draws)) / draws)
        points = np.searchsorted(np.cumsum(weight), even * weight.sum(), side="right")
        return np.ascontiguousarray(-self.log_stayed[np.minimum(points, weight.size - 1), :horizon].T)


def grid_for(term_months: int, horizon: int) -> Grid:
    """A grid that reaches at least so many decisions: whole blocks of five years, so that few are ever made."""
    block = max(1, BLOCK_MONTHS // term_months)
    return grid(term_months, -(-horizon // block) * block)


@lru_cache(maxsize=8)
def grid(term_months: int, horizon: int) -> Grid:
    """The grid for contracts of this length, reaching `horizon` renewal decisions; made once."""
    # Terms shorter than a year can lose next to all within one.
    most = min(1 - (1 - HIGHEST_CHURN) ** (unit_months(term_months) / term_months), ALL_BUT)
    churns = np.linspace(logit(LOWEST_CHURN), logit(most) + _usual(term_months) - _usual(12), CHURNS)
    axes = np.meshgrid(churns, logit(POLARIZATIONS), np.log(SHAPES), indexing="ij")
    return tabulated(np.column_stack([each.ravel() for each in axes]), term_months, horizon)


def tabulated(where: Array, term_months: int, horizon: int) -> Grid:
    """What points say about decisions 1 to `horizon`."""
    log_stayed = log_stays(where, term_months, horizon)
    return Grid(term_months, where, np.log(-np.expm1(log_stayed)), log_stayed, log_prior(where, term_months))


def log_stays(where: Array, term_months: int, horizon: int) -> Array:
    """Logarithm of the share that stays at decision 1, 2, … `horizon` (columns), for each point (rows)."""
    size = np.exp(-where[:, 1])
    beta = size * expit(-where[:, 0])
    units = np.arange(horizon + 1.0) * term_months / unit_months(term_months)
    age = units ** np.exp(where[:, 2])[:, None]
    log_survival = gammaln(beta[:, None] + age) - gammaln(size[:, None] + age)
    return np.asarray(np.minimum(np.diff(np.minimum.accumulate(log_survival, axis=1), axis=1), -1e-12))


def log_prior(where: Array, term_months: int) -> Array:
    """Log prior density of points in their coordinates, up to a constant."""
    return np.asarray(
        -0.5 * ((where[:, 0] - _usual(term_months)) / CHURN_SPREAD) ** 2
        - 0.5 * ((where[:, 2] - SHAPE_CENTRE) / SHAPE_SPREAD) ** 2
        + np.interp(where[:, 1], logit(POLARIZATIONS), _log_polarizations())
    )


def unit_months(term_months: int) -> int:
    """Months in which a curve counts time: a year, or a contract where it is longer."""
    return max(term_months, 12)


def _usual(term_months: int) -> float:
    """Logit of the usual churn of the first year, or of the first contract where it is longer."""
    return float(logit(1 - (1 - YEARLY_CHURN) ** (unit_months(term_months) / 12)))


@lru_cache(maxsize=1)
def _log_polarizations() -> Array:
    return np.log((1 - ALIKE_WEIGHT) * _beta(2.0, 4.0) + ALIKE_WEIGHT * _beta(1.0, 60.0))


def _beta(alpha: float, beta: float) -> Array:
    """Prior mass of each polarization; even steps on the logit scale bring the factor p (1 - p)."""
    log_mass = alpha * np.log(POLARIZATIONS) + beta * np.log1p(-POLARIZATIONS)
    mass = np.exp(log_mass - log_mass.max())
    return np.asarray(mass / mass.sum())
