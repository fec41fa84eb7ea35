"""Why do they differ? The same charges under every convention, and which switch and accounts make the difference."""

import streamlit as st

from decade.conventions import PRESETS
from decade.models.compared import MEASURES, by_cause, side_by_side
from decade.months import parse_month
from decade.ui.compared import (
    PERIODS,
    accounts_table,
    cause_option,
    causes_figure,
    other_tool,
    own_row,
    presets,
    says_in,
    steps,
    switches,
    table_of,
)
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, full_months
from decade.ui.figure import in_force, sentence
from decade.ui.page import choice, headline, option, plain
from decade.ui.second_run import come_back, is_due

headline("Why do they differ?", "What would other tools make of the same charges, and which rule makes the difference?")
stop_if_empty()
months = full_months()[::-1]
if not months:
    nothing("Nothing to compare", "The data holds no complete month yet.")
    st.stop()
own = conventions()
currency = own.reporting_currency or ""

first, second = st.columns([1, 3], vertical_alignment="bottom")
with first:
    month = parse_month(option("Month", {each: each for each in months}, key="at", default=months[0]))
with second:
    window = int(choice("Movements of", PERIODS, key="window", default="12"))
box, causes_box = st.container(border=True), st.container(border=True)
with causes_box:
    st.markdown("**From yours to theirs**")
    first, second, _ = st.columns([1, 1, 2])
    others = {name: name for name in PRESETS if own.differing(own.preset(name))}
    with first:
        against = option("Against", others, key="with", default=next(iter(others)))
    with second:
        measure = option("Measure", {name: label for name, (label, _) in MEASURES.items()}, key="number", default="mrr")
theirs = own.preset(against)
drawn, accounts_box, other_box = st.container(), st.container(), st.container(border=True)
with other_box:
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        says = says_in(measure)
# The own count stands before the others have been made.
is_counted = is_due("conventions", against, says is None)
shown = presets() if is_counted else own_row()
with box:
    st.markdown(f"**Every convention at the end of {month:%Y-%m}**")
    table_of(side_by_side(shown, month, window))
    st.caption(plain(f"{in_force()} {sentence()}"))
labels = switches(theirs)
if not is_counted:
    with accounts_box:
        cause_option(labels, None)
    with drawn:
        come_back(420)
else:
    counts = steps(theirs)
    causes = by_cause(counts, measure, month, window)
    with drawn:
        is_known = causes_figure(causes, measure, month, against, currency)
    if is_known:
        with accounts_box, st.container(border=True):
            place = list(labels).index(cause_option(labels, causes))
            accounts_table(counts[place][1], counts[place + 1][1], measure, month, window)
    with right:
        other_tool(says, shown, measure, month, window, currency)
