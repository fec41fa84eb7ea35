"""Renewals: who decides when, and with whom nobody has begun to talk."""

import streamlit as st

from decade.charts import renewals as charts
from decade.charts.formats import money
from decade.ui import session
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import headline, numbers, option, plain, switch
from decade.ui.table import table

STATES = {
    "due": "Due: critical, late and start now",
    "critical": "Critical: inside 14 days, or past",
    "late": "Late: no touch since talks should have begun",
    "start now": "Start now: talks begun",
    "not due": "Not due",
    "all": "Every renewal",
}

headline("Renewals", "Who decides when, and with whom should we be talking already?")
stop_if_empty()
currency = conventions().reporting_currency or ""
everyone = fetch("renewals")
if everyone.empty:
    nothing("No renewals", "No account in this scope has recurring revenue today.")
    st.stop()
shown = everyone if session.value("rolling") else everyone[~everyone["is_rolling"].fillna(False)]
tiles = ["critical", "late", "start now", "not due"]
sums = shown.groupby("state")["mrr"].agg(["sum", "size"]).reindex(tiles, fill_value=0)
numbers(
    [
        (f"{state.capitalize()}: {count:,} accounts", money(12 * mrr, currency), f"{STATES[state]}.")
        for state, mrr, count in sums.itertuples()
    ]
)
ends_in = shown["renewal_on"].to_numpy("datetime64[M]")
months = [f"{each:%Y-%m}" for each in sorted(set(ends_in[shown["renewal_on"].notna().to_numpy()].tolist()))]
if not months:
    nothing("Calendar", "No contract in this scope has an end: open contracts without a term are never up for renewal.")
else:
    figure(
        charts.calendar(shown, currency=currency),
        explains="renewals",
        data=shown,
        key="calendar",
        title="ARR by month of renewal",
        picks=["renewal_month", "state"],
        hint="Click a bar for its accounts",
    )
with st.container(border=True, key="list_box"):
    st.markdown("**The list to call, next decision first**")
    first, second, third = st.columns([2, 1, 2], vertical_alignment="bottom")
    with first:
        state = option("Show", STATES, key="state", default="due")
    with second:
        names = {"all": "Any month"} | {each: each for each in months}
        month = option("Renewal in", names, key="renewal_month", default="all")
    with third:
        switch("Also contracts under three months", key="rolling")
    wanted = ["critical", "late", "start now"] if state == "due" else [state]
    is_listed = shown["state"].isin(wanted).to_numpy() | (state == "all")
    listed = shown[is_listed if month == "all" else is_listed & (ends_in == ends_in.dtype.type(month))]
    st.caption(f"{len(listed):,} accounts, {plain(money(12 * listed['mrr'].sum(), currency))} of ARR")
    table(
        listed.reset_index(drop=True),
        explains="renewals",
        key="renewals",
        columns=[
            "account",
            "renewal_on",
            "state",
            "mrr",
            "flags",
            "last_touch_on",
            "owner",
            "talks_start_on",
            "stage",
        ],
    )
