"""Lifetimes: how long customers stay, what they bring within ten years, and who has been here for ten."""

import streamlit as st

from decade.errors import Refused
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import fetch
from decade.ui.lifetime_boxes import (
    accounts_box,
    club_box,
    groups_figures,
    headline_numbers,
    survival_box,
    worth_table,
)
from decade.ui.page import headline, option
from decade.ui.projection_boxes import calibration_note
from decade.ui.words import COHORTS_BY

headline("Lifetimes", "How long do customers stay, what do they bring within ten years, and who has been here for ten?")
stop_if_empty()
left, right, _ = st.columns([3, 3, 4])
with left:
    by = option("Lifetimes by", COHORTS_BY, key="lifetimes_by", default="start")
with right:
    attributes = {name: label for name, label in COHORTS_BY.items() if name != "start"}
    survival_by = option("Survival by", attributes, key="survival_by", default="segment")
club = fetch("decade_club")
tiles, rest = st.container(), st.container()
with rest:
    held_by = dict.fromkeys(survival_box(survival_by), survival_by)
    club_box(club)
# What is counted stands before what is simulated has been computed.
with tiles:
    try:
        usual = headline_numbers(club)
        found = worth_table(by)
    except Refused as refused:
        nothing("No lifetimes yet", refused.sentence())
    else:
        groups_figures(found, usual, by)
        calibration_note("logo")
        held_by = dict.fromkeys(found["group"].astype(str), by) | held_by
if held_by:
    accounts_box(held_by)
