"""Lifetime value: what an account won is worth by each formula, against its cost, and two segments over ten years."""

import streamlit as st

from decade.ui.acquisition import margin_sentence
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions
from decade.ui.lifetime_value import discount_rate, formulas_box, segments_compared, two_segments, value_numbers
from decade.ui.measured import measured, won, won_sentence
from decade.ui.page import choice, headline, option, plain
from decade.ui.second_run import come_back, is_due
from decade.ui.words import BASES
from decade.ui.worth import ALL

headline("Lifetime value", "What is a new customer worth over ten years, and is that more than it cost?")
stop_if_empty()
currency = conventions().reporting_currency or ""
left, middle, right = st.columns([3, 4, 2], vertical_alignment="bottom")
with middle:
    basis = choice("Spend", BASES, key="basis", default="fully_loaded")
segments = won(basis)
names = segments["slice"].tolist()
if not names:
    nothing("Lifetime value", "No account was won in the last twelve full months of this scope.")
    st.stop()
with left:
    part = option("Accounts of", {ALL: "All accounts"} | {name: name for name in names}, key="part", default=ALL)
with right:
    rate = discount_rate()
st.caption(plain(f"{won_sentence(segments, part, currency)}. {margin_sentence()}."))
worth = st.container()
sides = []
if len(names) > 1:
    sides = two_segments(names)
else:
    nothing("Two segments over ten years", "Accounts of two segments have to be won in the last twelve months.")
# What was counted and what can be chosen stand before the projections have been computed.
if is_due("lifetime value"):
    with worth:
        found = measured(part, basis=basis)
        value_numbers(found, rate, currency)
        formulas_box(found, rate, currency)
    if sides:
        segments_compared(sides, basis, rate, currency)
else:
    with worth:
        come_back(640)
