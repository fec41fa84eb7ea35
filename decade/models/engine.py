"""The logo engine: what will be left of each cohort after each renewal decision, as simulated counts.

Around the pooled curve (see `hazard_grid`) lie seven pieces, each of which can be switched off:

    duration     an account's own risk may change with tenure (off: shifted beta-geometric)
    dispersion   a posterior as wide as the scatter of the data asks for, not as chance alone would have it
    ages         a decision that is riskier than its neighbours is believed as far as its data goes
    cohorts      a cohort that is better or worse is believed as far as its data goes; a small one stays pooled
    calendar     shocks common to all cohorts of a calendar period: the curve is read net of them where there is more
                 than one cohort (with one, a year and an age are the same), as uncertain as the mean of the shocks
                 seen; half a shock is left a year later, and new ones are drawn for the years ahead
    scatter      single cohorts stray from year to year by more than chance, and will go on to: a factor of mean 1
    discrepancy  beyond the oldest decision the curve may be wrong: on the log hazard an offset N(0, (.6 / A)^2),
                 A the years seen, and a random walk of .08 a year

Accounts are then kept or lost by binomial draws, one from each age that is asked for to the next: given the hazards,
who is left after several decisions is binomial in the product of what each keeps. Hazards are multiplied on the
cumulative scale, -log(1 - h). What all cohorts share is drawn in opposite pairs, so that a median needs fewer draws.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from decade.models.credibility import Effects, dispersion, net_of_calendar, settle
from decade.models.draws import opposites
from decade.models.hazard_grid import Grid, grid_for
from decade.models.hazard_lattice import Peak, learned
from decade.models.life_table import Array, LifeTable, Whole
from decade.models.survival import hazards

PIECES = {
    "duration": "An account's own risk may change with tenure.",
    "dispersion": "The curve is as uncertain as the scatter of the data asks for.",
    "ages": "A renewal riskier than its neighbours is believed as far as its data goes.",
    "cohorts": "A better or worse cohort is believed as far as its data goes.",
    "calendar": "Shocks hit all cohorts of a calendar period; the curve is read net of them; half lasts a year on.",
    "scatter": "Single cohorts stray from year to year by more than chance, and will go on to.",
    "discrepancy": "Beyond the oldest renewal seen, the curve itself may be wrong.",
}
ALL = frozenset(PIECES)
OFFSET, WALK = 0.6, 0.08


@dataclass(frozen=True)
class Fit:
    """What the engine learned from one life table: posterior weights, mean hazard by decision, and the effects.

    `level_error`: what the whole curve may be wrong by on the log hazard, where it was read net of calendar shocks.
    `family`: for each cohort of `table` the row of `effects.cohorts` that it belongs to; its own row unless told.
    """

    table: LifeTable
    grid: Grid
    weight: Array
    hazard: Array
    dispersion: float
    effects: Effects
    level_error: float
    pieces: frozenset[str]
    calibration: float
    family: Whole | None = None


@dataclass(frozen=True)
class Paths:
    """Simulated shares of accounts left after each renewal decision; the last axis are the draws.

    `cohorts`: cohorts x decisions (from 0) x draws, the part that has been seen included, nan before it; of the
    accounts at the cohort's first age. `pooled`: decisions x draws, a new cohort's expected share, without the chance
    of single accounts.
    """

    cohorts: Array
    pooled: Array


def learn(
    table: LifeTable, horizon: int, *, pieces: Collection[str] = ALL, calibration: float = 1.0, seen: int | None = None
) -> Fit:
    """Fit the engine to a life table; `horizon` in renewal decisions. A table without any decision leaves the prior.

    `calibration` widens the discrepancy: 1 unless a back-test asked for more.
    """
    ages = table.oldest if seen is None else min(seen, table.oldest)
    tabulated = grid_for(table.term_months, max(horizon, ages, 1))
    at_risk, lost = table.at_risk[:, :ages].sum(axis=0), table.lost[:, :ages].sum(axis=0)
    is_alike, is_wider = "duration" not in pieces, "dispersion" in pieces

    def fitted(exposed: Array, scatter: float, near: Peak | None) -> tuple[Grid, Array, Peak | None, Array, Effects]:
        points, weight, peak = learned(tabulated, exposed, lost, scatter, is_alike=is_alike, near=near)
        hazard = hazards(points.mean_survival(weight, max(horizon, ages)))
        kinds = {name: name in pieces for name in ("cohorts", "ages", "calendar", "scatter")}
        return points, weight, peak, hazard, settle(table, hazard[:ages], **kinds)

    points, weight, peak, hazard, effects = fitted(at_risk, 1.0, None)
    is_net = "calendar" in pieces and len(table.cohorts) > 1 and ages > 0
    scatter = effects.dispersion if is_net else dispersion(table, hazard[:ages]) if ages else 1.0
    if is_net or (is_wider and scatter > 1):
        exposed = np.maximum(net_of_calendar(table, effects, ages), lost) if is_net else at_risk
        wider = max(scatter, 1.0) if is_wider else 1.0
        points, weight, _, hazard, effects = fitted(exposed, wider, peak and peak.wider(wider))
    level_error = effects.level_error if is_net else 0.0
    return Fit(table, points, weight, hazard, scatter, effects, level_error, frozenset(pieces), calibration)


def simulate(fit: Fit, horizon: int, draws: int, seed: int, at: Whole | None = None) -> Paths:
    """Draw the years ahead, `horizon` renewal decisions from the start of each cohort; the same under the same seed.

    `at`: the decisions to give, ascending, in place of all from 0 to `horizon`; fewer are quicker.
    """
    chance = np.random.default_rng(seed)
    steps, shocks = draw_steps(fit, horizon, draws, chance)
    asked = np.arange(horizon + 1) if at is None else at
    shown, place = np.unique(asked, return_inverse=True)
    pooled = np.exp(-_summed(steps, shocks, 0, np.append(0, shown)))
    cohorts = _shares(fit.table, _counts(fit, steps, shocks, shown, chance), shown)
    if shown.size == asked.size:
        return Paths(cohorts, pooled)
    return Paths(cohorts[:, place], pooled[place])


def draw_steps(fit: Fit, horizon: int, draws: int, chance: np.random.Generator) -> tuple[Array, Array]:
    """Cumulative-hazard steps of the pooled curve by decision, and factors of the periods ahead; both by draw."""
    return _steps(fit, horizon, draws, chance), _shocks(fit, horizon, draws, chance)


def _steps(fit: Fit, horizon: int, draws: int, chance: np.random.Generator) -> Array:
    """Cumulative-hazard steps of the pooled curve, decisions x draws."""
    steps = fit.grid.draw(fit.weight, draws, chance, horizon)
    seen = min(fit.effects.ages.observed.size, horizon)
    if "ages" in fit.pieces and seen > 1:
        steps[:seen] *= fit.effects.ages.draw(draws, chance, slice(seen))
    if fit.level_error:
        steps *= np.exp(fit.calibration * fit.level_error * opposites(chance, 1, draws))
    if "discrepancy" in fit.pieces and horizon > seen:
        years = fit.table.term_months / 12
        offset = OFFSET / max(fit.effects.ages.observed.size * years, 1.0) * opposites(chance, 1, draws)[0]
        walk = WALK * np.sqrt(years) * np.cumsum(opposites(chance, horizon - seen, draws), axis=0)
        steps[seen:] *= np.exp(fit.calibration * (offset + walk))
    return steps


def _shocks(fit: Fit, periods: int, draws: int, chance: np.random.Generator) -> Array:
    """Factors of the calendar periods ahead, periods x draws; all 1 when shocks are switched off."""
    spread, persistence = fit.calibration * fit.effects.shock, fit.effects.persistence
    if spread == 0:
        return np.ones((periods, draws))
    now = np.log(fit.effects.periods.draw(draws, chance, slice(-1, None))[0])
    fresh = spread * np.sqrt(1 - persistence**2) * opposites(chance, periods, draws)
    logs = np.empty((periods, draws))
    for ahead in range(periods):
        now = persistence * now + fresh[ahead]
        logs[ahead] = now
    return np.asarray(np.exp(logs - spread**2 / 2))


def _summed(steps: Array, shocks: Array, age: int, shown: Whole) -> Array:
    """Cumulative hazard from the first of the decisions `shown` (not before `age`) to each of the others, by draw."""
    begin, ends = int(shown[0]), shown[1:]
    product = steps[begin : shown[-1]] * shocks[begin - age : shown[-1] - age]
    if ends[0] > begin and ends.size == product.shape[0]:
        return np.asarray(np.cumsum(product, axis=0))
    edges = np.unique(np.append(begin, ends[ends < shown[-1]])) - begin
    parts = np.add.reduceat(product, edges, axis=0) if product.size else np.zeros((0, steps.shape[1]))
    summed = np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(parts, axis=0)])
    return np.asarray(summed[np.searchsorted(np.append(edges, shown[-1] - begin), ends - begin)])


def _counts(fit: Fit, steps: Array, shocks: Array, shown: Whole, chance: np.random.Generator) -> Array:
    """Accounts left, cohorts x decisions `shown` x draws: those seen to stay, and those simulated to."""
    table, (horizon, draws) = fit.table, steps.shape
    survivors = table.survivors
    seen = np.zeros((len(table.cohorts), shown.size))
    is_known = shown < survivors.shape[1]
    seen[:, is_known] = survivors[:, shown[is_known]]
    counts = np.repeat(seen[:, :, None], draws, axis=2)
    has_factor = "cohorts" in fit.pieces and fit.effects.cohorts.observed.size > 1
    factors = (
        fit.effects.cohorts.draw(draws, chance) if has_factor else np.ones((fit.effects.cohorts.observed.size, draws))
    )
    factors = factors if fit.family is None else factors[fit.family]
    strays = fit.calibration * fit.effects.scatter
    waiting = np.rint(table.open[:, :horizon]).astype(np.int64)
    for age in np.flatnonzero(waiting.any(axis=0)):
        ahead = np.flatnonzero(shown > age)
        if not ahead.size:
            continue
        summed = _summed(steps, shocks, int(age), np.append(age, shown[ahead]))
        each = np.diff(summed, axis=0, prepend=0.0)
        # Over several decisions what strays evens out.
        spread = strays / np.sqrt(np.diff(shown[ahead], prepend=age))[:, None]
        for cohort in np.flatnonzero(waiting[:, age]):
            own = each * np.exp(spread * chance.standard_normal(each.shape) - spread**2 / 2) if strays else each
            kept = np.exp(-own * factors[cohort])
            left = np.full(draws, waiting[cohort, age])
            for place, share in zip(ahead, kept, strict=True):
                left = chance.binomial(left, share)
                counts[cohort, place] += left
    return counts


def _shares(table: LifeTable, counts: Array, shown: Whole) -> Array:
    """Counts as shares of the cohort at its first age: the product-limit estimate, then what is left of it."""
    shares, waiting = np.full(counts.shape, np.nan), table.open
    for row, (first, known) in enumerate(zip(table.first_age, table.known_to, strict=True)):
        lost, at_risk = table.lost[row, first:known], table.at_risk[row, first:known]
        seen = np.concatenate([[1.0], np.cumprod(1 - lost / np.maximum(at_risk, 1.0))])
        inside, beyond = (shown >= first) & (shown <= known), shown > known
        shares[row, inside] = seen[shown[inside] - first, None]
        alive = waiting[row, known] + (table.at_risk[row, known] if known < table.at_risk.shape[1] else 0.0)
        shares[row, beyond] = seen[-1] * counts[row, beyond] / alive if alive > 0 else 0.0
    return shares
