"""Definitions: what every number means, from the header of the SQL that computes it."""

import pandas as pd
import streamlit as st

from decade.ui.definitions import entries, whole
from decade.ui.figure import in_force
from decade.ui.page import headline, option, search

headline("Definitions", "What does each number mean, in which unit, and by which rule is it counted?")
wanted = search("Find", key="find", placeholder="A word: churn, payback, renewal …")
found = entries(wanted)
if not found:
    st.caption("No definition holds these words.")
    st.stop()
name = option("Metric", {each.name: each.title for each in found}, key="metric", default=found[0].name)
whole(name)
st.caption(in_force())
with st.container(border=True):
    st.markdown(f"**{len(found)} definitions**")
    st.dataframe(
        pd.DataFrame(
            [(each.title, each.question, each.grain, each.name) for each in found],
            columns=["Metric", "Question", "Grain", "Name"],
        ),
        hide_index=True,
        key="definitions",
    )
