"""Why do they differ? The same charges under every convention, and which switch and accounts make the difference."""

import streamlit as st

from decade.charts.compared import waterfall
from decade.conventions import PRESETS, SWITCHES
from decade.models.compared import MEASURES, RATES, by_cause, side_by_side
from decade.months import parse_month
from decade.ui.compared import (
    OWN,
    PERIODS,
    accounts_table,
    cause_option,
    complete_months,
    other_tool,
    presets,
    steps,
    switches,
    table_of,
    written,
)
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions
from decade.ui.figure import figure, in_force, sentence
from decade.ui.page import choice, headline, option, plain

headline("Why do they differ?", "What would other tools make of the same charges, and which rule makes the difference?")
stop_if_empty()
months = complete_months()
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
shown = presets()
with st.container(border=True):
    st.markdown(f"**Every convention at the end of {month:%Y-%m}**")
    table_of(side_by_side(shown, month, window))
    st.caption(plain(f"{in_force()} {sentence()}"))

with st.container(border=True):
    st.markdown("**From yours to theirs**")
    first, second, _ = st.columns([1, 1, 2])
    others = {name: name for name in PRESETS if own.differing(own.preset(name))}
    with first:
        against = option("Against", others, key="with", default=next(iter(others)))
    with second:
        measure = option("Measure", {name: label for name, (label, _) in MEASURES.items()}, key="number", default="mrr")
    theirs = own.preset(against)
    counts = steps(theirs)
causes = by_cause(counts, measure, month, window)
label, question = MEASURES[measure]
if causes[["before", "after"]].isna().any(axis=None):
    nothing(label, "Empty: the history in scope is too short for this measure in this month.")
    st.stop()
figure(
    waterfall(
        causes, labels=[SWITCHES[name] for name in causes["cause"]], ends=(OWN, against), is_rate=measure in RATES
    ),
    explains=question,
    data=causes,
    key="causes",
    title=f"{label}, {month:%Y-%m}: yours to {against}, switch by switch",
    picks=["cause"],
    hint="Switches are changed one after another in the order in which a charge meets them; the effects sum exactly",
    said=f"{written(causes['before'].iloc[0], measure, currency)} here, "
    f"{written(causes['after'].iloc[-1], measure, currency)} there",
)
with st.container(border=True):
    labels = switches(theirs)
    cause = cause_option(causes, labels)
    place = list(labels).index(cause)
    accounts_table(counts[place][1], counts[place + 1][1], measure, month, window)
with st.container(border=True):
    other_tool(shown, measure, month, window, currency)
