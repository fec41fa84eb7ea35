"""What sets cohorts, ages and calendar periods apart from the pooled curve, each believed as far as its data goes.

Every group (a cohort, an age, a calendar period) has observed losses O and expected losses E. Its factor on the hazard
has a Gamma(k, k) prior, so that, with the over-dispersion phi,

    factor = (k + O / phi) / (k + E / phi) = Z O / E + (1 - Z),   Z = (E / phi) / (E / phi + k)

the credibility of Bühlmann. k is chosen by marginal likelihood (negative binomial) over all groups of a kind; for
calendar periods it is 1 / tau^2, where tau is the spread of yearly shocks by moments, shrunk to .12 and capped at .4.
The three kinds are settled in turn, each given the other two. What single cells stray by beyond chance and the three
is their scatter, by moments as well, shrunk to .1.

Of a shock half is left a year later, unless the data says otherwise: in nineteen sectors of establishments, before
2008 as well as after it, the next year's losses stood half as far from usual as the last year's were believed to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtr, gammaln

from decade.models.life_table import Array, LifeTable, Whole

PRECISIONS = np.array([5.0, 10, 20, 40, 80, 160, 320, 1000])
FACTOR_SPREAD = 0.25
USUAL_SHOCK, SHOCK_PERIODS, LARGEST_SHOCK = 0.12, 3.0, 0.4
USUAL_PERSISTENCE, PERSISTENCE_PERIODS, LONGEST_PERSISTENCE = 0.5, 10.0, 0.8
USUAL_SCATTER, SCATTER_CELLS = 0.1, 10.0
USUAL_DISPERSION, DISPERSION_FREEDOM = 1.3, 2.0
STEADY_CELLS, STEADY_CHANCE, LEAST_DISPERSION = 10.0, 0.01, 0.05
ROUNDS = 4


@dataclass(frozen=True)
class Margin:
    """Groups of one kind: losses observed and expected given the other kinds, precision k and dispersion phi."""

    observed: Array
    expected: Array
    precision: float
    dispersion: float

    @property
    def credibility(self) -> Array:
        """Z, from 0 (the pooled curve alone) to 1 (its own data alone)."""
        weight = self.expected / self.dispersion
        return np.asarray(weight / (weight + self.precision))

    @property
    def factor(self) -> Array:
        """Multiple of the pooled hazard."""
        return (self.precision + self.observed / self.dispersion) / (self.precision + self.expected / self.dispersion)

    def draw(self, draws: int, chance: np.random.Generator, which: slice = slice(None)) -> Array:
        """Factors from their posterior, one row per group (of those asked for), one column per draw."""
        shape = self.precision + self.observed[which] / self.dispersion
        rate = self.precision + self.expected[which] / self.dispersion
        return np.asarray(chance.standard_gamma(shape[:, None], (shape.size, draws)) / rate[:, None])


@dataclass(frozen=True)
class Effects:
    """The factors of cohorts, ages and calendar periods, how shocks come and go, and what single cells stray by.

    `dispersion`: how much more cells scatter than chance alone would have them, as a multiple of its variance.
    """

    cohorts: Margin
    ages: Margin
    periods: Margin
    first_period: int
    shock: float
    persistence: float
    dispersion: float
    scatter: float

    @property
    def level_error(self) -> float:
        """Error of the mean of the shocks seen, on the log hazard: few years may all have been good ones."""
        weight = self.periods.expected
        seen = max(float(weight.sum() ** 2 / np.sum(weight**2)), 1.0) if weight.any() else 1.0
        return float(self.shock * np.sqrt((1 + self.persistence) / (1 - self.persistence) / seen))


def nothing(groups: int) -> Margin:
    """A margin without any effect."""
    return Margin(np.zeros(groups), np.zeros(groups), 1e12, 1.0)


def dispersion(table: LifeTable, hazard: Array) -> float:
    """Pearson dispersion by cell, calendar period and cohort, each shrunk to 1.3 with 2 degrees: the largest, or 1.

    `hazard`: the share expected to leave at each decision.
    """
    at_risk, lost = table.at_risk[:, : hazard.size], table.lost[:, : hazard.size]
    cells = np.arange(at_risk.size).reshape(at_risk.shape)
    cohorts = np.broadcast_to(np.arange(at_risk.shape[0])[:, None], at_risk.shape)
    kinds = ((cells, min(3, hazard.size)), (periods(table, hazard.size), 1), (cohorts, 1))
    expected = at_risk * hazard
    return max(1.0, *(_pearson(groups, at_risk > 0, lost, expected, 1 - hazard, lose) for groups, lose in kinds))


def _pearson(groups: Whole, is_seen: object, lost: Array, expected: Array, kept: Array, lose: int) -> float:
    seen = np.asarray(is_seen)
    group = np.unique(groups[seen], return_inverse=True)[1]
    residual = np.bincount(group, (lost - expected)[seen])
    variance = np.bincount(group, (expected * kept)[seen])
    used = variance > 0.5
    freedom = max(int(used.sum()) - lose, 0)
    squares = float(np.sum(residual[used] ** 2 / variance[used]))
    return (squares + DISPERSION_FREEDOM * USUAL_DISPERSION) / (freedom + DISPERSION_FREEDOM)


def periods(table: LifeTable, ages: int) -> Whole:
    """Number of the calendar period of each cell, from 0 for the first decision that could be made."""
    return np.asarray((table.start - table.first_period)[:, None] + np.arange(ages)[None, :], dtype=np.int64)


def net_of_calendar(table: LifeTable, effects: Effects, ages: int) -> Array:
    """Accounts at risk of each decision, pooled, each counted by what its calendar period is believed to do."""
    inside = np.minimum(periods(table, ages), effects.periods.observed.size - 1)
    return np.asarray((table.at_risk[:, :ages] * effects.periods.factor[inside]).sum(axis=0))


def settle(
    table: LifeTable, hazard: Array, *, cohorts: bool, ages: bool, calendar: bool, scatter: bool = False
) -> Effects:
    """The factors that the life table shows around the expected hazard of each decision; kinds may be left out."""
    count = hazard.size
    at_risk, lost = table.at_risk[:, :count], table.lost[:, :count]
    base = at_risk * hazard
    period = periods(table, count)
    seen = max(table.last_period - table.first_period, 1)
    inside = np.minimum(period, seen - 1)
    rows, columns, diagonals = nothing(len(table.cohorts)), nothing(count), nothing(seen)
    shock = USUAL_SHOCK if calendar else 0.0
    phi = 1.0
    for _ in range(ROUNDS):
        row, column, diagonal = rows.factor[:, None], columns.factor[None, :], diagonals.factor[inside]
        phi = _cell_dispersion(lost, base * row * column * diagonal, 1 - hazard, rows, columns)
        if calendar:
            expected = _by(inside, base * row * column, seen)
            observed = _by(inside, lost, seen)
            shock = _shock(observed, expected, phi * _by(inside, base * row * column * (1 - hazard), seen))
            diagonals = Margin(observed, expected, 1 / shock**2, phi)
            diagonal = diagonals.factor[inside]
        if cohorts and len(table.cohorts) > 1:
            rows = believed(lost.sum(axis=1), (base * column * diagonal).sum(axis=1), phi)
            row = rows.factor[:, None]
        if ages and count > 1:
            columns = believed(lost.sum(axis=0), (base * row * diagonal).sum(axis=0), phi)
    around = base * rows.factor[:, None] * columns.factor[None, :] * diagonals.factor[inside]
    strays = _scatter(lost, around, 1 - hazard, min(phi, 1.0)) if scatter else 0.0
    persistence = _persistence(diagonals, shock, table.term_months) if calendar else 0.0
    return Effects(rows, columns, diagonals, table.first_period + 1, shock, persistence, phi, strays)


def _by(groups: Whole, values: Array, count: int) -> Array:
    return np.bincount(groups.ravel(), values.ravel(), minlength=count)[:count].astype(float)


def _cell_dispersion(lost: Array, expected: Array, kept: Array, rows: Margin, columns: Margin) -> float:
    """How much more cells scatter around the factors than chance alone would have them.

    Below 1 only where chance would hardly ever be so even: shares that stand for more accounts than are named.
    """
    variance = expected * kept
    used = variance > 0.5
    spent = float(rows.credibility.sum() + columns.credibility.sum())
    freedom = max(float(used.sum()) - min(3, lost.shape[1]) - spent, 0.0)
    squares = float(np.sum((lost - expected)[used] ** 2 / variance[used]))
    found: float = (squares + DISPERSION_FREEDOM * USUAL_DISPERSION) / (freedom + DISPERSION_FREEDOM)
    is_even = freedom >= STEADY_CELLS and chdtr(freedom, squares) < STEADY_CHANCE
    return max(LEAST_DISPERSION if is_even else 1.0, found)


def believed(observed: Array, expected: Array, phi: float) -> Margin:
    """Groups with the precision that fits their losses best, observed against expected; phi is the dispersion."""
    losses, hoped = observed / phi, np.maximum(expected / phi, 1e-9)
    k = PRECISIONS[:, None]
    fit = gammaln(losses + k) - gammaln(k) + k * np.log(k / (k + hoped)) + losses * np.log(hoped / (k + hoped))
    score = fit.sum(axis=1) - 0.5 * (1 / np.sqrt(PRECISIONS) / FACTOR_SPREAD) ** 2
    return Margin(observed, expected, float(PRECISIONS[np.argmax(score)]), phi)


def _shock(observed: Array, expected: Array, variance: Array) -> float:
    """Spread of calendar shocks on the log hazard, by moments: E (O - E)^2 = variance + E^2 tau^2."""
    squared = max(0.0, float(((observed - expected) ** 2 - variance).sum() / max((expected**2).sum(), 1e-9)))
    free = max(int((expected > 0).sum()) - 1, 0)
    shrunk = (squared * free + USUAL_SHOCK**2 * SHOCK_PERIODS) / (free + SHOCK_PERIODS)
    return float(min(LARGEST_SHOCK, np.sqrt(shrunk)))


def _persistence(diagonals: Margin, shock: float, term_months: int) -> float:
    """Share of a calendar shock that is left a period later: lag-one correlation, shrunk to half a year later.

    In a short series that correlation comes out too low by (1 + 3 r) / n (Marriott and Pope 1954), which is put back.
    """
    shocks = np.log(diagonals.factor)
    usual = USUAL_PERSISTENCE ** max(1.0, term_months / 12)
    together, alone = float(shocks[:-1] @ shocks[1:]), float(shocks[:-1] @ shocks[:-1])
    together += (alone + 3 * together) / max(shocks.size - 1, 1)
    free = PERSISTENCE_PERIODS * shock**2
    return float(np.clip((together + usual * free) / (alone + free), 0.0, LONGEST_PERSISTENCE))


def _scatter(lost: Array, expected: Array, kept: Array, phi: float) -> float:
    """Spread of single cells around the factors, on the log hazard, beyond chance; `phi` of it where that is less.

    By moments as shocks are, but each cell counts by its credibility: a cohort of millions is one cohort.
    """
    weight = (expected / (expected + phi * USUAL_SCATTER**-2)) ** 2
    away = ((lost - expected) ** 2 - phi * expected * kept) / np.maximum(expected, 1e-9) ** 2
    squared = max(0.0, float((weight * away).sum()))
    shrunk = (squared + SCATTER_CELLS * USUAL_SCATTER**2) / (float(weight.sum()) + SCATTER_CELLS)
    return float(min(LARGEST_SHOCK, np.sqrt(shrunk)))
