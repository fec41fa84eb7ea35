"""A bridge of months as one of quarters, years, or of one period."""

from __future__ import annotations

import numpy as np
import pandas as pd

KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
COUNTS = ("new_accounts", "reactivated_accounts", "churned_accounts", "expanded_accounts", "contracted_accounts")


def by_period(months: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Rows of `mrr_bridge` summed to months, quarters or years: period, first_month, last_month, opening, the kinds of
    movement, closing, the accounts, and is_full: false for a last period that is not over.
    """
    length = LENGTHS[grain]
    month = months["month"].to_numpy("datetime64[M]").astype("int64")  # since January 1970, where each period begins
    period = month // length
    _, begins = np.unique(period, return_index=True)
    ends = np.append(begins, len(period))[1:] - 1
    is_over = months["is_full"].fillna(True).to_numpy("bool")[ends] & ((month[ends] + 1) % length == 0)
    held = {name: months[name].to_numpy() for name in (*KINDS, *COUNTS)}
    sums = held if grain == "month" else {name: np.add.reduceat(each, begins) for name, each in held.items()}
    return pd.DataFrame(
        {
            "period": _names(month[begins], grain),
            "first_month": months["month"].to_numpy()[begins],
            "last_month": months["month"].to_numpy()[ends],
            "opening": months["opening"].to_numpy()[begins],
            **{kind: sums[kind] for kind in KINDS},
            "closing": months["closing"].to_numpy()[ends],
            "opening_accounts": months["opening_accounts"].to_numpy()[begins],
            **{name: sums[name] for name in COUNTS},
            "closing_accounts": months["closing_accounts"].to_numpy()[ends],
            "is_full": is_over,
        }
    )


def _names(months: np.ndarray, grain: str) -> list[str]:
    dates = [(1970 + each // 12, each % 12) for each in months.tolist()]
    if grain == "year":
        return [str(year) for year, _ in dates]
    if grain == "quarter":
        return [f"{year}-Q{month // 3 + 1}" for year, month in dates]
    return [f"{year}-{month + 1:02d}" for year, month in dates]


def of_period(months: pd.DataFrame, start: object, end: object) -> pd.Series:
    """The bridge from the opening of month `start` to the closing of month `end`, both included."""
    part = months[(months["month"] >= pd.Timestamp(str(start))) & (months["month"] <= pd.Timestamp(str(end)))]
    return pd.Series(
        {
            "opening": part["opening"].iloc[0],
            **{kind: part[kind].sum() for kind in KINDS},
            "closing": part["closing"].iloc[-1],
        }
    )
