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
    table_box,
)
from decade.ui.page import headline, option
from decade.ui.projection_boxes import calibration_note
from decade.ui.second_run import come_back, is_due
from decade.ui.words import COHORTS_BY
from decade.ui.worth import lasting

headline("Lifetimes", "How long do customers stay, what do they bring within ten years, and who has been here for ten?")
stop_if_empty()
left, right, _ = st.columns([3, 3, 4])
with left:
    by = option("Lifetimes by", COHORTS_BY, key="lifetimes_by", default="start")
with right:
    attributes = {name: label for name, label in COHORTS_BY.items() if name != "start"}
    survival_by = option("Survival by", attributes, key="survival_by", default="segment")
club = fetch("decade_club")
tiles, survival = st.container(), st.container()
club_box(club)
accounts_box(by, survival_by)
# What is counted stands before what is simulated has been computed.
is_simulated = is_due("lifetimes", by)
with tiles:
    try:
        found = lasting(by, fetch("cohort_retention", kind="logo", grain="year", by=by)) if is_simulated else None
    except Refused as refused:
        nothing("No lifetimes yet", refused.sentence())
    else:
        if found is None:
            come_back(620)
        else:
            headline_numbers(found, club)
            groups_figures(found.groups, found.usual["years"], by)
            calibration_note("logo")
        table_box(None if found is None else found.groups)
with survival:  # last, because its answer takes longest
    survival_box(survival_by)
