"""Payback: when the margin of the accounts won together has paid for winning them, observed and then projected."""

import streamlit as st

from decade.charts import acquisition as charts
from decade.ui import session
from decade.ui.acquisition import Chosen, behind_a_period, margin_sentence, months_before, usual_lag
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, switch
from decade.ui.payback import verdicts, verdicts_height, verdicts_table, what_happens
from decade.ui.second_run import come_back, is_due
from decade.ui.words import BASES, GRAINS
from decade.ui.worth import carried

headline("Payback", "When has the margin of the accounts won together paid for winning them?")
stop_if_empty()
currency = conventions().reporting_currency or ""
left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
with left:
    basis = choice("Spend", BASES, key="basis", default="fully_loaded")
with middle:
    grains = {name: GRAINS[name] for name in ("quarter", "year")}
    grain = choice("Cohorts of a", grains, key="payback_grain", default="year")
with right:
    switch("Observed only", key="observed_only")
usual, why = usual_lag()
chosen = Chosen(basis, usual)
cohorts = fetch("cohort_payback", grain=grain, **chosen.parameters())
known = cohorts[cohorts["cumulative_margin"].notna() & (cohorts["cac"] > 0)]
st.caption(f"{BASES[basis]} CAC, {months_before(usual)}. {why}. {margin_sentence()}.")
if known.empty:
    nothing(
        "Cohort payback",
        "No cohort has its CAC, its margin and a complete period: the page Acquisition says what is missing.",
    )
    st.stop()
is_observed_only = session.value("observed_only")
# What was observed does not wait for the projection.
is_whole = is_observed_only or is_due("payback", basis, grain)
curves, crossings, why_not = {}, {}, ""
if not is_whole:
    why_not = "The projection follows"
elif not is_observed_only:
    curves, crossings, why_not = carried(known, grain=grain, **chosen.parameters())
found = verdicts(known, crossings)
figure(
    charts.payback(known, curves),
    explains="cohort_payback",
    data=known,
    key="payback",
    title="Margin of each account won, as a share of what it cost to win",
    picks=["period"],
    hint="Solid is observed, dotted is projected, a ring is the month of crossing (filled when observed); drawn up to "
    "250 %. Click a line for its accounts",
    said=what_happens(found, why_not),
)
if is_whole:
    verdicts_table(found, currency)
else:
    come_back(verdicts_height(found))
with st.container(border=True, key="behind_box"):
    behind_a_period(
        found.rename(columns={"cohort": "period", "accounts": "new_accounts"}),
        chosen,
        grain=grain,
        by="none",
        currency=currency,
    )
