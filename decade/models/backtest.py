"""The back-test: hide the latest periods, forecast them from what was known, and score every model on the same cells.

Rolling origin: for every cut that leaves two periods to learn from, everything is fitted again on what was known then,
dispersion and credibility included, and forecast 1, 2, 3 and 5 periods ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.engine import ALL, learn, simulate
from decade.models.life_table import Array, LifeTable, Whole, life_tables
from decade.models.logos import BACK_TEST_HORIZONS, BASELINES, FEWEST_PERIODS
from decade.models.revenue import fit_revenue, simulate_revenue
from decade.models.revenue_baselines import REVENUE_BASELINES
from decade.models.revenue_table import RevenueTable, revenue_table
from decade.models.survival import Z80

ENGINE = "engine"
WIDENINGS = (1.0, 1.5, 2.0)
POOR_COVERAGE, FEWEST_CELLS = 0.65, 20
FEWEST_CUTS = 3
COLUMNS = ("term_months", "model", "cut", "horizon", "cohort", "actual", "forecast", "low", "high", "crps", "rank")


@dataclass(frozen=True)
class BackTest:
    """What the models would have said, and how it came out.

    `rows`: term_months, model, cut (last period known), horizon (years ahead; terms, where longer), cohort (empty: all
        together), actual, forecast, low, high (80 %; of a baseline, the chance of single accounts alone), crps, rank
        (share of draws below what came). Accounts, or MRR.
    `scores`: term_months, model, horizon, cells, wape, bias (above 0: too high), coverage (of the 80 % interval), crps
        (as a share of what came), total_error (mean absolute error of the total, as a share).
    `calibration`: by how much the projection should widen what the model may be wrong by: 1, 1.5 or 2.
    `longest`: the longest horizon that could be tested. `notes`: sentences for the page; a baseline that wins is named.
    """

    rows: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame
    calibration: float
    longest: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Forecast:
    """One cut: cohorts, their last age known, what they came to by age, the engine's paths at `ages`, and forecasts.

    `interval`: the 80 % interval of point forecasts for some cohorts, so many steps ahead, by the chance of single
    accounts alone.
    """

    cohorts: tuple[str, ...]
    known: Whole
    actual: Array
    paths: Array
    ages: Whole
    points: Mapping[str, Array]
    interval: Callable[[Array, Whole, int], tuple[Array, Array]]


def back_test(
    data: pd.DataFrame | LifeTable | RevenueTable,
    horizons: Sequence[int] = BACK_TEST_HORIZONS,
    *,
    seed: int = 0,
    draws: int = 500,
    pieces: Collection[str] = ALL,
    is_calibrated: bool = True,
) -> BackTest:
    """Back-test a life-table frame (each contract term on its own), a revenue frame, or a table of either kind.

    Refused when no cut leaves two periods to learn from and one to forecast.
    """
    tables = _tables(data)
    rows, calibration, covered = pd.DataFrame(columns=COLUMNS), WIDENINGS[0], 0.0
    for calibration in WIDENINGS if is_calibrated else WIDENINGS[:1]:
        is_first = calibration == WIDENINGS[0]
        found = [row for table in tables for row in _rows(table, horizons, seed, draws, pieces, calibration, is_first)]
        fresh = pd.DataFrame(found, columns=COLUMNS)
        # Baselines do not know of calibration: they are asked once.
        rows = fresh if is_first else pd.concat([fresh, rows[rows["model"] != ENGINE]], ignore_index=True)
        cells = rows[(rows["model"] == ENGINE) & (rows["cohort"] != "")]
        if cells.empty:
            raise Refused(
                f"a back-test needs {FEWEST_PERIODS} periods to learn from and one to forecast",
                where="back-test",
                do="Wait for another period, or widen the selection.",
            )
        covered = float(_is_covered(cells).mean())
        if len(cells) < FEWEST_CELLS or covered >= POOR_COVERAGE:
            break
    notes = list(_winners(rows))
    if calibration > 1:
        notes.append(
            "The 80 % intervals were too narrow on this data; what the model may be wrong by is widened "
            f"{calibration:g} times, and {covered:.0%} of what came then lies inside."
        )
    return BackTest(rows, _scores(rows), calibration, int(rows["horizon"].max()), tuple(notes))


def _tables(data: pd.DataFrame | LifeTable | RevenueTable) -> Sequence[LifeTable | RevenueTable]:
    if isinstance(data, pd.DataFrame):
        return life_tables(data) if "term_months" in data.columns else (revenue_table(data),) if len(data) else ()
    return (data,)


def _rows(
    table: LifeTable | RevenueTable,
    horizons: Sequence[int],
    seed: int,
    draws: int,
    pieces: Collection[str],
    widening: float,
    has_baselines: bool,
) -> Iterator[tuple[object, ...]]:
    term = table.term_months if isinstance(table, LifeTable) else 0
    step = table.decisions_a_step if isinstance(table, LifeTable) else 1
    for cut in range(table.last_period - step, table.first_period + FEWEST_PERIODS * step - 1, -step):
        aheads = [each * step for each in horizons]
        reach = max((ahead for ahead in aheads if cut + ahead <= table.last_period), default=0)
        try:
            if isinstance(table, LifeTable):
                forecast = _logo_forecast(table, cut, reach, aheads, seed + cut, draws, pieces, widening, has_baselines)
            else:
                forecast = _revenue_forecast(table, cut, reach, seed + cut, draws, widening, has_baselines)
        except Refused:  # too little was known then
            continue
        for ahead in aheads:
            for row in _scored(forecast, ahead):
                yield term, row[0], cut, ahead // step, *row[1:]


def _logo_forecast(
    table: LifeTable,
    cut: int,
    reach: int,
    aheads: Sequence[int],
    seed: int,
    draws: int,
    pieces: Collection[str],
    widening: float,
    has_baselines: bool,
) -> _Forecast:
    known = table.until(cut)
    if known.too_short:
        raise Refused(known.too_short)
    place = [table.cohorts.index(name) for name in known.cohorts]
    full = table.of(np.array(place, dtype=np.int64))
    horizon = int(known.known_to.max()) + reach
    fit = learn(known, horizon, pieces=pieces, calibration=widening)
    ages = np.unique(np.minimum(known.known_to[:, None] + np.array(aheads), horizon))
    paths = simulate(fit, horizon, draws, seed, ages).cohorts
    at_risk, lost = known.at_risk.sum(axis=0), known.lost.sum(axis=0)
    first = known.at_risk[np.arange(len(place)), np.minimum(known.first_age, known.at_risk.shape[1] - 1)]
    size = np.where(np.isnan(known.started), first, known.started)
    actual = np.full((len(place), horizon + 1), np.nan)
    for row, (begin, end) in enumerate(zip(full.first_age, full.known_to, strict=True)):
        stays = 1 - full.lost[row, begin:end] / np.maximum(full.at_risk[row, begin:end], 1.0)
        share = np.concatenate([[1.0], np.cumprod(stays)])[: max(horizon + 1 - begin, 0)]
        actual[row, begin : begin + share.size] = size[row] * share
    points = {}
    for model in BASELINES if has_baselines else ():
        try:
            curve = model(at_risk, lost)
        except Refused:
            continue
        points[curve.name] = _carried(actual, known.known_to, np.tile(1 - curve.hazard(horizon), (len(place), 1)))
    now = np.nan_to_num(actual[np.arange(len(place)), known.known_to])

    def interval(point: Array, rows: Whole, ahead: int) -> tuple[Array, Array]:  # noqa: ARG001  (a share says enough)
        left = np.rint(now[rows])
        share = np.clip(point / np.maximum(now[rows], 1e-9), 0.0, 1.0)
        from scipy.stats import binom  # takes a second to load: only where a back-test is made

        return binom.ppf(0.1, left, share), binom.ppf(0.9, left, share)

    return _Forecast(known.cohorts, known.known_to, actual, size[:, None, None] * paths, ages, points, interval)


def _revenue_forecast(
    table: RevenueTable, cut: int, reach: int, seed: int, draws: int, widening: float, has_baselines: bool
) -> _Forecast:
    known = table.until(cut)
    horizon = int(known.known_to.max()) + reach
    paths, _ = simulate_revenue(fit_revenue(known), horizon, draws, seed, widening=widening)
    place = [table.cohorts.index(name) for name in known.cohorts]
    actual = np.full((len(place), horizon + 1), np.nan)
    upto = min(horizon + 1, table.mrr.shape[1])
    actual[:, :upto] = table.mrr[place, :upto]
    points = {
        name: _carried(actual, known.known_to, np.tile(factors(known.mrr, horizon), (len(place), 1)))
        for name, factors in REVENUE_BASELINES.items()
        if has_baselines
    }
    variance = known.next_variance()

    def interval(point: Array, rows: Whole, ahead: int) -> tuple[Array, Array]:
        spread = Z80 * np.sqrt(ahead * variance[rows])
        return point * np.exp(-spread), point * np.exp(spread)

    return _Forecast(known.cohorts, known.known_to, actual, paths, np.arange(horizon + 1), points, interval)


def _carried(actual: Array, known: Whole, step: Array) -> Array:
    """Point forecasts: the last level known times what each step keeps of it."""
    age = np.arange(actual.shape[1])[None, :]
    factor = np.where(age[:, 1:] > known[:, None], step, 1.0)
    last = np.nan_to_num(actual[np.arange(known.size), known])
    return np.asarray(last[:, None] * np.cumprod(np.column_stack([np.ones(known.size), factor]), axis=1))


def _scored(forecast: _Forecast, ahead: int) -> Iterator[tuple[object, ...]]:
    row = np.arange(forecast.known.size)
    age = forecast.known + ahead
    inside = np.flatnonzero(age < forecast.actual.shape[1])
    now = forecast.actual[row, forecast.known]
    row = np.array([k for k in inside if not np.isnan(forecast.actual[k, age[k]]) and now[k] > 0], dtype=np.int64)
    if not row.size:
        return
    actual, drawn = forecast.actual[row, age[row]], forecast.paths[row, np.searchsorted(forecast.ages, age[row])]
    each = [(forecast.cohorts[k], float(actual[i]), drawn[i]) for i, k in enumerate(row)]
    for name, came, sample in [*each, ("", float(actual.sum()), drawn.sum(axis=0))]:
        low, median, high = np.quantile(sample, (0.1, 0.5, 0.9))
        rank = float(np.mean(sample < came) + 0.5 * np.mean(sample == came))
        yield ENGINE, name, came, float(median), float(low), float(high), crps(sample, came), rank
    for model, points in forecast.points.items():
        point = points[row, age[row]]
        low, high = (bound.tolist() for bound in forecast.interval(point, row, ahead))
        for i, k in enumerate(row):
            yield model, forecast.cohorts[k], float(actual[i]), float(point[i]), low[i], high[i], np.nan, np.nan
        yield model, "", float(actual.sum()), float(point.sum()), np.nan, np.nan, np.nan, np.nan


def crps(sample: Array, came: float) -> float:
    """Continuous ranked probability score of a sample, in the unit of the value; smaller is better."""
    ordered = np.sort(sample)
    weight = 2 * np.arange(1, ordered.size + 1) - ordered.size - 1
    return float(np.abs(ordered - came).mean() - (weight * ordered).sum() / ordered.size**2)


def coverage_of(found: BackTest) -> float:
    """Share of what came that lay inside the engine's 80 % interval, over all cohorts, cuts and horizons."""
    return float(_is_covered(found.rows[(found.rows["model"] == ENGINE) & (found.rows["cohort"] != "")]).mean())


def _is_covered(rows: pd.DataFrame) -> pd.Series[bool]:
    return (rows["actual"] >= rows["low"] - 1e-9) & (rows["actual"] <= rows["high"] + 1e-9)


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    scored = []
    for (term, model, ahead), found in rows.groupby(["term_months", "model", "horizon"], sort=True):
        cells, totals = found[found["cohort"] != ""], found[found["cohort"] == ""]
        came, error = cells["actual"].sum(), cells["forecast"] - cells["actual"]
        is_engine = model == ENGINE
        scored.append(
            {
                "term_months": term,
                "model": model,
                "horizon": ahead,
                "cells": len(cells),
                "wape": error.abs().sum() / came if came > 0 else np.nan,
                "bias": error.sum() / came if came > 0 else np.nan,
                "coverage": _is_covered(cells).mean(),
                "crps": cells["crps"].sum() / came if is_engine and came > 0 else np.nan,
                "total_error": (
                    (totals["forecast"] - totals["actual"]).abs() / totals["actual"].where(lambda y: y > 0)
                ).mean(),
            }
        )
    return pd.DataFrame(scored)


def _winners(rows: pd.DataFrame) -> Iterator[str]:
    """A sentence per model that beats the engine by over a standard error (over cuts), at its longest such horizon."""
    cells = rows[rows["cohort"] != ""].assign(error=lambda row: (row["forecast"] - row["actual"]).abs())
    for _, found in cells.groupby("term_months"):
        term = int(found["term_months"].iloc[0])
        summed = found.groupby(["horizon", "cut", "model"])[["error", "actual"]].sum()
        by_cut = (summed["error"] / summed["actual"].where(summed["actual"] > 0)).unstack("model")
        for model in by_cut.columns.drop(ENGINE):
            for ahead in sorted(set(by_cut.index.get_level_values("horizon")), reverse=True):
                pair = by_cut.loc[ahead, [ENGINE, model]].dropna()
                gain = pair[ENGINE] - pair[model]
                if len(pair) >= FEWEST_CUTS and gain.mean() > gain.std(ddof=1) / np.sqrt(len(pair)):
                    steps = f"{ahead} {'year' if term <= 12 else 'term'}{'s' if ahead > 1 else ''} ahead"
                    which = f", {term}-month contracts" if term else ""
                    yield (
                        f"{steps}{which}: {model} beats the engine on this data: it is wrong by "
                        f"{pair[model].mean():.1%}, the engine by {pair[ENGINE].mean():.1%}, "
                        "every past moment counted alike."
                    )
                    break
