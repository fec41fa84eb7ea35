"""Averages over cohorts."""

from __future__ import annotations

import pandas as pd


def weighted_mean(frame: pd.DataFrame) -> pd.DataFrame:
    """Per age: the rate over mature cohorts, sum of numerators over sum of denominators, with cohorts and n.

    Takes `cohort_retention`. Immature cells are out; so are cohorts that entered at an age above 0, whose members
    had to survive to be seen. An age without a mature cohort has no row.
    """
    used = frame[frame["is_mature"].fillna(False) & (frame["late_entries"].fillna(0) == 0) & frame["rate"].notna()]
    sums = used.groupby("age", as_index=False).agg(
        numerator=("numerator", "sum"), denominator=("denominator", "sum"), n=("n", "sum"), cohorts=("cohort", "count")
    )
    sums["rate"] = sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0)
    return sums[["age", "cohorts", "n", "numerator", "denominator", "rate"]]
