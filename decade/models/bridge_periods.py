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
    groups = months.groupby(names, sort=False)
    rows = groups.agg(
        first_month=("month", "first"),
        last_month=("month", "last"),
        opening=("opening", "first"),
        **{kind: (kind, "sum") for kind in KINDS},
        closing=("closing", "last"),
        opening_accounts=("opening_accounts", "first"),
        **{name: (name, "sum") for name in COUNTS},
        closing_accounts=("closing_accounts", "last"),
        is_full=("is_full", "last"),
    )
    over = rows["last_month"].dt.month % LENGTHS[grain] == 0
    rows["is_full"] = rows["is_full"].fillna(True).astype("bool") & (over | (grain == "month"))
    return rows.rename_axis("period").reset_index()


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
