"""The revenue engine: link ratios of the MRR level by age, with an expansion that dies away.

The state is a cohort's MRR at an age; the ratio of one age to the one before is its NRR. With y the log ratio plus half
its variance,

    y = g_long + (g_first - g_long) rho^age + cohort + calendar period + e,   Var e = s^2 / effective accounts + tau^2

g_long ~ N(-.01, .04^2): no cohort outgrows the economy for ever. g_first - g_long ~ N(.05, .25^2). The effective number
of accounts is Kish's, (sum m)^2 / sum m^2, so that a cohort of one whale counts as one; s^2 is the variance of one
customer's ratio. Given rho, tau and the spreads of cohorts and periods this is a linear model with a closed form; sixty
of them are averaged by marginal likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.linalg import solve_triangular

from decade.errors import Refused
from decade.models.life_table import Array, Whole
from decade.models.revenue_table import FEWEST_LINKS, RevenueTable

DAMPINGS = np.array([0.35, 0.55, 0.7, 0.82, 0.9])
CALENDAR_SPREADS, COHORT_SPREADS, NOISES = (0.0, 0.03, 0.07), (0.0, 0.04), (0.01, 0.05)
USUAL_SPREAD = 0.05
LONG_RUN, FIRST_YEAR = (-0.01, 0.04), (0.05, 0.25)
LOWEST_MEAN, HIGHEST_MEAN, HIGHEST_RATIO = 0.3, 2.0, 4.0
USUAL_SHRINKING = 0.93
LONG_RUN_MEANING = "log NRR that every cohort tends to; the prior is -1 % a year, give or take 4 points"


@dataclass(frozen=True)
class Component:
    """One linear model: growth (long run, first minus long run) and its error, given damping, spreads and noise.

    `effects`: mean of cohort effects at growth 0, and how they move with growth; `effects_root` a square root of their
    covariance given growth.
    """

    damping: float
    calendar: float
    cohort: float
    noise: float
    growth: Array
    growth_root: Array
    effects: Array
    effects_by_growth: Array
    effects_root: Array


@dataclass(frozen=True)
class RevenueFit:
    """Linear models with their posterior weights."""

    table: RevenueTable
    customer_variance: float
    weights: Array
    components: tuple[Component, ...]

    def mean(self, name: str) -> float:
        """Posterior mean of `damping`, `calendar`, `cohort` or `noise`."""
        return float(self.weights @ [getattr(each, name) for each in self.components])

    @property
    def growth(self) -> Array:
        """Posterior mean of log NRR in the long run, and of how much higher it is at first."""
        return np.asarray(self.weights @ np.array([each.growth for each in self.components]))

    @property
    def cohort_effects(self) -> Array:
        """Posterior mean of each cohort's own addition to log NRR."""
        means = [each.effects + each.effects_by_growth @ each.growth for each in self.components]
        return np.asarray(self.weights @ np.array(means))


def fit_revenue(table: RevenueTable, long_run: float = LONG_RUN[0]) -> RevenueFit:
    """Average the linear models; refused with fewer than two ratios. `long_run` centres the prior of g_long."""
    cohort, age = np.nonzero((table.mrr[:, :-1] > 0) & (table.mrr[:, 1:] > 0))
    if age.size < FEWEST_LINKS or np.unique(table.start[cohort] + age).size < FEWEST_LINKS:
        raise Refused(
            f"revenue is projected from NRR in at least {FEWEST_LINKS} periods, the data shows {age.size}",
            where="projection",
            do="Wait for another period, or widen the selection.",
        )
    variance = table.customer_variance()
    own = variance / np.maximum(table.effective[cohort, age], 1.0)
    # The mean of the ratio is wanted, not the mean of its logarithm.
    y = np.log(table.mrr[cohort, age + 1] / table.mrr[cohort, age]) + own / 2
    scores, components = [], []
    prior = _Prior(np.array([long_run, FIRST_YEAR[0]]), np.diag([LONG_RUN[1] ** -2, FIRST_YEAR[1] ** -2]))
    for noise, calendar, spread in product(NOISES, CALENDAR_SPREADS, COHORT_SPREADS):
        found = _components(table, cohort, age, y, own + noise**2, prior, (noise, calendar, spread))
        penalty = 0.5 * sum((each / USUAL_SPREAD) ** 2 for each in (noise, calendar, spread))
        scores += [score - penalty for score, _ in found]
        components += [component for _, component in found]
    weight = np.exp(np.array(scores) - max(scores))
    return RevenueFit(table, variance, weight / weight.sum(), tuple(components))


@dataclass(frozen=True)
class _Prior:
    centre: Array
    precision: Array


def _components(
    table: RevenueTable, cohort: Whole, age: Whole, y: Array, variance: Array, prior: _Prior, spreads: tuple[float, ...]
) -> list[tuple[float, Component]]:
    """Log marginal likelihood and model for each damping: cohort and period effects are eliminated first."""
    noise, calendar, spread = spreads
    rows = int(table.groups.max()) + 1
    groups, inverse = _effects(table, cohort, age, calendar, spread)
    weighted = groups / variance[:, None]
    design = np.column_stack([y, np.ones(y.size), DAMPINGS[None, :] ** age[:, None]])
    root = np.linalg.cholesky(weighted.T @ groups + np.diag(inverse))
    half = solve_triangular(root, weighted.T @ design, lower=True) if inverse.size else np.zeros((0, design.shape[1]))
    plain = design.T @ (design / variance[:, None]) - half.T @ half
    log_scale = np.log(variance).sum() - np.log(inverse).sum() + 2 * np.log(np.diag(root)).sum()
    shared, solved = np.zeros((rows, 0)), np.zeros((rows, design.shape[1]))
    if spread:
        # What is known of cohorts given growth: a square root of their part of the inverse, and their means.
        shared = solve_triangular(root, np.eye(inverse.size)[:, :rows], lower=True).T
        solved = shared @ half
    found = []
    for place, damping in enumerate(DAMPINGS):
        used = [1, 2 + place]
        precision = prior.precision + plain[np.ix_(used, used)]
        pull = prior.precision @ prior.centre + plain[used, 0]
        covariance = np.linalg.inv(precision)
        growth = covariance @ pull
        misfit = plain[0, 0] + prior.centre @ prior.precision @ prior.centre - growth @ pull
        score = -0.5 * (log_scale + misfit + np.linalg.slogdet(precision)[1] - np.linalg.slogdet(prior.precision)[1])
        error = np.linalg.cholesky(covariance)
        own = (solved[:, 0], -solved[:, used], shared)
        component = Component(float(damping), calendar, spread, noise, growth, error, *own)
        found.append((float(score), component))
    return found


def _effects(table: RevenueTable, cohort: Whole, age: Whole, calendar: float, spread: float) -> tuple[Array, Array]:
    """Columns of cohort effects (all cohorts) and period effects, and their prior precisions; none at spread 0."""
    columns: list[Array] = [np.zeros((age.size, 0))]
    inverse: list[Array] = [np.zeros(0)]
    if spread:
        count = int(table.groups.max()) + 1
        columns.append((table.groups[cohort][:, None] == np.arange(count)[None, :]).astype(float))
        inverse.append(np.full(count, spread**-2))
    if calendar:
        period = np.unique(table.start[cohort] + age, return_inverse=True)[1]
        columns.append((period[:, None] == np.arange(period.max() + 1)[None, :]).astype(float))
        inverse.append(np.full(int(period.max()) + 1, calendar**-2))
    return np.hstack(columns), np.concatenate(inverse)


def simulate_revenue(
    fit: RevenueFit, horizon: int, draws: int, seed: int, ceiling: float = np.inf, widening: float = 1.0
) -> tuple[Array, Array]:
    """MRR paths (cohorts x ages x draws, the part seen included) and a new cohort's growth (ages x draws, as shares).

    Calendar shocks are the same for all cohorts of a draw. `ceiling`: largest multiple of the first MRR, 1 for gross
    retention. `widening` multiplies what the model may be wrong by: calendar spread and noise.
    """
    chance = np.random.default_rng(seed)
    table = fit.table
    rows = len(table.cohorts)
    picked = np.sort(np.searchsorted(np.cumsum(fit.weights)[:-1], chance.random(draws), side="right"))
    growth, own = np.empty((2, draws)), np.zeros((fit.components[0].effects.size, draws))
    for k in np.unique(picked):
        part, at = fit.components[k], picked == k
        drawn = part.growth[:, None] + part.growth_root @ chance.standard_normal((2, int(at.sum())))
        growth[:, at] = drawn
        if part.cohort:
            fresh = part.effects_root @ chance.standard_normal((part.effects_root.shape[1], drawn.shape[1]))
            own[:, at] = part.effects[:, None] + part.effects_by_growth @ drawn + fresh
    order = chance.permutation(draws)
    picked, growth, own = picked[order], growth[:, order], own[:, order]
    damping, calendar, noise = (
        np.array([getattr(part, name) for part in fit.components])[picked] for name in ("damping", "calendar", "noise")
    )
    usual = growth[0] + growth[1] * damping ** np.arange(horizon)[:, None]
    shock = widening * calendar * chance.standard_normal((horizon, draws))
    paths = np.full((rows, horizon + 1, draws), np.nan)
    first, known = table.first_age, table.known_to
    for row in range(rows):
        upto = min(int(known[row]), horizon)
        paths[row, : upto + 1] = table.mrr[row, : upto + 1, None]
        level = paths[row, upto]
        top = ceiling * table.mrr[row, first[row]] if np.isfinite(ceiling) else np.inf
        accounts = np.full(draws, max(float(table.effective[row, upto]), 1.0))
        ahead = horizon - upto
        wobble = widening * noise * chance.standard_normal((ahead, draws))
        mean = np.exp(usual[upto:] + own[table.groups[row]] + shock[:ahead] + wobble).clip(LOWEST_MEAN, HIGHEST_MEAN)
        for step in range(ahead):
            shape = mean[step] ** 2 * accounts / fit.customer_variance
            ratio = chance.standard_gamma(shape) * mean[step] / shape
            level = np.minimum(level * np.minimum(ratio, HIGHEST_RATIO), top)
            paths[row, upto + step + 1] = level
            accounts = np.maximum(1.0, accounts * np.where(mean[step] < 1, mean[step], USUAL_SHRINKING))
    typical = np.exp(np.cumsum(np.log(np.exp(usual + shock).clip(LOWEST_MEAN, HIGHEST_MEAN)), axis=0))
    return paths, np.minimum(np.concatenate([np.ones((1, draws)), typical]), ceiling)
