"""Who stands behind a point, a bar or a cell: boxes that a click on a chart opens and fills; nothing before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from decade.charts.bridge import waterfall
from decade.charts.deals import bins
from decade.charts.formats import money
from decade.models.bridge_periods import of_period
from decade.ui import session
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice, option, plain, query_value
from decade.ui.table import table
from decade.ui.words import MOVEMENTS


def bridge_behind(months: pd.DataFrame, periods: pd.DataFrame, currency: str) -> None:
    """One period of the bridge: its steps, and the movements, retained accounts or lines of files behind it."""
    names = list(periods["period"])[::-1]
    whole = f"{months['month'].iloc[0]:%Y-%m} to {months['month'].iloc[-1]:%Y-%m}"
    box = st.expander("The bridge of one period, and who is behind it", key="behind", bind="query-params")
    if not box.open:
        return
    with box, st.container(key="behind_box"):
        first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
        with first:
            usual = next((each for each in names if bool(periods.set_index("period")["is_full"][each])), names[0])
            # A point of a chart by month, while the bars are quarters or years.
            picked = str(session.value("month") or query_value("month"))
            single = months[months["month"].dt.strftime("%Y-%m") == picked]
            options = {each: each for each in [*names, *([picked] if len(single) else [])]} | {"all": f"All: {whole}"}
            period = option("Behind the period", options, key="month", default=usual)
        with third:
            views = {"moved": "Movements", "kept": "Retained over 12 months", "lines": "Lines of the files"}
            view = choice("View", views, key="view", default="moved")
        with second:
            kind = option("Movement", MOVEMENTS, key="movement", default="all")
        row = periods[periods["period"] == period]
        if row.empty:
            row = single if period != "all" else months
            row = row.assign(first_month=row["month"], last_month=row["month"])
        since, until = row["first_month"].iloc[0].date(), row["last_month"].iloc[-1].date()
        left, right = st.columns([2, 3])
        with left:
            figure(
                waterfall(of_period(months, since, until), currency=currency),
                explains="mrr_bridge",
                data=months[(months["month"].dt.date >= since) & (months["month"].dt.date <= until)],
                key="waterfall",
                title=f"Bridge of {whole if period == 'all' else period}",
                picks=["movement"],
                hint="Click a step for its accounts",
            )
        with right:
            _behind(view, since, until, kind, whole if period == "all" else period, currency)


def _behind(view: str, since: date, until: date, kind: str, said: str, currency: str) -> None:
    if view == "moved":
        scope = replace(session.scope(), from_month=since, to_month=until)
        moved = fetch("movements", scope=scope, kind=kind)
        net = plain(money(moved["amount"].sum(), currency))
        st.caption(f"{len(moved):,} movements, {net} net, in {said}")
        columns = ["month", "account", "kind", "opening", "amount", "closing"]
        table(moved, explains="movements", key="moved", columns=columns if since < until else columns[1:])
    elif view == "kept":
        kept = fetch("retained_accounts", month=until)
        then, now = (plain(money(kept[name].sum(), currency)) for name in ("mrr_then", "mrr_now"))
        st.caption(f"{len(kept):,} accounts active twelve months before {until:%Y-%m}: {then} then, {now} now")
        columns = ["account", "segment", "mrr_then", "mrr_now", "change", "status"]
        table(kept, explains="retained_accounts", key="kept", columns=columns)
    else:
        lines = fetch("traced_lines", since=since, until=until, kind=kind, part="changed")
        total = plain(money(lines["change"].sum(), currency))
        st.caption(f"{len(lines):,} lines of {lines['file_name'].nunique():,} files began or ended; together {total}")
        columns = [
            "account",
            "mrr_then",
            "mrr_now",
            "change",
            "file_name",
            "source_row",
            "plan",
            "starts_on",
            "counted_to",
        ]
        table(lines, explains="traced_lines", key="lines", columns=columns)


def deals_behind_a_bar(sizes: pd.DataFrame, currency: str) -> None:
    """The deals of one bin of the histogram, with big logos, the rest, or both."""
    if sizes.empty:
        return
    box = st.expander("Deals behind a bar", key="deals", bind="query-params")
    if not box.open:
        return
    edges = bins(sizes, currency)
    with box, st.container(key="bin_box"):
        first, second, _ = st.columns([1, 1, 2], vertical_alignment="bottom")
        with first:
            chosen = option(
                "Deals of size", {"all": "Any size"} | {name: name for name in edges}, key="size", default="all"
            )
        with second:
            side = option("With", {"all": "All", "big": "Big logos", "rest": "The rest"}, key="side", default="all")
        start, end = edges.get(chosen, (None, None))
        is_big = {"big": True, "rest": False}.get(side)
        found = fetch("deal_list", size_from=start, size_to=end, is_big_logo=is_big)
        columns = ["account", "deal_id", "is_big_logo", "closed_on", "amount"]
        table(found, explains="deal_list", key="bin", columns=columns)
