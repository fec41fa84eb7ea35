"""Who leaves when: month 12, year 3, big logos against small ones, and the accounts that went."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from decade.charts import cohort_lines
from decade.charts.formats import count, percent
from decade.models.leaving import turning_points
from decade.ui.cohort_boxes import Choices
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import option
from decade.ui.table import table
from decade.ui.words import GRAINS, SLICES


def leaving_box(chosen: Choices) -> None:
    """What changes at month 12 and in year 3: the share that leaves at each age, big logos against small ones."""
    box = st.expander(
        "When do they leave? Month 12, year 3, big logos against the rest",
        key="when_they_leave",
        bind="query-params",
        icon=":material/logout:",
    )
    if not box.open:
        return
    with box:
        by = option("Groups", SLICES | {"none": "All together"}, key="leaving_by", default="big_logo")
        by = "plan_at_start" if by == "plan" else by
        frame = fetch("leaving_by_age", grain=chosen.grain, by=by)
        if frame.empty:
            st.caption("No account has reached its first age in this scope.")
            return
        points = turning_points(frame, chosen.grain)
        figure(
            cohort_lines.leaving(frame, unit=GRAINS[chosen.grain]),
            explains="leaving_by_age",
            data=frame,
            key="leaving",
            title="Of those still there, the share that leaves at each age",
            picks=["left_slice", "left_age"],
            said=". ".join(_said(points, list(dict.fromkeys(frame["slice"])))),
            hint="Hollow points: fewer than five at risk. Click a point for who left",
        )
        table(
            points,
            explains="leaving_by_age",
            key="points",
            opens_account=False,
            also={"beside_at_risk": "count", "beside_rate": "rate"},
        )
        _leavers(frame, chosen, by)


def _said(points: pd.DataFrame, slices: Sequence[str]) -> list[str]:
    """One sentence a turning point: each slice's share with its interval and n, beside the ages around it."""
    sentences = []
    for point, part in points.groupby("point", sort=False) if len(points) else ():
        told = [_told(row) for row in part.head(3).to_dict("records")]
        sentences.append(f"{point}: {', '.join(told)}" + (" and more in the table" if len(slices) > 3 else ""))
    return sentences


def _told(row: Mapping[Hashable, Any]) -> str:
    beside = "" if pd.isna(row["beside_rate"]) else f"; at the ages beside {percent(row['beside_rate'])}"
    interval = f"{percent(row['low'])} to {percent(row['high'])}"
    return f"{row['slice']} {percent(row['rate'])} leave ({interval}, n = {count(row['at_risk'])}{beside})"


def _leavers(frame: pd.DataFrame, chosen: Choices, by: str) -> None:
    slices = list(dict.fromkeys(frame["slice"]))
    ages = [str(int(age)) for age in sorted(frame.loc[frame["lost"] > 0, "age"].unique())]
    if not ages:
        st.caption("Nobody has left in this scope.")
        return
    first, second, _ = st.columns([2, 2, 4], vertical_alignment="bottom")
    with first:
        name = option("Who left, of", {each: each for each in slices}, key="left_slice", default=slices[0])
    with second:
        age = option(f"At age ({chosen.unit}s)", {each: each for each in ages}, key="left_age", default=ages[0])
    gone = fetch("leavers_by_age", grain=chosen.grain, by=by, slice=name, age=int(age))
    columns = ["account", "lost_month", "lost_mrr", "first_month", "is_back"]
    table(gone, explains="leavers_by_age", key="leavers", columns=columns)
