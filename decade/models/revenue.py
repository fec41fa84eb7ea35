"""The revenue engine: link ratios of the MRR level by age, with an expansion that dies away.

The state is a cohort's MRR at an age; the ratio of one age to the one before is its NRR. With y the log ratio plus half
its variance,

    y = g_long + (g_first - g_long) rho^age + cohort + age + period + e,   Var e = s^2 / effective accounts + tau^2

g_long ~ .85 N(-.01, .04^2) + .15 N(-.15, .15^2): no cohort outgrows the economy for ever, but one in seven may go on
losing a seventh or more a year, as flat prices do where accounts leave at a rate that never falls. g_first - g_long ~
N(.05, .25^2). The effective number of accounts is Kish's, (sum m)^2 / sum m^2, so that a cohort of one whale counts as
one; s^2 is the variance of one customer's ratio at that age. Given rho, tau, which part of the prior holds and the
spreads of cohorts, ages and calendar periods this is a linear model with a closed form (see `growth_fit`); all of them
are averaged by marginal likelihood.

Of a calendar period's shock .4 is left a year later: the correlation of one year's shocks with the next's in the
employment of nineteen sectors, 1994 to 2023. Growth is as uncertain as the mean of shocks that come in runs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

import numpy as np

from decade.errors import Refused
from decade.models.draws import opposites
from decade.models.growth_fit import Component, Links, Prior, Spreads, components, draw_components
from decade.models.life_table import Array, Whole
from decade.models.revenue_table import FEWEST_LINKS, RevenueTable

REVENUE_PIECES = {
    "damping": "Growth at first dies away with age; off: every age is expected to grow alike.",
    "ages": "An age at which more is lost than at its neighbours is believed as far as its data goes.",
    "cohorts": "A better or worse cohort is believed as far as its data goes.",
    "calendar": "Shocks hit all cohorts of a calendar period; growth is read net of them; two fifths last a year on.",
    "scatter": "Single cohorts stray from year to year by more than their customers explain, and will go on to.",
}
ALL_REVENUE = frozenset(REVENUE_PIECES)
DAMPINGS = (0.35, 0.55, 0.7, 0.82, 0.9)
CALENDAR_SPREADS, COHORT_SPREADS, NOISES = (0.0, 0.04, 0.07), (0.0, 0.04), (0.01, 0.05)
AGE_SPREADS = (0.0, 0.15)
USUAL_SPREAD = 0.05
PERSISTENCE = 0.4
LONG_RUN, FIRST_YEAR = (-0.01, 0.04), (0.05, 0.25)
LOSING, LOSING_WEIGHT = (-0.15, 0.15), 0.15
LOWEST_MEAN, HIGHEST_MEAN, HIGHEST_RATIO = 0.3, 2.0, 4.0
USUAL_SHRINKING = 0.93
SMALL_SHAPE = 20.0
FAR = 2.5


@dataclass(frozen=True)
class RevenueFit:
    """Linear models with their posterior weights.

    `customer_variance`: of one customer's ratio of MRR, by age. `ages`: how many ages have a ratio; `last_period`,
    `periods`: the latest period with a ratio, and how many.
    """

    table: RevenueTable
    customer_variance: Array
    weights: Array
    components: tuple[Component, ...]
    ages: int
    last_period: int
    periods: int

    def mean(self, name: str) -> float:
        """Posterior mean of `damping`, or of the spread called `calendar`, `cohort`, `age` or `noise`."""
        found = [each.damping if name == "damping" else getattr(each.spreads, name) for each in self.components]
        return float(self.weights @ found)

    def variance_at(self, age: int) -> float:
        """Variance of one customer's ratio from this age to the next; beyond the last age seen as there."""
        return float(self.customer_variance[min(age, self.customer_variance.size - 1)])

    @property
    def growth(self) -> Array:
        """Posterior mean of log NRR in the long run, and of how much higher it is at first."""
        return np.asarray(self.weights @ np.array([each.growth for each in self.components]))

    @property
    def cohort_effects(self) -> Array:
        """Posterior mean of each cohort's own addition to log NRR."""
        return self._effects[: -1 - self.ages]

    @property
    def age_effects(self) -> Array:
        """Posterior mean of each age's own addition to log NRR, from the first."""
        return self._effects[-1 - self.ages : -1]

    @property
    def last_shock(self) -> float:
        """Posterior mean of what the last calendar period added to log NRR."""
        return float(self._effects[-1])

    @property
    def _effects(self) -> Array:
        means = [each.effects + each.effects_by_growth @ each.growth for each in self.components]
        return np.asarray(self.weights @ np.array(means))


def fit_revenue(
    table: RevenueTable, long_run: float = LONG_RUN[0], pieces: Collection[str] = ALL_REVENUE
) -> RevenueFit:
    """Average the linear models; refused with fewer than two ratios.

    `long_run` centres the first part of the prior of g_long.
    """
    cohort, age = np.nonzero((table.mrr[:, :-1] > 0) & (table.mrr[:, 1:] > 0))
    period = table.start[cohort] + age
    shown = np.unique(period).size
    if shown < FEWEST_LINKS:
        raise Refused(
            f"revenue is projected from NRR in at least {FEWEST_LINKS} periods, the data shows {shown}",
            where="projection",
            do="Wait for another period, or widen the selection.",
        )
    customers = table.customer_variance()
    variance = customers[age] / np.maximum(table.effective[cohort, age], 1.0)
    # The mean of the ratio is wanted, not the mean of its logarithm.
    y = np.log(table.mrr[cohort, age + 1] / table.mrr[cohort, age]) + variance / 2
    links = Links(
        y,
        _with_outliers(y, variance, age),
        age,
        table.groups[cohort],
        period,
        int(table.groups.max()) + 1,
        int(age.max()) + 1,
    )
    priors = [
        Prior(np.array([centre, FIRST_YEAR[0]]), np.diag([spread**-2, FIRST_YEAR[1] ** -2]), weight)
        for centre, spread, weight in ((long_run, LONG_RUN[1], 1 - LOSING_WEIGHT), (*LOSING, LOSING_WEIGHT))
    ]
    scores, found = [], []
    for spreads in _spreads(pieces):
        each = components(links, spreads, priors, DAMPINGS if "damping" in pieces else (1.0,))
        penalty = 0.5 * sum((spread / USUAL_SPREAD) ** 2 for spread in spreads)
        scores += [score - penalty for score, _ in each]
        found += [component for _, component in each]
    weight = np.exp(np.array(scores) - max(scores))
    seen = links.ages, int(period.max()), shown
    return RevenueFit(table, customers, weight / weight.sum(), tuple(found), *seen)


def _with_outliers(y: Array, variance: Array, age: Whole) -> Array:
    """Variances by chance, wider where a ratio lies further from the middle of its age than all of it explains.

    A cohort of one account that falls to next to nothing and comes back says little about others of its age.
    """
    explained = variance + sum(each[-1] ** 2 for each in (CALENDAR_SPREADS, COHORT_SPREADS, NOISES))
    away = np.empty(y.size)
    for each in np.unique(age):
        at = np.flatnonzero(age == each)
        at = at[np.argsort(y[at])]
        half = np.cumsum(1 / explained[at])
        away[at] = y[at] - y[at[np.searchsorted(half, half[-1] / 2)]]
    return np.where(away**2 > FAR**2 * explained, variance + (away / FAR) ** 2 - explained, variance)


def _spreads(pieces: Collection[str]) -> list[Spreads]:
    """Noise, calendar and cohort spreads to be averaged; only 0 where a piece is switched off."""
    kinds = (("scatter", NOISES), ("calendar", CALENDAR_SPREADS), ("cohorts", COHORT_SPREADS), ("ages", AGE_SPREADS))
    return [Spreads(*each) for each in product(*(spreads if name in pieces else (0.0,) for name, spreads in kinds))]


def simulate_revenue(
    fit: RevenueFit, horizon: int, draws: int, seed: int, ceiling: float = np.inf, widening: float = 1.0
) -> tuple[Array, Array]:
    """MRR paths (cohorts x ages x draws, the part seen included) and a new cohort's growth (ages x draws, as shares).

    Calendar shocks are the same for all cohorts of a draw. `ceiling`: largest multiple of the first MRR, 1 for gross
    retention. `widening` multiplies what the model may be wrong by: calendar spread and noise.
    """
    chance = np.random.default_rng(seed)
    table = fit.table
    picked, growth, own = draw_components(fit.weights, fit.components, draws, chance)
    damping = np.array([part.damping for part in fit.components])[picked]
    noise, calendar = (
        widening * np.array([getattr(part.spreads, name) for part in fit.components])[picked]
        for name in ("noise", "calendar")
    )
    level = growth[0] + _level_error(fit.periods) * calendar * opposites(chance, 1, draws)[0]
    usual = level + growth[1] * damping ** np.arange(horizon)[:, None]
    usual[: fit.ages] += own[-1 - fit.ages : -1][:horizon]
    late = table.start + table.known_to - fit.last_period - 1
    late = np.maximum(late, 0)  # a cohort seen further than the fit begins later in the shocks
    shock = _shocks(own[-1], calendar, horizon + int(late.max(initial=0)), chance)
    paths = np.full((len(table.cohorts), horizon + 1, draws), np.nan)
    first, known, has_customers = table.first_age, table.known_to, table.has_customers
    for row in range(len(table.cohorts)):
        upto = min(int(known[row]), horizon)
        paths[row, : upto + 1] = table.mrr[row, : upto + 1, None]
        now = paths[row, upto]
        top = ceiling * table.mrr[row, first[row]] if np.isfinite(ceiling) else np.inf
        accounts = np.full(draws, max(float(table.effective[row, upto]), 1.0))
        ahead = horizon - upto
        wobble = noise * opposites(chance, ahead, draws) + shock[late[row] : late[row] + ahead]
        mean = np.exp(usual[upto:] + own[table.groups[row]] + wobble).clip(LOWEST_MEAN, HIGHEST_MEAN)
        for step in range(ahead):
            one, squared = fit.variance_at(upto + step), mean[step] ** 2
            ratio = mean[step] * _gamma(squared * accounts / one, chance)
            now = np.minimum(now * np.minimum(ratio, HIGHEST_RATIO), top)
            paths[row, upto + step + 1] = now
            # Single accounts that scatter leave revenue in fewer hands: (sum m)^2 / sum m^2 after the step.
            kept = squared / (squared + one) if has_customers else np.where(mean[step] < 1, mean[step], USUAL_SHRINKING)
            accounts = np.maximum(1.0, accounts * kept)
    mean = np.exp(usual + shock[:horizon]).clip(LOWEST_MEAN, HIGHEST_MEAN)
    typical = np.concatenate([np.ones((1, draws)), np.exp(np.cumsum(np.log(mean), axis=0))])
    return paths, np.minimum(typical, ceiling)


def _gamma(shape: Array, chance: np.random.Generator) -> Array:
    """Gamma numbers of mean 1; of large shapes as Wilson and Hilferty's cubes of normal ones, in opposite pairs."""
    if shape.min() < SMALL_SHAPE:
        return chance.standard_gamma(shape) / shape
    return np.asarray((1 - 1 / (9 * shape) + opposites(chance, 1, shape.size)[0] / (3 * np.sqrt(shape))) ** 3)


def _level_error(periods: int) -> float:
    """Error of a mean of so many shocks, beyond that of as many independent ones, in spreads of a shock."""
    apart = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    return float(np.sqrt((PERSISTENCE**apart).mean() - 1 / periods))


def _shocks(last: Array, calendar: Array, periods: int, chance: np.random.Generator) -> Array:
    """What the calendar periods ahead add to log NRR, periods x draws: the rest of the last shock, and new ones."""
    fresh = np.sqrt(1 - PERSISTENCE**2) * calendar * opposites(chance, periods, last.size)
    shocks, now = np.empty(fresh.shape), last
    for ahead in range(periods):
        now = PERSISTENCE * now + fresh[ahead]
        shocks[ahead] = now
    return shocks
