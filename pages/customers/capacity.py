"""Capacity: customer-success hours by today's revenue against by potential, and lost deals that come back."""

import streamlit as st

from decade.ui.capacity import BASES, hours_box, lost_box
from decade.ui.empty import stop_if_empty
from decade.ui.fetch import conventions
from decade.ui.page import choice, headline

headline("Capacity", "Who would get more of our time if it followed potential instead of today's revenue?")
stop_if_empty()
rules = conventions()
left, right, _ = st.columns([1, 2, 1], vertical_alignment="bottom")
hours = left.number_input("Hours a month", 1.0, 1e6, 160.0, 10.0, "%.0f", key="hours", bind="query-params")
with right:
    basis = choice("Share out by", BASES, key="basis", default="potential")
hours_box(hours, basis, rules.small_penetration)
lost_box(rules.as_of, rules.reporting_currency or "")
