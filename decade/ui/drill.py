"""Who stands behind a point, a bar or a cell: boxes that a click on a chart opens and fills; nothing before."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from decade.charts.deals import bins
from decade.charts.formats import money
from decade.months import parse_month
from decade.ui.fetch import fetch
from decade.ui.page import choice, option
from decade.ui.scope_bar import latest_full_month
from decade.ui.table import table
from decade.ui.words import MOVEMENTS


def accounts_behind_a_month(mrr: pd.DataFrame, currency: str) -> None:
    """Movements of a month, or the accounts behind its trailing-twelve-month retention."""
    months = [f"{month:%Y-%m}" for month in mrr["month"]][::-1]
    box = st.expander("Accounts behind a month", key="behind", bind="query-params")
    if not box.open:
        return
    with box, st.container(key="behind_box"):
        first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
        with first:
            month = option("Accounts behind", {each: each for each in months}, key="month", default=latest_full_month())
        with third:
            views = {"moved": "Moved in the month", "kept": "Retained over 12 months"}
            view = choice("View", views, key="view", default="moved")
        with second:
            kind = option("Movement", MOVEMENTS, key="movement", default="all")
        if view == "moved":
            moved = fetch("movements", month=parse_month(month), kind=kind)
            st.caption(f"{len(moved):,} movements, {money(moved['amount'].sum(), currency)} net, in {month}")
            columns = ["account", "kind", "opening", "amount", "closing"]
            table(moved, explains="movements", key="moved", columns=columns)
        else:
            kept = fetch("retained_accounts", month=parse_month(month))
            then, now = (money(kept[name].sum(), currency) for name in ("mrr_then", "mrr_now"))
            st.caption(f"{len(kept):,} accounts active twelve months before {month}: {then} then, {now} now")
            columns = ["account", "segment", "mrr_then", "mrr_now", "change", "status"]
            table(kept, explains="retained_accounts", key="kept", columns=columns)


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
