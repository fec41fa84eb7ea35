"""Movements: every start, growth, loss and return of recurring revenue, to sort, search and take along."""

import streamlit as st

from decade.charts import movements as charts
from decade.charts.formats import money
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, shown_months
from decade.ui.figure import figure
from decade.ui.movements import SPANS, chosen_months, in_words, moved_in
from decade.ui.page import choice, headline, numbers, option, plain
from decade.ui.table import table
from decade.ui.words import MOVEMENTS, SLICES

headline("Movements", "Which accounts moved recurring revenue, when and by how much?")
stop_if_empty()
currency = conventions().reporting_currency or ""
months = shown_months()
if not months:
    nothing("No months to show", "The period chosen in the sidebar holds no month of the data.")
    st.stop()
left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    span = choice("Months", SPANS, key="span", default="12")
with right:
    by = option("Slices", SLICES, key="by", default="segment")
since, until = chosen_months(months, span)
moved = moved_in(since, until, by)
if moved.empty:
    nothing("No movement", f"No account in scope moved from {since:%Y-%m} to {until:%Y-%m}.")
    st.stop()

sums = moved.groupby("kind")["amount"].agg(["sum", "count"])
numbers(
    [
        (
            "Net",
            money(moved["amount"].sum(), currency, digits=2),
            "Sum of all movements of the period: closing less opening MRR.",
        )
    ]
    + [
        (MOVEMENTS[kind], money(sums["sum"][kind], currency, digits=2), f"{sums['count'][kind]:,} movements.")
        for kind in MOVEMENTS
        if kind in sums.index
    ]
)
figure(
    charts.by_slice(moved, currency=currency),
    explains="movements",
    data=moved,
    key="by_slice",
    title=f"MRR moved, {in_words(since, until)}" + ("" if by == "none" else f", by {SLICES[by].lower()}"),
    picks=["slice", "movement"],
    hint="Click a bar for its accounts; From and To in the sidebar make a period of your own",
)
with st.container(border=True, key="list_box"):
    first, second, third, fourth = st.columns([2, 2, 2, 3], vertical_alignment="bottom")
    with first:
        kind = option("Movement", {name: MOVEMENTS[name] for name in MOVEMENTS}, key="movement", default="all")
    with second:
        names = {"all": "All"} | {each: each for each in sorted(moved["slice"].unique())}
        one = option(SLICES[by] if by != "none" else "Slice", names, key="slice", default="all")
    with third:
        orders = {"size": "Largest first", "month": "Latest first", "account": "By account"}
        order = option("Order", orders, key="order", default="size")
    asked = fourth.text_input("Search", placeholder="Part of a name or id", key="find_moved", bind="query-params")
    listed = moved if kind == "all" else moved[moved["kind"] == kind]
    listed = listed if one == "all" else listed[listed["slice"] == one]
    if asked:
        is_named = listed["account"].str.contains(asked, case=False, regex=False)
        listed = listed[is_named | listed["account_id"].str.contains(asked, case=False, regex=False)]
    if order == "size":
        listed = listed.sort_values("amount", key=abs, ascending=False, kind="stable")
    else:
        listed = listed.sort_values(order, ascending=order == "account", kind="stable")
    total = plain(money(listed["amount"].sum(), currency))
    st.caption(f"{len(listed):,} movements of {listed['account_id'].nunique():,} accounts, {total} net")
    table(
        listed.reset_index(drop=True),
        explains="movements",
        key="movements",
        columns=["month", "account", "slice", "kind", "opening", "amount", "closing"],
        height=520,
    )
