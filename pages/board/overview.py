"""Overview: the headline numbers of the board, each with its trend, its change and what moved it."""

import streamlit as st

from decade.ui import overview, unit_economics
from decade.ui.cards import card
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import sentence
from decade.ui.page import choice, headline, plain
from decade.ui.second_run import come_back, is_due

headline("Overview", "How are we doing, what changed, and which accounts changed it?")
stop_if_empty()
currency = conventions().reporting_currency or ""
if fetch("mrr_bridge").empty:
    nothing("No months to show", "The period chosen in the sidebar holds no month of the data.")
    st.stop()

against = choice(
    "Change over", {"1": "Over a month", "3": "Over a quarter", "12": "Over a year"}, key="against", default="3"
)
months = int(against)
is_whole = is_due("overview", months)
cards = [
    overview.arr_card(months, currency, is_told=is_whole),
    *overview.retention_cards(months, is_told=is_whole),
    overview.quick_card(months, currency),
]
if is_whole:
    cards.append(overview.small_deals_card(months, currency))
    cards += [*unit_economics.acquisition_cards(months, currency), overview.renewals_card(currency)]
for start in range(0, len(cards), 3):
    for column, (place, entry) in zip(st.columns(3), enumerate(cards[start : start + 3], start), strict=False):
        with column:
            card(entry, months, str(place))
if is_whole:
    with st.container(border=True, key="efficiency_box"):
        st.markdown("**Growth and what it costs**")
        for column, (name, value, why) in zip(st.columns(3), unit_economics.efficiency_words(currency), strict=False):
            column.metric(name, value)
            column.caption(plain(why))
else:
    come_back(600)
st.caption(plain(f"{sentence()}. Full months only."))
