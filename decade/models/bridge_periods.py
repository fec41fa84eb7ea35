"""A bridge of months as one of quarters, years, or of one period."""

from __future__ import annotations

import pandas as pd

KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
COUNTS = ("new_accounts", "reactivated_accounts", "churned_accounts", "expanded_accounts", "contracted_accounts")


def by_period(months: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Rows of `mrr_bridge` summed to months, quarters or years: period, first_month, last_month, opening, the kinds of
    movement, closing, the accounts, and is_full: false for a last period that is not over.
    """
    first = months["month"]
    if grain == "quarter":
        names = first.dt.strftime("%Y-Q") + ((first.dt.month + 2) // 3).astype("str")
    else:
        names = first.dt.strftime("%Y-%m" if grain == "month" else "%Y")
    begins, ends = ~names.duplicated(), ~names.duplicated(keep="last")
    sums = months[[*KINDS, *COUNTS]]
    if grain != "month":
        sums = sums.groupby(names, sort=False).sum()
    rows = pd.DataFrame(
        {
            "period": names[begins].to_numpy(),
            "first_month": first[begins].to_numpy(),
            "last_month": first[ends].to_numpy(),
            "opening": months["opening"][begins].to_numpy(),
            **{kind: sums[kind].to_numpy() for kind in KINDS},
            "closing": months["closing"][ends].to_numpy(),
            "opening_accounts": months["opening_accounts"][begins].to_numpy(),
            **{name: sums[name].to_numpy() for name in COUNTS},
            "closing_accounts": months["closing_accounts"][ends].to_numpy(),
            "is_full": months["is_full"][ends].fillna(True).to_numpy("bool"),
        }
    )
    if grain != "month":
        rows["is_full"] &= rows["last_month"].dt.month % LENGTHS[grain] == 0
    return rows


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
