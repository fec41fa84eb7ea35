"""A headline number as a card: value, change, trend, what moved it, its definition, and the way to its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from decade.charts.formats import is_missing, percent, ratio
from decade.queries import catalogue
from decade.ui.figure import explain
from decade.ui.page import go, plain

SENTENCE = 70  # pixels of a sentence to come


@dataclass(frozen=True)
class Card:
    """A headline number: its course (the last value is the one shown), how it is written, and what moved it.

    `step` is how many months lie between two values of the course.
    """

    label: str
    course: pd.Series
    written: Callable[[float | None], str]
    change: str
    explains: str
    column: str
    said: str | None  # None: it follows in the next run
    page: str
    data: pd.DataFrame = field(repr=False)
    is_good_when_high: bool = True
    step: int = 1

    @property
    def last(self) -> float | None:
        """The value that is shown."""
        return at(self.course, 0)


def card(entry: Card, months: int, key: str) -> None:
    """Draw a card: the number with its change and trend, the sentence, its definition, and the way on."""
    meaning = next((each.meaning for each in catalogue()[entry.explains].columns if each.name == entry.column), "")
    known = entry.course.astype("float64")
    with st.container(border=True, key=f"card_{key}", height="stretch"):
        st.metric(
            entry.label,
            entry.written(entry.last),
            delta=_delta(known, months // entry.step, entry.change),
            delta_color="normal" if entry.is_good_when_high else "inverse",
            chart_data=known.dropna().iloc[-36:].round(6).tolist() if known.notna().sum() > 2 else None,
            chart_type="line",
            help=f"{catalogue()[entry.explains].title}: {meaning}.",
        )
        if entry.said is None:
            st.skeleton(height=SENTENCE)
        else:
            st.caption(plain(entry.said))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if entry.page and st.button("Open", icon=":material/arrow_forward:", key=f"{key}_open", type="tertiary"):
                go(entry.page)
            explain(catalogue()[entry.explains], entry.data, f"card_{key}")


def at(course: pd.Series, back: int) -> float | None:
    """The value so many rows before the last; None where there is none."""
    if len(course) <= back or is_missing(course.iloc[-1 - back]):
        return None
    return float(course.iloc[-1 - back])


def _delta(course: pd.Series, months: int, kind: str) -> str | None:
    last, before = at(course, 0), at(course, months) if months else None
    if last is None or before is None or not kind:
        return None
    if kind == "points":
        return f"{(last - before) * 100:+.1f} points"
    if kind == "share":
        return None if before == 0 else ("+" if last >= before else "") + percent(last / before - 1)
    return f"{'+' if last >= before else ''}{ratio(last - before)}"
