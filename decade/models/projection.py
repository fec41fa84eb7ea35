"""A projection as it is shown: what has been seen, what is expected with its 80 % interval, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from decade.models.life_table import Array, Whole

QUANTILES = (0.1, 0.5, 0.9)
LEAST_SHARE = 0.005
OBSERVED, PROJECTED = "observed", "projected"
NOT_BACK_TESTED = "The history is too short for a back-test: the interval is the model's own."


@dataclass(frozen=True)
class Projection:
    """Retention by cohort and age, as a share of the cohort's start (or of the first age that the data shows).

    `cells`: cohort, age, n (accounts, or MRR, that the shares are of), observed, median, low, high, kind
        (observed, projected), is_back_tested. Where something has been observed, median, low and high are equal to
        it; elsewhere `observed` is empty.
    `pooled`: age, observed, median, low, high, kind, is_back_tested: a typical new cohort. Median and interval are
        the model's at every age, so that the fit can be seen beside the observed line.
    `baselines`: model, age, retention: the naive lines to draw beside it.
    `reasons`: one row per cohort (and contract term): why its line lies where it lies.
    `ages`: one row per age (and contract term): what the data shows and what is believed.
    `shocks`: one row per calendar period (and contract term).
    `parameters`: name, value, meaning.
    `notes`: sentences that belong beside the figure.
    `oldest_age`: the oldest age that the data shows; `tested_ahead`: how many ages ahead a back-test reaches.
    `paths`: cohorts x ages x draws, and `pooled_paths`: ages x draws, for sums along a path.
    """

    kind: str
    age_months: int
    cells: pd.DataFrame
    pooled: pd.DataFrame
    baselines: pd.DataFrame
    reasons: pd.DataFrame
    ages: pd.DataFrame
    shocks: pd.DataFrame
    parameters: pd.DataFrame
    notes: tuple[str, ...]
    cohorts: tuple[str, ...]
    oldest_age: int
    tested_ahead: int
    paths: Array = field(repr=False)
    pooled_paths: Array = field(repr=False)


def cell_rows(
    cohorts: Sequence[str], size: Array, paths: Array, first: Whole, known: Whole, tested: int
) -> pd.DataFrame:
    """The `cells` of a projection; `known`: last observed age of each cohort, `tested`: ages ahead back-tested."""
    low, median, high = np.quantile(paths, QUANTILES, axis=2)
    count, ages = paths.shape[:2]
    age = np.tile(np.arange(ages), (count, 1))
    is_observed = age <= known[:, None]
    rows = pd.DataFrame(
        {
            "cohort": np.repeat(np.asarray(cohorts, dtype=object), ages),
            "age": age.ravel(),
            "n": np.repeat(size, ages),
            "observed": np.where(is_observed, median, np.nan).ravel(),
            "median": median.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "kind": np.where(is_observed, OBSERVED, PROJECTED).ravel(),
            "is_back_tested": (age <= known[:, None] + tested).ravel(),
        }
    )
    return rows[(age >= first[:, None]).ravel()].reset_index(drop=True)


def pooled_rows(observed: Array, paths: Array, tested: int) -> pd.DataFrame:
    """The `pooled` line; `observed` covers the ages seen, from 0."""
    low, median, high = np.quantile(paths, QUANTILES, axis=1)
    age = np.arange(paths.shape[0])
    seen = np.full(age.size, np.nan)
    upto = min(observed.size, age.size)
    seen[:upto] = observed[:upto]
    return pd.DataFrame(
        {
            "age": age,
            "observed": seen,
            "median": median,
            "low": low,
            "high": high,
            "kind": np.where(np.isnan(seen), PROJECTED, OBSERVED),
            "is_back_tested": age <= observed.size - 1 + tested,
        }
    )


def back_tested(calibration: float, covered: float) -> str:
    """What a back-test found about the interval, as a sentence; `covered`: share of what came that lay inside it."""
    if calibration > 1:
        return (
            "Back-tested: the 80 % intervals were too narrow on this data; what the model may be wrong by is "
            f"widened {calibration:g} times here."
        )
    inside = f"{covered:.0%}".replace("%", " %")
    return f"Back-tested: {inside} of what came lay inside the 80 % interval; nothing is widened."


def short_history(pooled: pd.DataFrame, seen: int, age_months: int) -> list[str]:
    """The sentence a short history needs: how wide the last figure is. Nothing when four years have been seen.

    Nothing either when next to none are left; no factor where the low end rounds to none.
    """
    years = seen * age_months / 12
    last = pooled.iloc[-1]
    if years >= 4 or last["high"] < LEAST_SHARE:
        return []
    ahead = last["age"] * age_months / 12
    factor = f", a factor of {last['high'] / last['low']:.1f}" if last["low"] >= LEAST_SHARE else ""
    return [
        f"With {years:g} year{'' if years == 1 else 's'} of data the figure for year {ahead:g} is a range: "
        f"{last['low']:.0%} to {last['high']:.0%}{factor}."
    ]
