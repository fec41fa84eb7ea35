"""Cohorts: what is left of the accounts that began together, at each age, over ten years."""

import streamlit as st

from decade.charts import cohort_lines
from decade.charts import cohorts as charts
from decade.charts.formats import percent
from decade.models.cohorts import best_and_worst, mature_cells, weighted_mean
from decade.ui.cohort_boxes import accounts_behind_a_cell, across, choices, picked, placed, table_box
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.leaving import leaving_box
from decade.ui.page import headline
from decade.ui.projection_boxes import FOLLOWS, projected_cells, projection_box, why_box
from decade.ui.second_run import come_back
from decade.ui.words import COHORTS_BY, RETAINED

headline("Cohorts", "What is left of the accounts that began together, at each age, over ten years?")
stop_if_empty()
chosen = choices()
unit = chosen.unit
cells = placed(fetch("cohort_retention", kind=chosen.kind, grain=chosen.grain, by=chosen.by), chosen)
mature = mature_cells(cells)
if mature.empty:
    nothing("No cohorts to show", "In this scope no account has a known age, or none has completed its first month.")
    st.stop()
mean = weighted_mean(cells)
cell = picked(mature)
at_one = mean[mean["age"] == 1]
oldest = int(mature["age"].max())
said = f"The oldest age observed is {oldest} {unit}{'s' if oldest != 1 else ''}; the rest has not happened yet"
if len(at_one):
    said = f"After one {unit} the mature cohorts keep {percent(at_one['rate'].iloc[0])} on weighted average. {said}"
along = f"{charts.UNITS[chosen.grain]}s since the first month" if chosen.is_by_age else f"Calendar {unit}"
title = f"{RETAINED[chosen.kind]} retained, " + (
    f"by {COHORTS_BY[chosen.by].lower()}" if chosen.by != "start" else f"cohorts of a {unit}"
)
hint = "Mature cells only; fewer than five accounts are grey" + (
    "; cohorts older than the data begin where they were first seen" if cells["late_entries"].gt(0).any() else ""
)
sides = [("", cells, cell, None)]
means = {"": mean}
other = None
if chosen.versus is not None:
    asked = {"kind": chosen.kind, "grain": chosen.grain, "by": chosen.by, "scope": chosen.versus}
    second = placed(fetch("cohort_retention", **asked), chosen)
    other = mature_cells(second)
    means = {", this selection": mean, ", compared with": weighted_mean(second)}
    sides.append(("_versus", second, cell, chosen.versus))
ahead, why_not = projected_cells(chosen.kind, chosen.grain, chosen.by, cells)
if ahead is not None:
    ahead = placed(ahead, chosen)
columns = across(chosen, mature, ahead, other)
for place, (suffix, shown, outlined, scope) in zip(st.columns(len(sides)), sides, strict=True):
    with place:
        figure(
            charts.heatmap(
                shown,
                kind=chosen.kind,
                across=columns,
                title=along,
                projected=None if suffix else ahead,
                picked=outlined,
                whose="versus" if suffix else "this",
            ),
            explains="cohort_retention",
            data=shown.drop(columns="at"),
            key=f"cells{suffix}",
            title=f"{title}{', compared with' if suffix else ''}",
            picks=["cohort", "age", "whose"],
            opens="behind",
            hint=f"{hint}. Click a cell for its accounts",
            said="" if suffix else ". ".join(part for part in (said, why_not) if part),
            scope=scope,
        )
if ahead is not None:
    projection_box(chosen.kind)
elif why_not == FOLLOWS:
    come_back(560)
if ahead is not None or why_not == FOLLOWS:
    why_box(chosen.kind, is_known=ahead is not None)
figure(
    cohort_lines.curves(
        cells,
        means,
        title=along,
        records=best_and_worst(cells, mean) if chosen.by == "start" else None,
        picked=cell,
        is_by_age=chosen.is_by_age,
    ),
    explains="cohort_retention",
    data=mean,
    key="curves",
    title="Every cohort, the weighted mean of the mature ones, their median, the best and the worst",
    picks=["cohort", "age", "whose"],
    opens="behind",
    hint="Click a point for its accounts"
    + (", one of the mean for those of every mature cohort" if chosen.is_by_age else ""),
)
table_box(chosen, cells, means)
leaving_box(chosen)
accounts_behind_a_cell(chosen, mature, other)
