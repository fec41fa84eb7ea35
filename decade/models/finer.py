"""The same fit read in other cohorts: those of a quarter or a month, or all the accounts of a segment.

Everything is learned from yearly cohorts, as the yearly projection does; nothing is fitted again. A cohort of a quarter
or a month shares what sets its year apart, and is simulated with its own number of accounts. A group (a segment, a
plan) differs from the pooled curve by one factor, believed as far as its own losses go: Bühlmann's credibility for
accounts, for revenue a common addition to log NRR.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from decade.models.credibility import believed
from decade.models.engine import ALL, Fit, draw_steps
from decade.models.life_table import Array, Whole, life_tables
from decade.models.logos import HORIZON, believed_hazard, decisions, learn_each, simulated, tested_months, together
from decade.models.revenue import ALL_REVENUE, fit_revenue, simulate_revenue
from decade.models.revenue_projection import tested_years
from decade.models.revenue_table import RevenueTable, revenue_table

SEPARATOR = "\x1f"
DRAWS = 200
NEW_ACCOUNTS = 1.0


@dataclass(frozen=True)
class Ahead:
    """Paths of cohorts or groups: names, shares (names x ages x draws) and how many ages ahead a back-test reaches.

    `oldest`: of groups, the oldest age observed in each, in years.
    `money`: of groups, MRR times months over the horizon (groups x draws), and `money_seen` the part already observed.
    """

    names: tuple[str, ...]
    paths: Array = field(repr=False)
    tested: int
    oldest: tuple[int, ...] = ()
    money: Array | None = field(default=None, repr=False)
    money_seen: Array | None = field(default=None, repr=False)


def logo_cohorts(
    yearly: pd.DataFrame,
    finer: pd.DataFrame,
    age_months: int,
    *,
    horizon: int = HORIZON,
    seed: int = 0,
    draws: int = DRAWS,
    pieces: Collection[str] = ALL,
    calibration: float = 1.0,
) -> Ahead:
    """Cohorts of a month or a quarter, whose names begin with their year; ages of `age_months` over `horizon` years.

    Takes two life-table frames of the same accounts.
    """
    months = 12 * horizon
    fits = learn_each(life_tables(yearly), months, pieces=pieces, calibration=calibration)
    tables = life_tables(finer)
    paths = []
    for place, (fit, table) in enumerate(zip(fits, tables, strict=True)):
        years = {name: row for row, name in enumerate(fit.table.cohorts)}
        family = np.array([years[name[:4]] for name in table.cohorts], dtype=np.int64)
        finely = replace(fit, table=table, family=family)
        paths.append(simulated(finely, months // age_months, age_months, draws, seed + place))
    found = together(tables, paths, months // age_months, age_months)
    return Ahead(found.names, found.shares, tested_months(fits) // age_months)


def logo_groups(
    frame: pd.DataFrame,
    age_months: int,
    *,
    horizon: int = HORIZON,
    seed: int = 0,
    draws: int = DRAWS,
    pieces: Collection[str] = ALL,
    calibration: float = 1.0,
) -> Ahead:
    """The typical cohort of each `slice` of a life-table frame; without the chance of single accounts."""
    months = 12 * horizon
    keys = ["cohort", "term_months", "age", "period"]
    yearly = frame.groupby(keys, as_index=False)[["at_risk", "lost"]].sum()
    fits = learn_each(life_tables(yearly), months, pieces=pieces, calibration=calibration)
    names = tuple(sorted(frame["slice"].astype(str).unique()))
    step = np.arange(months // age_months + 1) * age_months
    shares, size = np.zeros((len(names), step.size, draws)), np.zeros(len(names))
    for place, fit in enumerate(fits):
        rows = frame[frame["term_months"] == fit.table.term_months]
        started, curves = _group_curves(fit, rows, names, months, draws, np.random.default_rng(seed + place))
        shares += started[:, None, None] * curves[:, step // fit.table.term_months]
        size += started
    seen = frame[frame["at_risk"] > 0]
    oldest = (seen["age"] * seen["term_months"]).groupby(seen["slice"].astype(str)).max().reindex(names, fill_value=0)
    paths = shares / np.where(size > 0, size, np.nan)[:, None, None]
    return Ahead(names, paths, tested_months(fits) // age_months, tuple((oldest // 12).astype(int)))


def _group_curves(
    fit: Fit, rows: pd.DataFrame, names: Sequence[str], months: int, draws: int, chance: np.random.Generator
) -> tuple[Array, Array]:
    """Accounts that each group began with, and its share left after each decision: groups x decisions x draws."""
    place = {name: row for row, name in enumerate(names)}
    at = rows["slice"].astype(str).map(place).to_numpy(np.int64)
    oldest = max(fit.table.oldest, 1)
    age = rows["age"].to_numpy(np.int64)
    counts = np.zeros((3, len(names), oldest + 1))
    np.add.at(counts[0], (at, age), rows["at_risk"].to_numpy(float))
    np.add.at(counts[1], (at, age), rows["lost"].to_numpy(float))
    hazard = believed_hazard(fit)[:oldest]
    expected = (counts[0][:, 1 : hazard.size + 1] * hazard).sum(axis=1)
    margin = believed(counts[1][:, 1:].sum(axis=1), expected, fit.effects.cohorts.dispersion)
    factors = margin.draw(draws, chance) if len(names) > 1 else np.ones((len(names), draws))
    steps, shocks = draw_steps(fit, decisions(fit.table, months), draws, chance)
    summed = np.concatenate([np.zeros((1, draws)), np.cumsum(steps * shocks, axis=0)])
    return counts[0].max(axis=1), np.exp(-summed[None] * factors[:, None, :])


def revenue_cohorts(
    yearly: pd.DataFrame,
    finer: pd.DataFrame,
    age_months: int,
    *,
    horizon: int = HORIZON,
    seed: int = 0,
    draws: int = DRAWS,
    is_gross: bool = False,
    pieces: Collection[str] = ALL_REVENUE,
    calibration: float = 1.0,
) -> Ahead:
    """The same for MRR, from two revenue frames whose ages are years; between two years a path is a straight line."""
    whole = revenue_table(yearly)
    fit = fit_revenue(whole, pieces=pieces)
    years = {name: row for row, name in enumerate(whole.cohorts)}
    table = revenue_table(finer)
    # A year whose cohort is not wholly seen yet has no row of its own: it is like a new one.
    kept = np.array([row for row, name in enumerate(table.cohorts) if name[:4] in years], dtype=np.int64)
    table = _rows(table, kept, np.array([years[table.cohorts[row][:4]] for row in kept], dtype=np.int64))
    levels, _ = simulate_revenue(
        replace(fit, table=table), horizon, draws, seed, 1.0 if is_gross else np.inf, calibration
    )
    return Ahead(table.cohorts, _between(levels, 12 // age_months), tested_years(whole) * 12 // age_months)


def revenue_groups(
    frame: pd.DataFrame,
    age_months: int,
    *,
    horizon: int = HORIZON,
    seed: int = 0,
    draws: int = DRAWS,
    is_gross: bool = False,
    pieces: Collection[str] = ALL_REVENUE,
    calibration: float = 1.0,
) -> Ahead:
    """The typical cohort of each `slice` of a revenue frame, and the money of all its cohorts over the horizon."""
    names = tuple(sorted(frame["slice"].astype(str).unique()))
    place = {name: row for row, name in enumerate(names)}
    named = frame.assign(cohort=frame["slice"].astype(str) + SEPARATOR + frame["cohort"].astype(str))
    latest = named.sort_values("age").groupby("cohort").tail(1)
    heads = latest.groupby("slice")[["mrr", "mrr_squared_sum"]].sum()
    accounts = (heads["mrr"] ** 2 / heads["mrr_squared_sum"].where(heads["mrr_squared_sum"] > 0)).fillna(NEW_ACCOUNTS)
    typical = pd.DataFrame(
        {
            "cohort": [f"{name}{SEPARATOR}" for name in names],
            "age": 0,
            "accounts": 1,
            "mrr": 1.0,
            "mrr_squared_sum": [1.0 / max(float(accounts.get(name, NEW_ACCOUNTS)), 1.0) for name in names],
            "period": int(frame["period"].max()),
        }
    )
    table = revenue_table(pd.concat([named.drop(columns="slice"), typical], ignore_index=True))
    family = np.array([place[name.split(SEPARATOR)[0]] for name in table.cohorts], dtype=np.int64)
    table = replace(table, family=family)
    fit = fit_revenue(table, pieces=pieces)
    levels, _ = simulate_revenue(fit, horizon, draws, seed, 1.0 if is_gross else np.inf, calibration)
    is_new = np.array([name.endswith(SEPARATOR) for name in table.cohorts])
    money, seen = np.zeros((len(names), draws)), np.zeros(len(names))
    span = np.arange(horizon)
    for row in np.flatnonzero(~is_new):
        paid = 12 * np.nan_to_num(levels[row, :horizon])
        money[family[row]] += paid.sum(axis=0)
        seen[family[row]] += paid[span <= table.known_to[row]].mean(axis=1).sum()
    order = np.flatnonzero(is_new)
    oldest = tuple(int(table.known_to[~is_new & (family == row)].max(initial=0)) for row in range(len(names)))
    paths = _between(levels[order], 12 // age_months)
    return Ahead(names, paths, tested_years(table) * 12 // age_months, oldest, money, seen)


def _rows(table: RevenueTable, rows: Whole, family: Whole) -> RevenueTable:
    return RevenueTable(
        tuple(table.cohorts[row] for row in rows),
        table.mrr[rows],
        table.effective[rows],
        table.growth_product[rows],
        table.start[rows],
        family,
        None if table.largest is None else table.largest[rows],
    )


def _between(paths: Array, steps: int) -> Array:
    """Ages in years with `steps` ages a year, on straight lines."""
    if steps == 1:
        return paths
    age = np.arange((paths.shape[1] - 1) * steps + 1) / steps
    before = np.minimum(age.astype(np.int64), paths.shape[1] - 2)
    weight = (age - before)[None, :, None]
    return np.asarray((1 - weight) * paths[:, before] + weight * paths[:, before + 1])
