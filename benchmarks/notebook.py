"""The typical notebook: read with pandas, spread every charge over its months, group, shift and merge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.data import ACCOUNTS, CHARGES, FIRST_YEAR, MONTHS

KINDS = ("new", "reactivation", "expansion", "contraction", "churn")
DATES = ["service_period_start", "service_period_end", "cancelled_at"]
MISSING = ("--", "-", "n/a", "N/A", "na", "NA", "null", "NULL", "none", "None", "nan", "NaN")
TOTALS = r"^(?:grand )?(?:sub)?totals?\b"
Frames = tuple[pd.DataFrame, pd.DataFrame]


def read(folder: Path) -> Frames:
    """Charges and accounts, dates parsed."""
    charges = pd.read_csv(folder / CHARGES, parse_dates=DATES)
    return charges, pd.read_csv(folder / ACCOUNTS, parse_dates=["customer_since"])


def read_checked(folder: Path) -> Frames:
    """The same with the checks an import owes, and an account of rows and money that adds up.

    Totals left out; dates, amounts, currencies and what must be there; of refused rows the line, the reason and
    the raw text; rows that come twice, and ids that come again with other values; money by currency and fate.
    """
    charges = pd.read_csv(folder / CHARGES, dtype=str, keep_default_na=False)
    accounts = pd.read_csv(folder / ACCOUNTS, dtype=str, keep_default_na=False)
    for frame in (charges, accounts):
        for column in frame.columns:
            frame[column] = frame[column].str.strip()
    bare = charges.mask(charges.isin(MISSING), "")
    typed = bare.copy()
    fate = pd.Series("taken", index=charges.index)
    reason = pd.Series("", index=charges.index)

    def refuse(rows: pd.Series[bool], why: str) -> None:
        fresh = rows & (fate == "taken")
        fate[fresh] = "refused"
        reason[fresh] = why

    fate[charges["charge_id"].str.contains(TOTALS, case=False, regex=True)] = "left out"
    for column in DATES:
        typed[column] = pd.to_datetime(bare[column], format="%Y-%m-%d", errors="coerce")
        refuse(typed[column].isna() & (bare[column] != ""), f"{column} is no date")
    typed["amount"] = pd.to_numeric(bare["amount"], errors="coerce") / 100
    refuse(typed["amount"].isna(), "amount is no number")
    for column in ("customer_id", "service_period_start"):
        refuse(bare[column] == "", f"{column} is missing")
    refuse(~bare["currency"].str.fullmatch("[A-Z]{3}"), "currency is no code")
    fate[(fate == "taken") & bare[fate == "taken"].duplicated().reindex(bare.index, fill_value=False)] = "duplicate"
    told = charges.assign(line=charges.index + 2, reason=reason)[fate == "refused"]
    taken = typed[fate == "taken"].assign(version=1)
    again = taken["charge_id"].duplicated(keep=False)
    taken.loc[again, "version"] = taken[again].groupby("charge_id").cumcount() + 1
    money = typed["amount"].groupby([bare["currency"], fate]).sum()
    assert abs(typed["amount"].sum() - money.sum()) < 0.005
    assert len(charges) == len(taken) + len(told) + fate.isin(["left out", "duplicate"]).sum()
    accounts["customer_since"] = pd.to_datetime(accounts["customer_since"], format="%Y-%m-%d", errors="coerce")
    assert accounts["account_id"].is_unique
    assert taken["customer_id"].isin(accounts["account_id"]).all()
    return taken, accounts


def results(charges: pd.DataFrame, accounts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Monthly movements, the 40 x 40 quarterly triangle, and TTM NRR and GRR per month and segment."""
    levels = _exploded(charges)
    first = levels.groupby("account")["month"].min().rename("first")
    return {
        "movements": _movements(levels, first),
        "triangle": _triangle(levels, first),
        "retention": _retention(levels, accounts.set_index("account_id")["segment"]),
    }


def _exploded(charges: pd.DataFrame) -> pd.DataFrame:
    """MRR of each account at the end of each month in which it has any, in cents."""
    begins, ends = (_month(charges[column]) for column in DATES[:2])
    months = ends - begins
    line = pd.DataFrame({"account": charges["customer_id"], "month": begins, "mrr": charges["amount"] // months})
    spread = line.loc[line.index.repeat(np.minimum(ends, MONTHS) - begins)]
    spread["month"] += spread.groupby(level=0).cumcount()
    return spread.groupby(["account", "month"], as_index=False)["mrr"].sum()


def _movements(levels: pd.DataFrame, first: pd.Series[int]) -> pd.DataFrame:
    before = levels.assign(month=levels["month"] + 1).query("month < @MONTHS")
    both = levels.merge(before, on=["account", "month"], how="outer", suffixes=("_now", "_before")).fillna(0)
    both["mrr"] = both["mrr_now"] - both["mrr_before"]
    is_first = both["month"] == both["account"].map(first)
    both["kind"] = np.select(
        [is_first, both["mrr_before"] == 0, both["mrr_now"] == 0, both["mrr"] > 0],
        ["new", "reactivation", "churn", "expansion"],
        "contraction",
    )
    moved = both[both["mrr"] != 0].groupby(["month", "kind"], as_index=False)["mrr"].sum()
    return moved.assign(month=_day(moved["month"]), mrr=moved["mrr"] / 100)


def _triangle(levels: pd.DataFrame, first: pd.Series[int]) -> pd.DataFrame:
    aged = levels.assign(first=levels["account"].map(first))
    aged["age"] = aged["month"] - aged["first"]
    aged["quarter"] = aged["first"] // 3
    aged = aged[(aged["age"] % 3 == 0) & (aged["quarter"] * 3 + 2 + aged["age"] < MONTHS)]
    cells = aged.groupby(["quarter", "age"], as_index=False).agg(active=("account", "size"), mrr=("mrr", "sum"))
    base = cells[cells["age"] == 0].set_index("quarter")["mrr"]
    cohort = [f"{FIRST_YEAR + quarter // 4}-Q{quarter % 4 + 1}" for quarter in cells["quarter"]]
    return pd.DataFrame(
        {
            "cohort": cohort,
            "age": cells["age"] // 3,
            "active": cells["active"],
            "mrr": cells["mrr"] / 100,
            "base": cells["quarter"].map(base) / 100,
        }
    )


def _retention(levels: pd.DataFrame, segments: pd.Series[str]) -> pd.DataFrame:
    then = levels.assign(month=levels["month"] + 12).query("month < @MONTHS")
    both = then.merge(levels, on=["account", "month"], how="left", suffixes=("_then", "_now")).fillna(0)
    both["kept"] = both[["mrr_then", "mrr_now"]].min(axis=1)
    both["segment"] = both["account"].map(segments)
    sums = both.groupby(["month", "segment"], as_index=False)[["mrr_then", "mrr_now", "kept"]].sum()
    return pd.DataFrame(
        {
            "month": _day(sums["month"]),
            "segment": sums["segment"],
            "nrr": sums["mrr_now"] / sums["mrr_then"],
            "grr": sums["kept"] / sums["mrr_then"],
        }
    )


def _month(day: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    return (day.dt.year - FIRST_YEAR) * 12 + day.dt.month - 1


def _day(month: pd.Series[int]) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime({"year": FIRST_YEAR + month // 12, "month": month % 12 + 1, "day": 1})
