"""Projection of logo retention: every cohort and the pooled line to ten years, contract terms kept apart inside.

Takes the life-table frame described in `life_table`. Each contract term is fitted and simulated on its own, in
renewal decisions; cohorts are then put together on one axis of age.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.beta_geometric import beta_discrete_weibull, shifted_beta_geometric
from decade.models.engine import ALL, Fit, Paths, learn, simulate
from decade.models.life_table import Array, LifeTable, Whole, life_tables
from decade.models.projection import Projection, cell_rows, pooled_rows, short_history
from decade.models.survival import constant_rate, kaplan_meier, kaplan_meier_tail

HORIZON = 10
BACK_TEST_HORIZONS = (1, 2, 3, 5)
FEWEST_PERIODS = 2
BASELINES = (constant_rate, kaplan_meier_tail, shifted_beta_geometric, beta_discrete_weibull)


def project_logos(
    life_table: pd.DataFrame | Sequence[LifeTable],
    horizon: int = HORIZON,
    *,
    seed: int = 0,
    draws: int = 1000,
    pieces: Collection[str] = ALL,
    age_months: int = 12,
    calibration: float = 1.0,
) -> Projection:
    """Shares of accounts left at age 0 to `horizon`, ages of `age_months` months, with 80 % intervals.

    Refused when no contract term has history enough; a term that is too short beside one that is not keeps the
    prior, and a note says so. `calibration` is what the back-test found: above 1 widens what the model may be wrong by.
    """
    tables = life_tables(life_table) if isinstance(life_table, pd.DataFrame) else tuple(life_table)
    fits = learn_each(tables, horizon * age_months, pieces=pieces, calibration=calibration)
    paths = [simulated(fit, horizon, age_months, draws, seed + place) for place, fit in enumerate(fits)]
    short = [table.too_short for table in tables]
    return _put_together(fits, paths, horizon, age_months, [sentence for sentence in short if sentence])


def learn_each(
    tables: Sequence[LifeTable], months: int, *, pieces: Collection[str] = ALL, calibration: float = 1.0
) -> list[Fit]:
    """A fit per contract term, reaching so many months; refused when no term has history enough."""
    short = [table.too_short for table in tables]
    if all(short):
        raise Refused(
            next(iter(short), "there are no renewal decisions"), where="projection", do="Widen the selection."
        )
    return [learn(table, decisions(table, months), pieces=pieces, calibration=calibration) for table in tables]


def decisions(table: LifeTable, months: int) -> int:
    """Renewal decisions within so many months, the last begun one included."""
    return -(-months // table.term_months)


def simulated(fit: Fit, horizon: int, age_months: int, draws: int, seed: int) -> Paths:
    """Paths at age 0 to `horizon`, ages of `age_months` months: after the decisions that fell until then."""
    at = np.arange(horizon + 1) * age_months // fit.table.term_months
    return simulate(fit, decisions(fit.table, horizon * age_months), draws, seed, at)


@dataclass(frozen=True)
class Together:
    """Cohorts of all contract terms on one axis of age: shares left, accounts, first age seen and last age known."""

    names: tuple[str, ...]
    shares: Array
    size: Array
    first: Whole
    known: Whole


def together(tables: Sequence[LifeTable], paths: Sequence[Paths], horizon: int, age_months: int) -> Together:
    """Simulated shares of each term's cohorts, put together by accounts; paths as `simulated` gives them."""
    names = tuple(sorted({name for table in tables for name in table.cohorts}))
    row_of = {name: row for row, name in enumerate(names)}
    draws = paths[0].pooled.shape[1]
    size, shares = np.zeros(len(names)), np.zeros((len(names), horizon + 1, draws))
    first, known = np.zeros(len(names), dtype=np.int64), np.full(len(names), horizon)
    latest = max(table.last_period * table.term_months for table in tables)  # in months
    for table, found in zip(tables, paths, strict=True):
        at = np.array([row_of[name] for name in table.cohorts])
        started = accounts_of(table)
        size[at] += started
        shares[at] += started[:, None, None] * found.cohorts
        first[at] = np.maximum(first[at], -(-table.first_age * table.term_months // age_months))
        # Where nobody is left, nothing is to come.
        ended = np.where(table.open.any(axis=1), 0, latest // table.term_months - table.start)
        known[at] = np.minimum(
            known[at], ((np.maximum(table.known_to, ended) + 1) * table.term_months - 1) // age_months
        )
    shares /= np.where(size > 0, size, np.nan)[:, None, None]
    return Together(names, shares, size, first, known)


def tested_months(fits: Sequence[Fit]) -> int:
    """How far ahead a back-test reaches, in months, for all contract terms."""
    return min(longest_back_test(fit.table) * fit.table.term_months for fit in fits)


def longest_back_test(table: LifeTable) -> int:
    """The longest of the horizons 1, 2, 3 and 5 that can be hidden with two left to learn from, in decisions; or 0.

    A horizon is a year where terms are shorter, else a term.
    """
    step = table.decisions_a_step
    first = table.first_period + FEWEST_PERIODS * step
    cuts = {ahead: table.last_period - ahead * step for ahead in BACK_TEST_HORIZONS}
    told = (ahead for ahead, cut in cuts.items() if cut >= first and not table.until(cut).too_short)
    return step * max(told, default=0)


def _put_together(fits: list[Fit], paths: list[Paths], horizon: int, age_months: int, short: list[str]) -> Projection:
    found = together([fit.table for fit in fits], paths, horizon, age_months)
    pooled, seen, weights = np.zeros((horizon + 1, paths[0].pooled.shape[1])), [], []
    for fit, drawn in zip(fits, paths, strict=True):
        table = fit.table
        step = np.arange(horizon + 1) * age_months // table.term_months
        started = accounts_of(table).sum()
        pooled += started * drawn.pooled
        at_risk, lost = table.at_risk.sum(axis=0)[: table.oldest], table.lost.sum(axis=0)[: table.oldest]
        # Up to the first decision that nobody was seen to reach: the data may begin again at a later one.
        whole = int(np.argmin(np.append(at_risk, 0.0) > 0))
        reach = ((whole + 1) * table.term_months - 1) // age_months + 1
        seen.append(kaplan_meier(at_risk[:whole], lost[:whole])[0][step[:reach]])
        weights.append(started)
    pooled /= sum(weights)
    upto = min(each.size for each in seen)
    observed = sum(weight * each[:upto] for weight, each in zip(weights, seen, strict=True)) / sum(weights)
    tested = tested_months(fits) // age_months
    line = pooled_rows(observed, pooled, tested)
    oldest = max(fit.table.oldest * fit.table.term_months for fit in fits) // age_months
    notes = short_history(line, oldest, age_months)
    notes += [f"Kept at what is usual, with a wide range: {sentence}." for sentence in short]
    return Projection(
        kind="logo",
        age_months=age_months,
        cells=cell_rows(found.names, found.size, found.shares, found.first, found.known, tested),
        pooled=line,
        baselines=_baselines(fits, weights, horizon, age_months, notes),
        reasons=pd.concat([_reasons(fit) for fit in fits], ignore_index=True),
        ages=pd.concat([_ages(fit) for fit in fits], ignore_index=True),
        shocks=pd.concat([_shocks(fit) for fit in fits], ignore_index=True),
        parameters=pd.concat([_parameters(fit) for fit in fits], ignore_index=True),
        notes=tuple(dict.fromkeys(notes)),
        cohorts=found.names,
        oldest_age=oldest,
        tested_ahead=tested,
        paths=found.shares,
        pooled_paths=pooled,
    )


def accounts_of(table: LifeTable) -> Array:
    """Accounts of each cohort: those that began, or the most seen at once where some are older than the data."""
    return np.asarray(np.fmax(table.started, table.at_risk.max(axis=1, initial=0.0)))


def _baselines(fits: list[Fit], weights: list[float], horizon: int, age_months: int, notes: list[str]) -> pd.DataFrame:
    lines: dict[str, list[Array]] = {}
    for fit in fits:
        table = fit.table
        step = np.arange(horizon + 1) * age_months // table.term_months
        at_risk, lost = table.at_risk.sum(axis=0), table.lost.sum(axis=0)
        for model in BASELINES:
            try:
                curve = model(at_risk, lost)
            except Refused:
                continue
            lines.setdefault(curve.name, []).append(curve.survival(int(step[-1]))[step])
            if curve.note:
                notes.append(f"{curve.name[0].upper()}{curve.name[1:]}: {curve.note}.")
    rows = [
        pd.DataFrame(
            {"model": name, "age": np.arange(horizon + 1), "retention": np.average(found, axis=0, weights=weights)}
        )
        for name, found in lines.items()
        if len(found) == len(fits)
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["model", "age", "retention"])


def _reasons(fit: Fit) -> pd.DataFrame:
    """Columns: cohort, term_months, alive, lost, expected, ratio, credibility, factor, pooled_hazard, cohort_hazard.

    The hazards are those of the next decision.
    """
    table, margin = fit.table, fit.effects.cohorts
    following = np.minimum(table.known_to, fit.hazard.size - 1)
    usual = believed_hazard(fit)[following]
    expected = (
        margin.expected if margin.expected.any() else table.at_risk[:, : table.oldest] @ fit.hazard[: table.oldest]
    )
    lost = table.lost.sum(axis=1)
    factor = margin.factor if "cohorts" in fit.pieces else np.ones(len(table.cohorts))
    return pd.DataFrame(
        {
            "cohort": table.cohorts,
            "term_months": table.term_months,
            "alive": table.open.sum(axis=1),
            "lost": lost,
            "expected": expected,
            "ratio": lost / np.where(expected > 0, expected, np.nan),
            "credibility": margin.credibility,
            "factor": factor,
            "pooled_hazard": usual,
            "cohort_hazard": 1 - (1 - usual) ** factor,
        }
    )


def believed_hazard(fit: Fit) -> Array:
    """Pooled hazard of each decision, with what its age has shown."""
    believed = fit.hazard.copy()
    ages = fit.effects.ages.factor[: believed.size]
    believed[: ages.size] = 1 - np.power(1 - believed[: ages.size], ages)
    return believed


def _ages(fit: Fit) -> pd.DataFrame:
    """Columns: term_months, age (decision), at_risk, lost, observed, pooled, believed (after what the age shows)."""
    table, ages = fit.table, fit.hazard.size
    counts = np.zeros((2, ages))
    upto = min(ages, table.oldest)
    counts[:, :upto] = table.at_risk.sum(axis=0)[:upto], table.lost.sum(axis=0)[:upto]
    return pd.DataFrame(
        {
            "term_months": table.term_months,
            "age": np.arange(ages) + 1,
            "at_risk": counts[0],
            "lost": counts[1],
            "observed": counts[1] / np.where(counts[0] > 0, counts[0], np.nan),
            "pooled": fit.hazard,
            "believed": believed_hazard(fit),
        }
    )


def _shocks(fit: Fit) -> pd.DataFrame:
    """Columns: term_months, period, lost, expected, ratio, factor (what is believed of the ratio)."""
    margin = fit.effects.periods
    return pd.DataFrame(
        {
            "term_months": fit.table.term_months,
            "period": fit.effects.first_period + np.arange(margin.observed.size),
            "lost": margin.observed,
            "expected": margin.expected,
            "ratio": margin.observed / np.where(margin.expected > 0, margin.expected, np.nan),
            "factor": margin.factor,
        }
    )


def _parameters(fit: Fit) -> pd.DataFrame:
    points, weight, effects = fit.grid, fit.weight, fit.effects
    values: dict[str, tuple[float, str]] = {
        "first_churn": (float(fit.hazard[0]), "share that leaves at the first renewal"),
        "polarization": (float(weight @ points.polarization), "0: all accounts alike, 1: each leaves at once or never"),
        "shape": (float(weight @ points.shape), "above 1 an account's own risk grows with tenure"),
        "dispersion": (fit.dispersion, "scatter of the data as a multiple of chance alone"),
        "shock": (effects.shock, "spread of calendar shocks on the log hazard"),
        "persistence": (effects.persistence, "share of a shock left a period later"),
        "level_error": (fit.level_error, "what the mean of the shocks seen may be wrong by, on the log hazard"),
        "scatter": (effects.scatter, "spread of single cohorts from year to year beyond chance, on the log hazard"),
        "cohort_precision": (effects.cohorts.precision, "expected losses at which a cohort is believed by half"),
        "age_precision": (effects.ages.precision, "expected losses at which an age is believed by half"),
        "calibration": (fit.calibration, "widening of the discrepancy that the back-test asked for"),
    }
    rows = [(fit.table.term_months, name, value, meaning) for name, (value, meaning) in values.items()]
    return pd.DataFrame(rows, columns=["term_months", "name", "value", "meaning"])
