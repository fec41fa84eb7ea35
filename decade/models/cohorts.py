"""Cohorts: the lines through what was observed, where each cell lies in time, and what a projection adds to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from decade.models.life_table import Array

PERIODS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
FEWEST_ACCOUNTS = 5
COLUMNS = ("cohort", "age", "rate")


def mature_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The cells of `cohort_retention` that every account of the cohort has reached and that have a rate."""
    return frame[frame["is_mature"].to_numpy("bool", na_value=False) & frame["rate"].notna().to_numpy()]


def weighted_mean(frame: pd.DataFrame) -> pd.DataFrame:
    """Per age: the rate over mature cohorts, sum of numerators over sum of denominators, with cohorts, n and median.

    Takes `cohort_retention`. Immature cells are out; so are cohorts that entered at an age above 0, whose members
    had to survive to be seen. `median` is the middle cohort's rate, each counting once. An age without a mature cohort
    has no row.
    """
    used = mature_cells(frame)
    used = used[used["late_entries"].to_numpy("float64", na_value=0) == 0]
    ages = used["age"].to_numpy("int64")
    cohorts = np.bincount(ages)
    there = np.flatnonzero(cohorts)
    sums = {
        name: np.bincount(ages, used[name].to_numpy("float64", na_value=np.nan))[there]
        for name in ("n", "numerator", "denominator")
    }
    below = sums["denominator"]
    rate = np.divide(sums["numerator"], below, out=np.full(len(there), np.nan), where=below > 0)
    median = pd.Series(used["rate"].to_numpy("float64")).groupby(ages).median().to_numpy()
    return pd.DataFrame({"age": there, "cohorts": cohorts[there], **sums, "rate": rate, "median": median})


def best_and_worst(frame: pd.DataFrame, mean: pd.DataFrame) -> tuple[str, str] | None:
    """The cohorts that lie furthest above and below the weighted mean, on average over the ages that they have reached.

    Cohorts of fewer than five accounts and those that entered late are no record. None with fewer than two others.
    """
    used = mature_cells(frame)
    age, count, rate, late = (
        used[name].to_numpy("float64", na_value=0) for name in ("age", "n", "rate", "late_entries")
    )
    usual = dict(zip(mean["age"].tolist(), mean["rate"].tolist(), strict=True))
    apart = rate - np.array([usual.get(each, np.nan) for each in age.tolist()], dtype="float64")
    counts = (age > 0) & (count >= FEWEST_ACCOUNTS) & (late == 0) & ~np.isnan(apart)
    names, place = np.unique(np.array(used["cohort"].tolist(), dtype=object)[counts], return_inverse=True)
    if len(names) < 2:
        return None
    average = np.bincount(place, apart[counts]) / np.bincount(place)
    return str(names[average.argmax()]), str(names[average.argmin()])


def at_calendar(cohort: pd.Series[str], age: pd.Series[int], grain: str) -> pd.Series[str]:
    """The month, quarter or year in which a cohort by start reaches an age, written like the cohorts themselves."""
    each = PERIODS_A_YEAR[grain]
    place = cohort.str[:4].astype("int64") * each + age.astype("int64")
    if grain == "quarter":
        place = place + cohort.str[-1].astype("int64") - 1
    elif grain == "month":
        place = place + cohort.str[5:7].astype("int64") - 1
    year, rest = (place // each).astype("str"), place % each + 1
    if grain == "year":
        return year
    return year + "-Q" + rest.astype("str") if grain == "quarter" else year + "-" + rest.astype("str").str.zfill(2)


def extended(
    frame: pd.DataFrame,
    names: Sequence[str],
    paths: Array,
    tested: int,
    ceiling: float = np.inf,
    usual: Array | None = None,
) -> pd.DataFrame:
    """The cells right of what each cohort has observed: cohort, age, rate (median), low, high (80 %), is_back_tested.

    Takes `cohort_retention` and, in the same ages, the simulated paths of its cohorts (names x ages x draws). A
    path starts from the accounts of the first stay; it is scaled to what the cohort shows at its last mature age, those
    who came back included. `tested`: ages ahead that a back-test reaches; no rate exceeds `ceiling`.
    Where only those who came back are left, the `usual` path (ages x draws) is followed.
    """
    mature = mature_cells(frame)
    last = mature.sort_values("age").groupby("cohort").tail(1)
    ends = {str(name): (int(age), float(rate)) for name, age, rate in zip(*(last[c] for c in COLUMNS), strict=True)}
    found = [pd.DataFrame(columns=["cohort", "age", "rate", "low", "high", "is_back_tested"])]
    for name, path in zip(names, paths, strict=True):
        at, rate = ends.get(name, (len(path), np.nan))
        if at + 1 >= len(path):
            continue
        if usual is not None and rate > 0 and (path[at] == 0).all():
            path = usual
        now = path[at]
        possible = now > 0  # draws in which somebody is left, as somebody was
        if possible.any() or rate == 0:
            share = path[at + 1 :, possible] / now[possible] if possible.any() else np.zeros((len(path) - at - 1, 1))
            low, median, high = np.minimum(rate * np.quantile(share, (0.1, 0.5, 0.9), axis=1), ceiling)
            age = np.arange(at + 1, len(path))
            is_tested = age <= at + tested
            rows = {"cohort": name, "age": age, "rate": median, "low": low, "high": high, "is_back_tested": is_tested}
            found.append(pd.DataFrame(rows))
    return pd.concat(found[1:] or found, ignore_index=True)
