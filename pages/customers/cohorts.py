"""Cohorts: what is left of the accounts that began together, at each age, over ten years."""

import streamlit as st

from decade.charts import cohorts as charts
from decade.charts.formats import percent
from decade.models.cohorts import weighted_mean
from decade.ui.drill import accounts_behind_a_cell
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, option, switch
from decade.ui.projection_boxes import projected_cells, projection_box
from decade.ui.table import table
from decade.ui.words import AGES_IN_TEN_YEARS, COHORTS_BY, GRAINS, RETAINED

headline("Cohorts", "What is left of the accounts that began together, at each age, over ten years?")
stop_if_empty()
left, middle, right, last = st.columns([4, 3, 3, 2], vertical_alignment="bottom")
with left:
    kind = choice("Retained", RETAINED, key="kind", default="logo")
with middle:
    grain = choice("Cohorts of a", GRAINS, key="grain", default="year")
with right:
    by = option("Cohorts by", COHORTS_BY, key="cohorts_by", default="start")
with last:
    switch("Project to ten years", key="project")

cells = fetch("cohort_retention", kind=kind, grain=grain, by=by)
mature = cells[cells["is_mature"].fillna(False) & cells["rate"].notna()]
if mature.empty:
    nothing("No cohorts to show", "In this scope no account has a known age, or none has completed its first month.")
    st.stop()
mean = weighted_mean(cells)
unit = GRAINS[grain].lower()
at_one = mean[mean["age"] == 1]
oldest = int(mature["age"].max())
said = f"The oldest age observed is {oldest} {unit}{'s' if oldest != 1 else ''}; the rest has not happened yet"
if len(at_one):
    said = f"After one {unit} the mature cohorts keep {percent(at_one['rate'].iloc[0])} on weighted average. {said}"

ahead, why_not = projected_cells(kind, grain, by, cells)
figure(
    charts.heatmap(cells, kind=kind, grain=grain, ages=AGES_IN_TEN_YEARS[grain], projected=ahead),
    explains="cohort_retention",
    data=cells,
    key="cells",
    title=f"{RETAINED[kind]} retained, by {COHORTS_BY[by].lower()}"
    if by != "start"
    else f"{RETAINED[kind]} retained, cohorts of a {unit}",
    picks=["cohort", "age"],
    hint="Mature cells only; fewer than five accounts are grey"
    + ("; cohorts older than the data begin where they were first seen" if cells["late_entries"].gt(0).any() else "")
    + ". Click a cell for its accounts",
    said=". ".join(part for part in (said, why_not) if part),
)
if ahead is not None:
    projection_box(kind)
figure(
    charts.curves(cells, mean, grain=grain),
    explains="cohort_retention",
    data=mean,
    key="curves",
    title="Every cohort, and the weighted mean of the mature ones",
    picks=["cohort", "age"],
    hint="Click a point for its accounts",
)
box = st.expander("The weighted mean as a table", key="mean_box", on_change="rerun")
if box.open:
    with box:
        table(mean, explains="cohort_retention", key="mean", opens_account=False)

accounts_behind_a_cell(mature, grain, by)
