"""After landing: who stays, what becomes of the revenue, and whether landing small costs us the customer."""

from dataclasses import replace

import streamlit as st

from decade.ui import session
from decade.ui.empty import stop_if_empty
from decade.ui.fetch import conventions
from decade.ui.landing import experiments_box, hazard_box, revenue_box, survival_box, trend_box
from decade.ui.page import choice, headline
from decade.ui.second_run import come_back, is_due

headline("After landing", "What became of small deals: did landing small cost us the customer, or did they grow?")
stop_if_empty()
rules = conventions()
who = choice("Accounts", {"all": "All accounts", "big": "Big logos only"}, key="who", default="all")
scope = session.scope() if who == "all" else replace(session.scope(), big_logos_only=True)
# Who stays is answered first; the test and what became of the revenue follow.
is_whole = is_due("after landing", who)

left, right = st.columns([3, 2])
with left:
    survival_box(scope)
with right:
    if is_whole:
        trend_box(scope, rules.small_penetration)
    else:
        come_back(380)
left, right = st.columns(2)
with left:
    hazard_box(scope)
with right:
    revenue_box(scope, is_whole=is_whole)
experiments_box(scope, rules.reporting_currency or "")
