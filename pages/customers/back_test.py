"""Back-test: the last years hidden, forecast and compared with what came, on this company's own data."""

import streamlit as st

from decade.charts import back_test as charts
from decade.charts.formats import percent
from decade.errors import Refused
from decade.models.backtest import coverage_of
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.figure import figure
from decade.ui.page import choice, headline
from decade.ui.projected import is_tested, tested
from decade.ui.projection_boxes import SOURCES, scores_table
from decade.ui.second_run import come_back, is_due
from decade.ui.words import RETAINED

SAID = {
    "wape": "Lower is better",
    "bias": "Above zero the forecast was too high",
    "coverage": "What came inside the 80 % interval; a naive line knows the chance of single accounts only",
}

headline("Back-test", "Had we forecast some years ago with the data of that day, how wrong would we have been?")
stop_if_empty()
left, right = st.columns(2)
with left:
    kind = choice("Retained", RETAINED, key="tested", default="logo")
with right:
    measure = choice("Measure", charts.MEASURES, key="measure", default="wape")
if not is_tested(kind) and not is_due("back-test", kind):
    come_back(640)
    st.stop()
try:
    found = tested(kind)
except Refused as refused:
    nothing("No back-test yet", refused.sentence())
    st.stop()

engine = found.scores[found.scores["model"] == charts.ENGINE]
far = engine[engine["horizon"] == engine["horizon"].max()]
last = far.loc[far["cells"].idxmax()]
term = f" for {last['term_months']:.0f}-month contracts" if len(far) > 1 else ""
st.markdown(
    f"**{last['horizon']:.0f} years ahead the engine is {percent(last['wape'])} off on average{term}, and "
    f"{percent(last['coverage'], 0)} of what came lies inside its 80 % interval.**"
)
st.caption(
    f"Over all horizons {percent(coverage_of(found), 0)} of what came lay inside. "
    + (
        f"Projections widen what the model may be wrong by {found.calibration:g} times."
        if found.calibration > 1
        else "Projections keep the model's own interval."
    )
)
for note in found.notes:
    st.warning(note, icon=":material/warning:")
st.caption(
    "Every past moment with two periods behind it is taken in turn: what came later is hidden, every model is fitted "
    "again, and its forecast is compared with what came. WAPE is the sum of errors over the sum of what came. "
    "Contract terms are tested apart; one ahead is a year, or a term where it is longer."
)
figure(
    charts.errors(found.scores, measure=measure),
    explains=SOURCES[kind],
    data=found.scores,
    key="errors",
    title=f"{charts.MEASURES[measure]} by years ahead: the engine against the naive lines",
    said=SAID[measure],
)
scores_table(found.scores)
box = st.expander("Every forecast, and what came", key="forecasts", bind="query-params")
if box.open:
    with box:
        st.dataframe(found.rows, hide_index=True, placeholder="–", key="back_test_rows", height=420)
