"""The same charges counted under two conventions: the numbers side by side, and who makes the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.months import add_months

KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
RATES = ("nrr", "grr", "logo_retention")
# Each number, as people read it, and the question that defines it.
MEASURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "mrr": ("MRR", "mrr_bridge"),
        "accounts": ("Accounts", "mrr_bridge"),
        **{kind: ("FX" if kind == "fx" else kind.capitalize(), "mrr_bridge") for kind in KINDS},
        "nrr": ("NRR", "revenue_retention"),
        "grr": ("GRR", "revenue_retention"),
        "logo_retention": ("Logo retention", "revenue_retention"),
    }
)
KEYS = ["account_id", "month", "kind"]
CLOSE = 0.005  # a rest within half a per cent is called a match


@dataclass(frozen=True)
class Counted:
    """What one set of conventions makes of a company.

    `bridge` and `retention` answer `mrr_bridge` and `revenue_retention`; `shift` has the movements that differ from the
    workspace's own: account_id, month, kind, amount (this less own).
    """

    bridge: pd.DataFrame
    retention: pd.DataFrame
    shift: pd.DataFrame


def shift(own: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The movements (account_id, month, kind, amount) of `other` less those of `own`, where they differ."""
    signed = pd.concat([other[[*KEYS, "amount"]], own[[*KEYS, "amount"]].assign(amount=-own["amount"])])
    sums = signed.groupby(KEYS, as_index=False, observed=True)["amount"].sum()
    differing: pd.DataFrame = sums[sums["amount"].abs() > 5e-6]
    return differing.reset_index(drop=True)


def measured(counted: Counted, month: date, months: int) -> dict[str, float]:
    """Each measure at a month's end; movements summed over so many months. Missing is NaN."""
    bridge, retention = counted.bridge, counted.retention
    stamp, begin = (np.datetime64(each) for each in (month, add_months(month, -months)))
    at, in_retention = bridge["month"].to_numpy() == stamp, retention["month"].to_numpy() == stamp
    in_window = (bridge["month"].to_numpy() <= stamp) & (bridge["month"].to_numpy() > begin)

    def first(frame: pd.DataFrame, name: str, where: np.ndarray) -> float:
        found = frame[name].to_numpy("float64", na_value=np.nan)[where]
        return float(found[0]) if found.size else np.nan

    found = {"mrr": first(bridge, "closing", at), "accounts": first(bridge, "closing_accounts", at)}
    for kind in KINDS:
        moved = bridge[kind].to_numpy("float64", na_value=np.nan)[in_window]
        found[kind] = float(np.nansum(moved)) if at.any() else np.nan
    return found | {rate: first(retention, rate, in_retention) for rate in RATES}


def side_by_side(counts: Mapping[str, Counted], month: date, months: int) -> pd.DataFrame:
    """One row a convention (its name in `convention`), one column a measure; the first row is the own one."""
    rows = [{"convention": name, **measured(each, month, months)} for name, each in counts.items()]
    return pd.DataFrame(rows, columns=["convention", *MEASURES])


def by_cause(steps: Sequence[tuple[str, Counted]], measure: str, month: date, months: int) -> pd.DataFrame:
    """What each switch does: cause, before, after, effect; `steps` begins with the own count under an empty name.

    The effects sum to the difference between the last and the first.
    """
    if measure not in MEASURES:
        raise Refused(f"there is no measure {measure!r}", do=f"Choose one of: {', '.join(MEASURES)}.")
    values = [measured(each, month, months)[measure] for _, each in steps]
    frame = pd.DataFrame({"cause": [cause for cause, _ in steps[1:]], "before": values[:-1], "after": values[1:]})
    return frame.assign(effect=frame["after"] - frame["before"])


def accounts_behind(before: Counted, after: Counted, measure: str, month: date, months: int) -> pd.DataFrame:
    """Whose numbers one step changes: account_id, then, now, effect, largest first.

    `now` and `then` are the differences of MRR at the month's end and twelve months before. `effect` is what the
    account adds to the step's difference of MRR or of a movement; rates and counts have no such parts, there it is
    `now` of the accounts that stand behind them.
    """
    between = shift(before.shift, after.shift)
    stamp = pd.Timestamp(month)
    now = between[between["month"] <= stamp].groupby("account_id")["amount"].sum()
    then = between[between["month"] <= pd.Timestamp(add_months(month, -12))].groupby("account_id")["amount"].sum()
    effect = now
    if measure in KINDS:
        is_meant = (
            (between["kind"] == measure)
            & (between["month"] <= stamp)
            & (between["month"] > pd.Timestamp(add_months(month, -months)))
        )
        effect = between[is_meant].groupby("account_id")["amount"].sum()
    frame = pd.DataFrame({"then": then, "now": now, "effect": effect}).fillna(0.0)
    if measure in ("accounts", "logo_retention"):
        counts = between[between["kind"].isin(["new", "reactivation", "churn"]) & (between["month"] <= stamp)]
        frame = frame[frame.index.isin(counts["account_id"])]
    elif measure in RATES:
        frame = frame[(frame["then"].abs() > 5e-6) | (frame["now"].abs() > 5e-6)]
    else:
        frame = frame[frame["effect"].abs() > 5e-6]
    frame = frame.rename_axis("account_id").reset_index()
    largest = frame[["effect", "then"] if measure in RATES else ["effect"]].abs().max(axis=1)
    return frame.loc[largest.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def nearest(number: float, measure: str, candidates: Mapping[str, Counted], month: date, months: int) -> pd.DataFrame:
    """The conventions by how near they come to a number, those that agree in one row: value, rest (number less it)."""
    values = {name: measured(each, month, months)[measure] for name, each in candidates.items()}
    frame = pd.DataFrame({"convention": list(values), "value": list(values.values())}).dropna(subset=["value"])
    alike = frame.groupby(frame["value"].round(6), sort=False)
    frame = pd.DataFrame({"convention": alike["convention"].agg(", ".join), "value": alike["value"].first()})
    frame = frame.assign(rest=number - frame["value"]).reset_index(drop=True)
    order = frame["rest"].abs().round(6).sort_values(kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def coincidences(number: float, rest: float, own: Counted, levels: pd.Series[float]) -> list[tuple[str, str, float]]:
    """What else the number, or the rest, could be: (kind, which, amount), kind one of month, year, account.

    `levels` is MRR by account_id at the month's end.
    """
    found: list[tuple[str, str, float]] = []
    tolerance = CLOSE * abs(rest)
    closings = own.bridge.set_index("month")["closing"].astype("float64")
    for stamp, value in closings[(closings - number).abs() <= 0.0005 * abs(number)].items():
        if abs(value) > 0:
            found.append(("month", f"{pd.Timestamp(str(stamp)):%Y-%m}", float(value)))
    total = float(levels.sum())
    if total and abs(number / 12 - total) <= 2 * CLOSE * abs(total):
        found.append(("year", "", 12 * total))
    if abs(rest) > 0.005:
        gap = (levels.abs() - abs(rest)).abs()
        matches = levels[(gap <= tolerance) & (levels > 0)].head(5)
        found += [("account", str(name), float(value)) for name, value in matches.items()]
    return found


def what_moved(before: Mapping[str, float], after: Mapping[str, float]) -> pd.DataFrame:
    """Measure, before, after and change of each measure, for a rebuild under other conventions."""
    frame = pd.DataFrame({"measure": list(MEASURES), "before": [before[name] for name in MEASURES]})
    frame["after"] = [after[name] for name in MEASURES]
    return frame.assign(change=frame["after"] - frame["before"])
