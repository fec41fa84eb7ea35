"""Net revenue retention: what became of the revenue that was there, and the bridge between two months."""

import pandas as pd
import streamlit as st

from decade.charts import bridge, retention
from decade.charts.formats import money, percent, ratio
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, option, tiles
from decade.ui.scope_bar import latest_full_month
from decade.ui.table import table
from decade.ui.words import FORMS, MOVEMENTS, SLICES

headline("Net revenue retention", "What became of the revenue that was there twelve months ago?")
stop_if_empty()
currency = conventions().reporting_currency or ""
mrr = fetch("mrr_bridge")
rates = fetch("revenue_retention", form="ttm", by="none")
if mrr.empty:
    nothing("No months to show", "The period chosen in the sidebar holds no month of the data.")
    st.stop()

full = mrr[mrr["is_full"].fillna(False)]
tiles(
    [
        ("NRR", rates["nrr"], percent, "points", "revenue_retention", "nrr"),
        ("GRR", rates["grr"], percent, "points", "revenue_retention", "grr"),
        ("Logo retention", rates["logo_retention"], percent, "points", "revenue_retention", "logo_retention"),
        ("MRR", full["closing"], lambda value: money(value, currency), "share", "mrr_bridge", "closing"),
        ("Quick ratio", full["quick_ratio"], ratio, "difference", "mrr_bridge", "quick_ratio"),
    ]
)

left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    form = choice("Form", FORMS, key="form", default="ttm")
with right:
    by = option("Slices", SLICES, key="by", default="none")
shown = fetch("revenue_retention", form=form, by=by)
if shown["nrr"].notna().any():
    figure(
        retention.over_time(shown, behind="kept" if form == "ttm" else "moved"),
        explains="revenue_retention",
        data=shown,
        key="retention",
        title=f"Revenue retention, {FORMS[form].lower()}" + ("" if by == "none" else f": NRR by {SLICES[by].lower()}"),
        picks=["month", "view"],
        hint="Click a point for the accounts behind it",
    )
else:
    nothing(
        f"Revenue retention, {FORMS[form].lower()}",
        "Empty: the history in scope is shorter than twelve months, or nothing was there at its start.",
    )
figure(
    bridge.by_month(mrr, currency=currency),
    explains="mrr_bridge",
    data=mrr,
    key="bridge",
    title="MRR bridge by month",
    picks=["month", "movement", "view"],
    hint="Click a bar for the accounts behind it",
    said="" if mrr["is_full"].fillna(True).all() else "The last month is not complete: drawn faint, left out of rates",
)
pending = mrr["renewal_pending"].dropna()
if len(pending) and pending.iloc[-1] > 0:
    st.info(
        f"{money(pending.iloc[-1], currency)} of MRR is renewal pending at {conventions().as_of}: its period has "
        "ended without a successor, counted as active.",
        icon=":material/schedule:",
    )
figure(
    bridge.quick_ratio(mrr),
    explains="mrr_bridge",
    data=mrr,
    key="quick",
    title="Quick ratio by month",
    picks=["month", "view"],
    hint="Lines at 1 and 4; drawn up to 12, hover for the value; a month in which nothing was lost has none",
)

with st.container(border=True, key="behind_box"):
    months = mrr["month"].dt.strftime("%Y-%m").tolist()[::-1]
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    with first:
        month = option("Accounts behind", {each: each for each in months}, key="month", default=latest_full_month())
    with second:
        kind = option("Movement", MOVEMENTS, key="movement", default="all")
    with third:
        view = choice(
            "View", {"moved": "Moved in the month", "kept": "Retained over 12 months"}, key="view", default="moved"
        )
    day = pd.Timestamp(f"{month}-01").date()
    if view == "moved":
        moved = fetch("movements", month=day, kind=kind)
        st.caption(f"{len(moved):,} movements, {money(moved['amount'].sum(), currency)} net, in {month}")
        table(
            moved,
            explains="movements",
            key="moved",
            columns=["account", "kind", "opening", "amount", "closing"],
        )
    else:
        kept = fetch("retained_accounts", month=day)
        st.caption(
            f"{len(kept):,} accounts active twelve months before {month}: "
            f"{money(kept['mrr_then'].sum(), currency)} then, {money(kept['mrr_now'].sum(), currency)} now"
        )
        table(
            kept,
            explains="retained_accounts",
            key="kept",
            columns=["account", "segment", "mrr_then", "mrr_now", "change", "status"],
        )
