"""Back-test: the last years hidden, forecast and compared with what came, on this company's own data."""

import streamlit as st

from decade.charts import back_test as charts
from decade.charts.formats import percent
from decade.errors import Refused
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.figure import figure
from decade.ui.page import choice, headline
from decade.ui.projected import tested
from decade.ui.projection_boxes import SOURCES, scores_table
from decade.ui.words import RETAINED

headline("Back-test", "Had we forecast some years ago with the data of that day, how wrong would we have been?")
stop_if_empty()
kind = choice("Retained", RETAINED, key="tested", default="logo")
try:
    found = tested(kind)
except Refused as refused:
    nothing("No back-test yet", refused.sentence())
    st.stop()

engine = found.scores[found.scores["model"] == charts.ENGINE]
last = engine[engine["horizon"] == engine["horizon"].max()].iloc[0]
st.markdown(
    f"**{last['horizon']:.0f} years ahead the engine is {percent(last['wape'])} off on average, and "
    f"{percent(last['coverage'], 0)} of what came lies inside its 80 % interval.**"
)
for note in found.notes:
    st.warning(note, icon=":material/warning:")
st.caption(
    "Every past moment with two periods behind it is taken in turn: what came later is hidden, every model is fitted "
    "again, and its forecast is compared with what came. WAPE is the sum of errors over the sum of what came. "
    "Contract terms are tested apart; one ahead is a year, or a term where it is longer."
)
figure(
    charts.errors(found.scores),
    explains=SOURCES[kind],
    data=found.scores,
    key="errors",
    title="Weighted error by years ahead: the engine against the naive lines",
    said="Lower is better",
)
scores_table(found.scores)
with st.expander("Every forecast, and what came"):
    st.dataframe(found.rows, hide_index=True, placeholder="–", key="back_test_rows", height=420)
