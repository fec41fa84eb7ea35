"""The board's headline numbers: where each comes from, and the sentence that says what moved it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from decade.charts.formats import count, is_missing, money, percent, ratio
from decade.models.moved import Cell, cells, sentence
from decade.scope import NOT_KNOWN
from decade.ui import session
from decade.ui.cards import Card, at
from decade.ui.fetch import fetch, filter_values
from decade.ui.words import ATTRIBUTES

NRR_PAGE = "pages/board/net_revenue_retention.py"
MOVEMENTS_PAGE = "pages/board/movements.py"
BIG_LOGOS_PAGE = "pages/customers/big_logos.py"
RENEWALS_PAGE = "pages/customers/renewals.py"
SINCE = {1: "in a month", 3: "in three months", 12: "in twelve months"}


def points(value: float) -> str:
    """A change of a rate: 2.1 points."""
    return f"{value * 100:.1f} points"


def usual_slices() -> str:
    """The attribute by which a change is told: the first that has more than one known value, and no masked names."""
    values = filter_values()
    offered = [name for name in ATTRIBUTES if name != session.OWNER or not session.is_masked()]
    known = {name: [each for each in values.get(name, []) if each != NOT_KNOWN] for name in offered}
    return next((name for name in offered if len(known[name]) > 1), "none")


def retention_cards(months: int, *, is_told: bool) -> list[Card]:
    """NRR, GRR and logo retention, trailing twelve months; `is_told`: with what moved them."""
    rates = fetch("revenue_retention", form="ttm", by="none")
    moved = fetch("retention_change", until=_until(rates), months=months, by=usual_slices()) if is_told else None
    made = []
    for column, label in (("nrr", "NRR"), ("grr", "GRR"), ("logo_retention", "Logo retention")):
        said = None
        if moved is not None:
            made_by = cells(moved, column, "status")
            said = _said(label, rates[column], months, made_by, percent, points) or (
                "Empty: the history in scope is shorter than twelve months, or nothing was there at its start."
                if is_missing(at(rates[column], 0))
                else "No change to explain: before, the history was shorter than twelve months."
            )
        name = f"{label}, 12 months"
        made.append(Card(name, rates[column], percent, "points", "revenue_retention", column, said, NRR_PAGE, rates))
    return made


def arr_card(months: int, currency: str, *, is_told: bool) -> Card:
    """ARR at the end of the last full month; `is_told`: with what moved it."""
    full = _full(fetch("mrr_bridge"))
    arr = full["closing"] * 12
    said = None
    if is_told:
        moved = fetch("mrr_change", until=_until(full), months=months, by=usual_slices())
        moved[["amount", "cell_amount"]] *= 12
        said = _said("ARR", arr, months, cells(moved, "amount", "kind"), *_money_writers(currency))
        said = said or "No change to explain yet: the history in scope is shorter than that."
    return Card(
        "ARR",
        arr,
        _money_writers(currency)[0],
        "share",
        "mrr_bridge",
        "closing",
        said,
        MOVEMENTS_PAGE,
        full,
    )


def quick_card(months: int, currency: str) -> Card:
    """The quick ratio of the last full month: what came in against what was lost, then and before."""
    full = _full(fetch("mrr_bridge"))
    gained = full["new"] + full["reactivation"] + full["expansion"]
    lost = (full["churn"] + full["contraction"]).abs()
    if full.empty:
        said = "No full month in scope."
    elif lost.iloc[-1] == 0:
        said = f"Empty: nothing was lost in {full['month'].iloc[-1]:%Y-%m}; {money(gained.iloc[-1], currency)} came in."
    else:
        said = f"{money(gained.iloc[-1], currency)} of MRR came in for {money(lost.iloc[-1], currency)} lost"
        if len(full) > months:
            then = -1 - months
            said += (
                f" in {full['month'].iloc[-1]:%Y-%m}; {money(gained.iloc[then], currency)} for "
                f"{money(lost.iloc[then], currency)} in {full['month'].iloc[then]:%Y-%m}"
            )
        ways = {"contraction": full["contraction"].iloc[-1], "churn": full["churn"].iloc[-1]}
        most = min(ways, key=lambda kind: float(ways[kind]))
        said += f". Of the loss, {percent(abs(ways[most]) / lost.iloc[-1], 0)} was {most}."
    return Card(
        "Quick ratio, month",
        full["quick_ratio"],
        ratio,
        "difference",
        "mrr_bridge",
        "quick_ratio",
        said,
        MOVEMENTS_PAGE,
        full,
    )


def small_deals_card(months: int, currency: str) -> Card:
    """ARR in small deals in big logos at as_of, its course where all of it is recurring revenue."""
    accounts = fetch("penetration")
    small = accounts[accounts["is_small_in_big"].fillna(False)]
    total = float(small["acv"].sum())
    course = fetch("small_in_big")
    ends = float(course["arr"].iloc[-1]) if len(course) else None
    is_whole = ends is not None and session.scope().to_month is None and abs(ends - total) < 0.01
    shown = course["arr"] if is_whole else pd.Series([total])
    if small.empty:
        said = "No big logo in scope has a small deal today."
    else:
        largest = small.sort_values("open_potential", ascending=False, kind="stable").iloc[0]
        said = f"{len(small):,} accounts today"
        if is_whole and len(course) > months:
            said += f", {count(course['accounts'].iloc[-1 - months])} {SINCE[months].replace('in ', '')} before"
        known = small["open_potential"].sum(min_count=1)
        if not is_missing(known):
            said += (
                f". They could buy {money(known, currency)} more a year, most of all {largest['account']} "
                f"({money(largest['open_potential'], currency)})"
            )
        said += "."
    return Card(
        "ARR in small deals in big logos",
        shown,
        _money_writers(currency)[0],
        "share",
        "small_in_big",
        "arr",
        said,
        BIG_LOGOS_PAGE,
        small,
    )


def renewals_card(currency: str) -> Card:
    """ARR that decides within two months or has passed its date, without contracts that roll by the month."""
    renewals = fetch("renewals")
    due = renewals[(renewals["state"].isin(["critical", "late", "start now"])) & ~renewals["is_rolling"].fillna(False)]
    unheard = due[due["state"].isin(["critical", "late"]) & due["flags"].str.contains("no touch").fillna(False)]
    rolling = int(renewals["is_rolling"].sum())
    if due.empty:
        said = "No contract of three months or more ends within two months."
    else:
        said = f"{len(due):,} accounts decide within two months or are past their date"
        if len(unheard):
            largest = unheard.sort_values("mrr", ascending=False, kind="stable").iloc[0]
            said += (
                f"; {len(unheard):,} of them, {money(12 * unheard['mrr'].sum(), currency)} a year, were not spoken to "
                f"in two months, the largest {largest['account']} ({money(12 * largest['mrr'], currency)})"
            )
        said += "."
    if rolling:
        said += f" {rolling:,} more roll on by the month."
    course = pd.Series([12 * float(due["mrr"].sum())])
    written = _money_writers(currency)[0]
    return Card("ARR up for renewal", course, written, "", "renewals", "mrr", said, RENEWALS_PAGE, due)


def _said(
    label: str,
    course: pd.Series,
    months: int,
    made_by: list[Cell],
    written: Callable[[float], str],
    changed: Callable[[float], str],
) -> str:
    last, before = at(course, 0), at(course, months)
    if last is None or before is None:
        return ""
    return sentence(label, last, before, made_by, written=written, changed=changed, when=SINCE[months])


def _money_writers(currency: str) -> tuple[Callable[[float | None], str], Callable[[float], str]]:
    return lambda value: money(value, currency), lambda value: money(value, currency)


def _full(bridge: pd.DataFrame) -> pd.DataFrame:
    return bridge[bridge["is_full"].fillna(False)]


def _until(frame: pd.DataFrame) -> object:
    return frame["month"].iloc[-1].date() if len(frame) else None
