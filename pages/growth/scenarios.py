"""Scenarios: the ten-year customer, what may be spent to win it, and which input a target needs."""

import streamlit as st

from decade.charts.formats import sign
from decade.errors import Refused
from decade.models import scenario as model
from decade.ui.fetch import conventions
from decade.ui.page import headline
from decade.ui.scenario_book import book, start_from, starts
from decade.ui.scenario_form import form
from decade.ui.scenario_own import choose_own, own_box, support_box
from decade.ui.scenario_tabs import claim_tab, compare_tab, doubt_tab, heatmaps_tab, solve_tab, years_tab
from decade.ui.scenarios import answer

TABS = ("Years", "Solve backwards", "Heatmaps", "If we are wrong", "Compare", "The claim")

headline("Scenarios", "What is a customer worth over ten years, and what may we spend to win one?")
currency = conventions().reporting_currency or ""
known = starts()
start, shelf, own = st.columns([4, 2, 6], vertical_alignment="bottom", gap="medium")
with start:
    name = start_from(known)
with own:
    choose_own()
inputs, outputs = st.columns([2, 3], gap="medium")
with inputs, st.container(gap="xxsmall"):
    try:
        chosen = form(known[name], currency)
    except Refused as refused:
        outputs.error(refused.sentence(), icon=":material/error:")
        st.stop()
said = model.sentence(chosen, sign(currency))
with shelf:
    book(name, chosen, said)
outcome = model.evaluate(chosen)
with outputs:
    answer(outcome, currency, said, below=lambda: support_box(chosen))
own_box(chosen, currency)
parts = (
    lambda: years_tab(outcome, currency),
    lambda: solve_tab(chosen, currency),
    lambda: heatmaps_tab(chosen, outcome),
    lambda: doubt_tab(chosen, currency),
    lambda: compare_tab(chosen, known),
    lambda: claim_tab(currency),
)
for tab, draw in zip(st.tabs(TABS, key="look", bind="query-params"), parts, strict=True):
    if tab.open:
        with tab:
            draw()
