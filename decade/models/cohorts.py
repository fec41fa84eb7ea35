"""Cohorts: the weighted mean of what was observed, and what a projection adds to the right of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decade.models.projection import Projection


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


def extended(frame: pd.DataFrame, projection: Projection) -> pd.DataFrame:
    """The cells right of what each cohort has observed: cohort, age, rate (median), low, high (80 %), is_back_tested.

    Takes `cohort_retention` by year. A projection starts from the accounts of the first stay; it is scaled to what
    the cohort shows at its last mature age, those who came back included.
    """
    mature = frame[frame["is_mature"].fillna(False) & frame["rate"].notna()]
    last = mature.sort_values("age").groupby("cohort").tail(1).set_index("cohort")
    cells = projection.cells
    at_last = cells.merge(last[["age", "rate"]], left_on=["cohort", "age"], right_on=["cohort", "age"])
    base = at_last[at_last["median"] > 0].assign(scale=lambda found: found["rate"] / found["median"])
    base = base.rename(columns={"age": "last_age"})[["cohort", "last_age", "scale"]]
    ahead = cells.merge(base, on="cohort")
    ahead = ahead[ahead["age"] > ahead["last_age"]]
    scaled = {name: ahead[of] * ahead["scale"] for name, of in (("rate", "median"), ("low", "low"), ("high", "high"))}
    return ahead.assign(**scaled)[["cohort", "age", "rate", "low", "high", "is_back_tested"]].reset_index(drop=True)
