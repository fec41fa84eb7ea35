"""Acquisition: what a new customer costs, when that is paid back, and where the next unit of spend should go."""

import streamlit as st

from decade.charts import acquisition as charts
from decade.ui.acquisition import (
    SHARED,
    Chosen,
    behind_a_period,
    efficiency_box,
    headline_numbers,
    margin_sentence,
    next_account_box,
    usual_lag,
)
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, option
from decade.ui.second_run import come_back, is_due
from decade.ui.table import table
from decade.ui.typed import missing_pieces
from decade.ui.words import BASES, GRAINS, WON_BY

TWO_YEARS = 24  # months of lag that are offered, or more where selling takes longer

headline("Acquisition", "What does a new customer cost, and when has it paid for itself?")
stop_if_empty()
currency = conventions().reporting_currency or ""
left, middle, right, last = st.columns([9, 8, 6, 6], vertical_alignment="bottom")
with left:
    basis = choice("Spend", BASES, key="basis", default="blended")
with middle:
    grain = choice("By", GRAINS, key="won_grain", default="quarter")
with right:
    by = option("Slices", WON_BY, key="won_by", default="none")
usual, why = usual_lag()
with last:
    told = "Months from the spend to the customer that it won."
    lag = st.slider("Lag, months", 0, max(TWO_YEARS, usual), usual, key="lag", bind="query-params", help=told)
chosen = Chosen(basis, int(lag))
year = fetch("acquisition", grain="twelve_months", **chosen.parameters())
headline_numbers(year, basis, currency)
st.caption(f"The last twelve full months. {why}. {margin_sentence()}.")
if not is_due("acquisition"):
    come_back(900)
    st.stop()

by_lag = fetch("acquisition_by_lag", basis=basis)
missing_pieces(has_spend=by_lag["spend_lines"].gt(0).any())
shown = fetch("acquisition", grain=grain, by=by, **chosen.parameters())
left, right = st.columns([3, 2])
with left:
    if shown["cac"].notna().any():
        figure(
            charts.cac_over_time(shown[shown["cac"].notna().cummax()], currency=currency),
            explains="acquisition",
            data=shown,
            key="cac",
            title=f"CAC by {GRAINS[grain].lower()}" + ("" if by == "none" else f" and {WON_BY[by].lower()}"),
            picks=["period", "slice"],
            hint="Click a point for its accounts and its spend",
        )
    else:
        nothing("CAC", "No period has both new accounts and spend in every month of its window.")
with right:
    if by_lag["cac"].notna().any():
        figure(
            charts.cac_by_lag(by_lag, chosen=chosen.lag_months, currency=currency),
            explains="acquisition_by_lag",
            data=by_lag,
            key="by_lag",
            title="CAC by lag",
            said="Over the last twelve full months",
        )
    else:
        nothing("CAC by lag", "There is no spend to look for.")
if by != "none":
    with st.container(border=True, key="slices_box"):
        st.markdown(f"**By {WON_BY[by].lower()}, the last twelve full months**")
        st.caption(SHARED)
        columns = ["slice", "new_accounts", "spend", "shared_spend", "cac", "payback_months", "adjusted_payback_months"]
        columns += ["gross_margin", "monthly_churn", "ltv", "ltv_to_cac"]
        slices = fetch("acquisition", grain="twelve_months", by=by, **chosen.parameters())
        table(slices, explains="acquisition", key="slices", columns=columns, opens_account=False)
for key, label, draw in (
    ("next_dollar", "Where should the next dollar go?", lambda: next_account_box(chosen, currency)),
    ("magic", "Magic number, burn multiple, rule of 40", lambda: efficiency_box(currency)),
):
    box = st.expander(label, key=key, bind="query-params")
    if box.open:
        with box:
            draw()
if len(shown):
    with st.container(border=True, key="behind_box"):
        behind_a_period(shown, chosen, grain=grain, by=by, currency=currency)
