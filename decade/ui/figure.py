"""One way to show a chart: title, chart, scope sentence, and behind one button its definition, SQL and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from decade.conventions import UNSTATED
from decade.queries import Question, catalogue
from decade.scope import Scope
from decade.ui import session
from decade.ui.definitions import open_definition
from decade.ui.explaining import SHOWN, columns_in_words, explain_box, first_rows
from decade.ui.fetch import conventions
from decade.ui.page import plain
from decade.ui.table import column_config, download, without_ids

CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def figure(
    chart: go.Figure,
    *,
    explains: str,
    data: pd.DataFrame,
    key: str,
    title: str | None = None,
    picks: Sequence[str] = (),
    opens: str = "",
    hint: str = "",
    said: str = "",
    scope: Scope | None = None,
) -> None:
    """Draw a chart that explains itself.

    `picks` names the widgets that take the custom data of a clicked point, `opens` the box that they stand in;
    `hint` tells what a click does; `said` is one computed sentence above the scope; `scope` is that of the page unless
    told.
    """
    question = catalogue()[explains]
    with st.container(border=True, key=f"figure_{key}"):
        head(title or question.title, question, data, key)
        if picks:
            st.plotly_chart(
                chart,
                key=key,
                config=CONFIG,
                on_select=lambda: session.put_picked(key, picks, opens),
                selection_mode="points",
                alt=question.question,
            )
        else:
            st.plotly_chart(chart, key=key, config=CONFIG, alt=question.question)
        st.caption(plain(". ".join(part for part in (said.rstrip("."), sentence(scope), hint) if part)))


def head(title: str, question: Question, data: pd.DataFrame, key: str) -> None:
    """A title with the button that explains the numbers under it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{title}**", help=question.question, width="content")
        explain(question, data, key)


def explain(question: Question, data: pd.DataFrame, key: str) -> None:
    """Definition, SQL, data and downloads of what is shown; nothing is made before it is opened."""
    box = explain_box(key)
    if box is None:
        return
    with box:
        definition, sql, rows = st.tabs(["Definition", "SQL", "Data"])
        with definition:
            st.markdown(f"**{question.title}.** {question.question}")
            if question.formula:
                st.code(question.formula, language=None, wrap_lines=True)
            st.markdown(f"Grain: {question.grain}. {question.note}")
            st.caption(in_force())
            open_definition(question.name, key)
            columns_in_words(question.columns, key)
        with sql:
            st.code(question.sql, language="sql", height=380)
        with rows:
            shown = data.head(SHOWN)
            config = column_config(question.name, list(data.columns))
            first_rows(without_ids(shown) if session.is_masked() else shown, config, key)
        label = f"Download {len(data):,} rows as CSV"
        download(data, f"{question.name}.csv", key=f"{key}_data_csv", label=label)


def sentence(scope: Scope | None = None) -> str:
    """What the numbers under a chart are about: accounts, months, day and currency."""
    found = conventions()
    money = "" if found.reporting_currency in (None, UNSTATED) else f", in {found.reporting_currency}"
    about = scope or session.scope()
    about = replace(about, owner=tuple(session.shown_value(session.OWNER, each) for each in about.owner))
    return f"{about.sentence()}, as of {found.as_of}{money}"


def in_force() -> str:
    """The conventions in force, in one line."""
    found = conventions()
    notes = [
        f"churn at {found.churn_recognised.replace('_', ' ')}",
        f"gaps of up to {found.bridge_days} days bridged",
        f"renewals pending for {found.grace_days} days",
        f"discounts {found.discounts.replace('_', ' ')}",
        f"past due {'counts' if found.past_due_counts else 'does not count'}",
        "each month at its own exchange rates" if found.fx == "monthly" else "one exchange rate for all months",
    ]
    if found.zero_is_active:
        notes.append("active at 0 after paying")
    if found.reactivation_window_days is not None:
        notes.append(f"a return after more than {found.reactivation_window_days} days is new")
    if found.reactivation_after_months:
        notes.append(f"a return within {found.reactivation_after_months} months is new")
    return f"Convention {found.name}: {', '.join(notes)}, as of {found.as_of}."
