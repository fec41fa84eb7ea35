"""A number traced to the lines of the files that it comes from, on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

from decade.errors import Refused
from decade.months import add_months, parse_month
from decade.scope import Scope

KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
BRIDGE = ("closing", "opening", *KINDS)
RETENTION = ("nrr", "kept_mrr", "base_mrr")
WORTH = {"account_list": "mrr", "renewals": "mrr"}


class Asks(Protocol):
    """Something that answers questions."""

    def ask(
        self,
        name: str,
        scope: Scope | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> pd.DataFrame:
        """The answer to a question."""


@dataclass(frozen=True)
class Trace:
    """Lines of `traced_lines`, what they sum to, and the number that this is."""

    lines: pd.DataFrame
    total: float
    number: float
    said: str


def trace(asks: Asks, metric: str, scope: Scope, settings: Mapping[str, str], column: str) -> Trace:
    """The lines behind a column of a metric at the last month of the scope.

    Raises Refused on a metric or a column that does not come from charges.
    """
    if metric == "mrr_bridge":
        return _bridge(asks, scope, column or "closing")
    if metric == "movements":
        return _movements(asks, scope, settings)
    if metric == "revenue_retention" and settings.get("form", "ttm") == "ttm" and settings.get("by", "none") == "none":
        return _retention(asks, scope, column or "nrr")
    if metric in WORTH:
        return _worth(asks, metric, scope, settings, column or "mrr")
    raise Refused(
        f"{metric} cannot be traced to charges",
        where="--trace",
        do="Trace mrr_bridge, movements, revenue_retention (ttm, a slice through --scope), account_list or renewals.",
    )


def _bridge(asks: Asks, scope: Scope, column: str) -> Trace:
    if column not in BRIDGE:
        raise Refused(f"mrr_bridge has no {column!r} to trace", where="--trace", do=f"One of: {', '.join(BRIDGE)}.")
    bridge = asks.ask("mrr_bridge", scope)
    if bridge.empty:
        raise Refused("there is no month in this scope", where="--trace", do="Choose another period.")
    row = bridge.iloc[-1]
    month = row["month"].date()
    if column in KINDS:
        return _moved(asks, scope, month, column, float(row[column]))
    lines = asks.ask("traced_lines", scope, until=month)
    part = {"closing": "mrr_now", "opening": "mrr_then"}[column]
    lines = lines[lines[part] != 0].reset_index(drop=True)
    return _made(lines, part, float(row[column]), f"{column} of {month:%Y-%m}")


def _movements(asks: Asks, scope: Scope, settings: Mapping[str, str]) -> Trace:
    moves = asks.ask("movements", scope, settings=settings)
    month = parse_month(settings["month"]) if settings.get("month") else scope.to_month
    if month is None:
        month = asks.ask("mrr_bridge", scope)["month"].iloc[-1].date()
        moves = moves[moves["month"].dt.date == month]
    kind = settings.get("kind", "all")
    return _moved(asks, scope, month, kind, float(moves.loc[moves["month"].dt.date == month, "amount"].sum()))


def _moved(asks: Asks, scope: Scope, month: date, kind: str, number: float) -> Trace:
    lines = asks.ask("traced_lines", scope, until=month, kind=kind, part="changed")
    stays = asks.ask("movements", scope, month=month, kind=kind)
    within = float(stays.loc[stays["is_same_month"].fillna(False), "amount"].sum())
    made = _made(lines, "change", number - within, f"{kind} of {month:%Y-%m}")
    if within:
        return Trace(made.lines, made.total, number - within, f"{made.said} Stays inside the month add {within:,.2f}.")
    return made


def _retention(asks: Asks, scope: Scope, column: str) -> Trace:
    if column not in RETENTION:
        raise Refused(
            f"revenue_retention has no {column!r} to trace", where="--trace", do=f"One of: {', '.join(RETENTION)}."
        )
    rates = asks.ask("revenue_retention", scope).dropna(subset=["nrr"])
    if rates.empty:
        raise Refused(
            "there is no trailing-twelve-month rate in this scope", where="--trace", do="Choose another period."
        )
    row = rates.iloc[-1]
    month = row["month"].date()
    lines = asks.ask("traced_lines", scope, since=add_months(month, -11), until=month)
    kept = asks.ask("retained_accounts", scope, month=month).set_index("account_id")["mrr_now"]
    lines = lines[lines["account_id"].isin(kept.index)].copy()
    lines.loc[lines["account_id"].map(kept).eq(0), "mrr_now"] = 0.0
    part = {"base_mrr": "mrr_then"}.get(column, "mrr_now")
    made = _made(
        lines.reset_index(drop=True), part, float(row["base_mrr" if part == "mrr_then" else "kept_mrr"]), column
    )
    then = float(lines["mrr_then"].sum())
    said = f"{made.total:,.2f} now / {then:,.2f} twelve months before = {made.total / then:.6f}, NRR of {month:%Y-%m}."
    return Trace(made.lines, made.total, made.number, said if column == "nrr" else made.said)


def _worth(asks: Asks, metric: str, scope: Scope, settings: Mapping[str, str], column: str) -> Trace:
    if column != WORTH[metric]:
        raise Refused(f"{column!r} of {metric} cannot be traced", where="--trace", do=f"Trace {WORTH[metric]}.")
    frame = asks.ask(metric, scope, settings=settings)
    everywhere = Scope(**{**vars(scope), "from_month": None, "to_month": None})
    lines = asks.ask("traced_lines", everywhere)
    lines = lines[(lines["mrr_now"] != 0) & lines["account_id"].isin(frame["account_id"])].reset_index(drop=True)
    return _made(lines, "mrr_now", float(frame[column].sum()), f"{column} of {metric}")


def _made(lines: pd.DataFrame, part: str, number: float, name: str) -> Trace:
    total = float(lines[part].sum())
    files = lines["file_name"].nunique()
    said = f"{len(lines):,} lines of {files:,} files: {part} sums to {total:,.2f}; {name} is {number:,.2f}."
    return Trace(lines, total, number, said)
