"""Averages over cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd


def weighted_mean(frame: pd.DataFrame) -> pd.DataFrame:
    """Per age: the rate over mature cohorts, sum of numerators over sum of denominators, with cohorts and n.

    Takes `cohort_retention`. Immature cells are out; so are cohorts that entered at an age above 0, whose members
    had to survive to be seen. An age without a mature cohort has no row.
    """
    used = frame[frame["is_mature"].fillna(False) & (frame["late_entries"].fillna(0) == 0) & frame["rate"].notna()]
    ages = used["age"].to_numpy("int64")
    sums = {name: np.bincount(ages, used[name].to_numpy("float64")) for name in ("n", "numerator", "denominator")}
    cohorts = np.bincount(ages)
    mean = pd.DataFrame({"age": np.arange(len(cohorts)), "cohorts": cohorts, **sums})
    mean["rate"] = mean["numerator"] / mean["denominator"].where(mean["denominator"] > 0)
    return mean[mean["cohorts"] > 0].reset_index(drop=True)
