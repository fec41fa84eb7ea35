"""Projection of revenue retention, net or gross: every cohort and the pooled line to ten years.

Takes the frame described in `revenue_table`.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from decade.models.life_table import Array
from decade.models.logos import BACK_TEST_HORIZONS, FEWEST_PERIODS, HORIZON
from decade.models.projection import Projection, cell_rows, pooled_rows, short_history
from decade.models.revenue import ALL_REVENUE, LONG_RUN, PERSISTENCE, RevenueFit, fit_revenue, simulate_revenue
from decade.models.revenue_baselines import REVENUE_BASELINES
from decade.models.revenue_table import RevenueTable, revenue_table
from decade.models.triangle import link_ratios


def project_revenue(
    revenue: pd.DataFrame | RevenueTable,
    horizon: int = HORIZON,
    *,
    seed: int = 0,
    draws: int = 1000,
    is_gross: bool = False,
    pieces: Collection[str] = ALL_REVENUE,
    long_run: float = LONG_RUN[0],
    age_months: int = 12,
    calibration: float = 1.0,
) -> Projection:
    """MRR at age 0 to `horizon` as a share of each cohort's first MRR, with 80 % intervals.

    `is_gross`: no cohort ever exceeds its start. `long_run`: where log NRR tends to before the data is looked at; a
    user who believes in lasting expansion moves it. Refused with NRR of fewer than two periods. A cohort without MRR
    at its first age is left out.
    """
    table = revenue if isinstance(revenue, RevenueTable) else revenue_table(revenue)
    fit = fit_revenue(table, long_run, pieces)
    ceiling = 1.0 if is_gross else np.inf
    levels, pooled = simulate_revenue(fit, horizon, draws, seed, ceiling, calibration)
    first, known = table.first_age, table.known_to
    base = table.mrr[np.arange(first.size), first]
    used = np.flatnonzero((base > 0) & (first <= horizon))
    names, paths = tuple(table.cohorts[row] for row in used), levels[used] / base[used, None, None]
    tested = tested_years(table)
    factor, _, volume = link_ratios(table.mrr)
    seen = int(np.flatnonzero(volume > 0)[-1]) + 1
    has_all = not np.isnan(factor[:seen]).any()
    observed = np.cumprod(np.concatenate([[1.0], factor[:seen]])) if has_all else np.ones(1)
    line = pooled_rows(observed, pooled, tested)
    notes = short_history(line, seen, age_months)
    if np.median(pooled[-1]) > 1 and not is_gross:
        years = horizon * age_months / 12
        notes.append(f"The typical cohort is expected to be worth more in year {years:g} than at its start.")
    return Projection(
        kind="gross" if is_gross else "net",
        age_months=age_months,
        cells=cell_rows(names, base[used], paths, first[used], known[used], tested),
        pooled=line,
        baselines=_baselines(table, horizon),
        reasons=_reasons(fit).iloc[used].reset_index(drop=True),
        ages=_ages(fit, factor, volume),
        shocks=_shocks(fit),
        parameters=_parameters(fit, calibration),
        notes=tuple(notes),
        cohorts=names,
        oldest_age=seen,
        tested_ahead=tested,
        paths=paths,
        pooled_paths=pooled,
    )


def tested_years(table: RevenueTable) -> int:
    """How many years ahead a back-test reaches; 0 when there is none."""
    periods = table.last_period - table.first_period
    return max((ahead for ahead in BACK_TEST_HORIZONS if periods - ahead >= FEWEST_PERIODS), default=0)


def _baselines(table: RevenueTable, horizon: int) -> pd.DataFrame:
    rows = [
        pd.DataFrame(
            {
                "model": name,
                "age": np.arange(horizon + 1),
                "retention": np.cumprod(np.concatenate([[1.0], factors(table.mrr, horizon)])),
            }
        )
        for name, factors in REVENUE_BASELINES.items()
    ]
    return pd.concat(rows, ignore_index=True)


def _usual(fit: RevenueFit, ages: int) -> Array:
    """Pooled NRR of each age, without what sets ages, cohorts and calendar periods apart."""
    age = np.arange(ages)
    logs = [part.growth[0] + part.growth[1] * part.damping**age for part in fit.components]
    return np.asarray(np.exp(fit.weights @ np.array(logs)))


def _believed(fit: RevenueFit, ages: int) -> Array:
    """Pooled NRR of each age, with what the age has shown."""
    believed, shown = _usual(fit, ages), fit.age_effects[:ages]
    believed[: shown.size] *= np.exp(shown)
    return believed


def _reasons(fit: RevenueFit) -> pd.DataFrame:
    """Columns: cohort, mrr, effective_accounts, ratio, credibility, factor, pooled_nrr and cohort_nrr of the next age.

    `ratio`: how the cohort's NRR so far compares with the pooled one, geometric mean over its ages; `factor`: what is
    believed of it, each year.
    """
    table = fit.table
    row, known = np.arange(len(table.cohorts)), table.known_to
    usual = _believed(fit, table.mrr.shape[1])
    now, later = table.mrr[:, :-1], table.mrr[:, 1:]
    is_link = (now > 0) & (later > 0)
    own = np.log(np.where(is_link, later, 1.0) / np.where(is_link, now, 1.0)) - np.log(usual[:-1])
    variance = fit.customer_variance[:-1]
    weight = np.where(is_link, np.maximum(np.nan_to_num(table.effective[:, :-1]), 1.0) / variance, 0.0)
    total = weight.sum(axis=1)
    mean = np.where(is_link, own * weight, 0.0).sum(axis=1) / np.where(total > 0, total, np.nan)
    spread = np.array([part.spreads.cohort for part in fit.components])[:, None] ** 2
    credibility = fit.weights @ (spread * total / (spread * total + 1))
    factor = np.exp(fit.cohort_effects)
    return pd.DataFrame(
        {
            "cohort": table.cohorts,
            "mrr": table.mrr[row, known],
            "effective_accounts": table.effective[row, known],
            "ratio": np.exp(mean),
            "credibility": credibility,
            "factor": factor,
            "pooled_nrr": usual[known],
            "cohort_nrr": usual[known] * factor,
        }
    )


def _ages(fit: RevenueFit, factor: Array, volume: Array) -> pd.DataFrame:
    """Columns: age (at the end of the step), mrr (at its beginning), observed, pooled and believed NRR.

    `believed`: the pooled NRR after what the age has shown.
    """
    columns = {"age": np.arange(factor.size) + 1, "mrr": volume, "observed": factor}
    return pd.DataFrame({**columns, "pooled": _usual(fit, factor.size), "believed": _believed(fit, factor.size)})


def _shocks(fit: RevenueFit) -> pd.DataFrame:
    """Columns: period, mrr (a period later), expected (by the pooled NRR), ratio."""
    table = fit.table
    now, later = table.mrr[:, :-1], table.mrr[:, 1:]
    is_link = (now > 0) & ~np.isnan(later)
    period = table.periods[:, 1:][is_link]
    frame = pd.DataFrame(
        {"period": period, "mrr": later[is_link], "expected": (now * _believed(fit, now.shape[1]))[is_link]}
    )
    summed = frame.groupby("period", as_index=False).sum()
    summed["ratio"] = summed["mrr"] / summed["expected"]
    return summed


def _parameters(fit: RevenueFit, calibration: float) -> pd.DataFrame:
    long_run, extra = fit.growth
    rows = [
        ("long_run_nrr", float(np.exp(long_run)), "NRR that every cohort tends to"),
        ("first_nrr", float(np.exp(long_run + extra)), "NRR of the first age"),
        ("damping", fit.mean("damping"), "share of the extra growth left an age later"),
        ("customer_variance", fit.variance_at(0), "variance of one customer's ratio of MRR at first, leaving included"),
        ("customer_variance_later", fit.variance_at(fit.ages), "the same at the oldest age seen, and after it"),
        ("shock", fit.mean("calendar"), "spread of calendar shocks on log NRR"),
        ("last_shock", fit.last_shock, "what the last calendar period is believed to have added to log NRR"),
        ("persistence", PERSISTENCE, "share of a shock left a period later"),
        ("cohort_spread", fit.mean("cohort"), "spread of cohorts on log NRR"),
        ("age_spread", fit.mean("age"), "spread of single ages around the curve, on log NRR"),
        ("noise", fit.mean("noise"), "scatter of single cells on log NRR, beyond customers"),
        ("calibration", calibration, "widening that the back-test asked for"),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "meaning"])
