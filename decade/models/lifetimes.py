"""How long customers last: lifetimes within the horizon, what lies beyond the data, and survival by group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from decade.errors import Refused
from decade.models.finer import Ahead
from decade.models.life_table import Array
from decade.models.projection import Projection
from decade.models.survival import kaplan_meier

POOLED = ""
QUANTILES = (0.1, 0.5, 0.9)
WORTH = (
    "group",
    "accounts",
    "years",
    "years_low",
    "years_high",
    "share_beyond",
    "revenue",
    "revenue_low",
    "revenue_high",
    "revenue_seen",
)


@dataclass(frozen=True)
class LogRank:
    """A test that groups leave alike: statistic, degrees of freedom, p-value, and observed against expected losses.

    `groups`: group, at_risk (at the first age seen), lost, expected, ratio.
    """

    statistic: float
    degrees: int
    p_value: float
    groups: pd.DataFrame


def lifetimes(projection: Projection) -> pd.DataFrame:
    """One row per cohort, and one with an empty name for the pooled line.

    cohort; years, years_low, years_high: what one account (or one unit of first MRR) lasts within the horizon, in
    years: the sum of the shares at the beginning of each period, so that a customer who leaves at the first renewal
    lasts one period; total, total_low, total_high: the same times accounts, or times MRR and twelve months: the money
    retained over the horizon; share_beyond: how much of `years` lies beyond the oldest age that the data shows, and
    share_projected: how much of it is not yet observed for this cohort. A cohort first seen later counts from there.
    """
    span = projection.age_months / 12
    months = 1.0 if projection.kind == "logo" else 12.0
    # Of contracts of several terms one may be known no further than where another is first seen.
    known = (
        projection.cells["age"]
        .where(projection.cells["kind"] == "observed", -1)
        .groupby(projection.cells["cohort"])
        .max()
    )
    size = projection.cells.groupby("cohort")["n"].first()
    rows = [typical_lifetime(projection)]
    for name, paths in zip(projection.cohorts, projection.paths, strict=True):
        rows.append(_row(name, paths, projection.oldest_age, int(known[name]), span, float(size[name]) * months))
    return pd.DataFrame(rows)


def typical_lifetime(projection: Projection) -> dict[str, Any]:
    """The row of `lifetimes` for the pooled line alone."""
    span, oldest = projection.age_months / 12, projection.oldest_age
    return _row(POOLED, projection.pooled_paths, oldest, oldest, span, np.nan)


def _row(name: str, paths: Array, oldest: int, known: int, span: float, size: float) -> dict[str, Any]:
    paid = np.nan_to_num(paths[:-1])
    total = span * paid.sum(axis=0)
    low, median, high = np.quantile(total, QUANTILES)
    mean = paid.mean(axis=1)
    whole = mean.sum()
    return {
        "cohort": name,
        "years": median,
        "years_low": low,
        "years_high": high,
        "total": size * median,
        "total_low": size * low,
        "total_high": size * high,
        "share_beyond": mean[oldest + 1 :].sum() / whole if whole > 0 else np.nan,
        "share_projected": mean[known + 1 :].sum() / whole if whole > 0 else np.nan,
    }


def worth(logos: Projection, revenue: Projection, late: Collection[str] = ()) -> pd.DataFrame:
    """What each cohort lasts and brings within the horizon; takes the projections of logos and of net revenue.

    group, accounts, years, years_low, years_high, share_beyond (as in `lifetimes`, of logos), revenue, revenue_low,
    revenue_high (money over the horizon, 80 %), revenue_seen (the part of `revenue` already observed). Of `late`
    cohorts, older than the data, the years are missing.
    """
    lasting = lifetimes(logos).rename(columns={"cohort": "group"})
    lasting["accounts"] = lasting["group"].map(logos.cells.groupby("cohort")["n"].first())
    # Of a cohort older than the data, those who left before are not in it: what it lasts cannot be said.
    first_seen = logos.cells.groupby("cohort")["age"].min()
    older = {*late, *first_seen.index[first_seen > 0]}
    lasting.loc[lasting["group"].isin(older), ["years", "years_low", "years_high", "share_beyond"]] = np.nan
    money = lifetimes(revenue).set_index("cohort")
    for name, of in (("revenue", "total"), ("revenue_low", "total_low"), ("revenue_high", "total_high")):
        lasting[name] = lasting["group"].map(money[of])
    lasting["revenue_seen"] = lasting["revenue"] * (1 - lasting["group"].map(money["share_projected"]))
    return lasting.loc[lasting["group"] != POOLED, list(WORTH)].reset_index(drop=True)


def worth_of_groups(logos: Ahead, revenue: Ahead, accounts: pd.Series[float], oldest: int) -> pd.DataFrame:
    """The same for groups by an attribute, with yearly ages: a typical new account's years, the money of all cohorts.

    `accounts`: by group; `oldest`: the oldest age in years that the data shows.
    """
    rows = []
    for name, paths in zip(logos.names, logos.paths, strict=True):
        found = _row(name, paths, oldest, oldest, 1.0, np.nan)
        row: dict[str, object] = {
            "group": name,
            "accounts": accounts.get(name),
            **{key: found[key] for key in WORTH[2:6]},
        }
        if name in revenue.names and revenue.money is not None and revenue.money_seen is not None:
            at = revenue.names.index(name)
            low, median, high = np.quantile(revenue.money[at], QUANTILES)
            row |= {"revenue": median, "revenue_low": low, "revenue_high": high}
            row["revenue_seen"] = min(float(revenue.money_seen[at]), float(median))
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(WORTH))


def survival_by_group(frame: pd.DataFrame) -> pd.DataFrame:
    """Product-limit survival per group: group, age, at_risk (of the next decision), survival, low, high (80 %).

    Takes group, age (decisions, from 1), at_risk, lost; cohorts are summed up. Ages without anyone at risk end a line.
    """
    names, at_risk, lost = _grids(frame)
    found: dict[str, list[Array]] = {"age": [], "at_risk": [], "survival": [], "low": [], "high": []}
    for every, left in zip(at_risk, lost, strict=True):
        first = int(np.argmax(every > 0)) if every.any() else every.size
        upto = first + int(np.argmin(np.append(every[first:] > 0, False)))
        every, left = every[first:upto], left[first:upto]
        survival, low, high = kaplan_meier(every, left)
        found["age"].append(np.arange(survival.size) + first)
        found["at_risk"].append(np.append(every, every[-1] - left[-1] if every.size else 0.0))
        for name, values in (("survival", survival), ("low", low), ("high", high)):
            found[name].append(values)
    groups = np.repeat(np.array(names, dtype=object), [each.size for each in found["age"]])
    return pd.DataFrame({"group": groups, **{name: np.concatenate(each) for name, each in found.items()}})


def _grids(frame: pd.DataFrame) -> tuple[list[str], Array, Array]:
    """Groups by name, and accounts at risk and lost by group and age (from 1), cohorts summed up."""
    age = frame["age"].to_numpy(np.int64)
    is_seen = age > 0  # a group of whom nobody has completed a year compares with none
    names, place = np.unique(frame["group"].to_numpy(object)[is_seen].astype(str), return_inverse=True)
    grids = np.zeros((2, names.size, int(age.max(initial=0))))
    for grid, name in zip(grids, ("at_risk", "lost"), strict=True):
        np.add.at(grid, (place, age[is_seen] - 1), frame[name].to_numpy(np.float64)[is_seen])
    return names.tolist(), grids[0], grids[1]


def log_rank(frame: pd.DataFrame) -> LogRank:
    """The log-rank test over groups, ties and left truncation included; takes the frame of `survival_by_group`.

    Refused with fewer than two groups, or when nobody left.
    """
    names, of_groups, lost_of_groups = _grids(frame)
    if len(names) < 2 or not lost_of_groups.any():
        raise Refused("a log-rank test compares two groups, and somebody left", where="survival", do="Widen the scope.")
    at_risk, lost = of_groups.T, lost_of_groups.T
    every, left = at_risk.sum(axis=1), lost.sum(axis=1)
    used = (left > 0) & (every > 1)
    at_risk, lost, every, left = at_risk[used], lost[used], every[used], left[used]
    share = at_risk / every[:, None]
    expected = (left[:, None] * share).sum(axis=0)
    spread = left * (every - left) / (every - 1)
    covariance = np.diag(spread @ share) - share.T @ (share * spread[:, None])
    difference = lost.sum(axis=0) - expected
    statistic = float(difference @ np.linalg.pinv(covariance) @ difference)
    groups = pd.DataFrame(
        {
            "group": names,
            "at_risk": of_groups[np.arange(len(names)), (of_groups > 0).argmax(axis=1)],
            "lost": lost.sum(axis=0),
            "expected": expected,
            "ratio": lost.sum(axis=0) / np.where(expected > 0, expected, np.nan),
        }
    )
    degrees = len(names) - 1
    return LogRank(statistic, degrees, float(chdtrc(degrees, statistic)), groups)


def number_at_risk(lines: pd.DataFrame, each: int) -> pd.DataFrame:
    """Accounts at risk of the next loss at every `each` ages: a row a group, a column an age in multiples of `each`."""
    age, at_risk = lines["age"].to_numpy(np.int64), lines["at_risk"].to_numpy(np.float64)
    names, row = np.unique(lines["group"].to_numpy(object).astype(str), return_inverse=True)
    is_used = age % each == 0
    steps, column = np.unique(age[is_used] // each, return_inverse=True)
    wide = np.full((names.size, steps.size), np.nan)
    wide[row[is_used], column] = at_risk[is_used]
    return pd.DataFrame({"group": names.astype(object), **{str(step): wide[:, k] for k, step in enumerate(steps)}})
