"""Definitions on a page, generated from the headers of the questions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from decade.queries import Question, metrics
from decade.ui import session
from decade.ui.page import go

PAGE = "pages/data/definitions.py"


def entries(words: str = "") -> list[Question]:
    """The metrics whose name, words or columns hold every one of the words, by title."""
    wanted = words.lower().split()
    found = [each for each in metrics().values() if all(word in _text(each) for word in wanted)]
    return sorted(found, key=lambda each: each.title)


def whole(name: str) -> None:
    """Everything that a metric's header says, and its SQL."""
    question = metrics()[name]
    with st.container(border=True, key="definition"):
        st.markdown(f"#### {question.title}")
        st.text(question.question)
        if question.formula:
            st.code(question.formula, language=None, wrap_lines=True)
        st.text(f"Grain: {question.grain}. {question.note}")
        columns = [(each.name, each.unit, each.meaning) for each in question.columns]
        st.dataframe(
            pd.DataFrame(columns, columns=["Column", "Unit", "Meaning"]), hide_index=True, key="definition_columns"
        )
        if question.parameters:
            rows = [
                (each.name, ", ".join(each.choices) or each.kind, each.default, each.meaning)
                for each in question.parameters
            ]
            st.dataframe(
                pd.DataFrame(rows, columns=["Parameter", "Values", "Default", "Meaning"]),
                hide_index=True,
                key="definition_parameters",
            )
        box = st.expander("SQL", icon=":material/code:", key="sql", bind="query-params")
        if box.open:
            box.code(question.sql.strip(), language="sql", wrap_lines=True)
        st.caption(f"On the command line: python -m decade show {name}")


def open_definition(name: str, key: str) -> None:
    """A button that leads to a metric's definition."""
    if st.button("Open in Definitions", icon=":material/menu_book:", key=f"{key}_definition", type="tertiary"):
        session.put("metric", name)
        session.put("find", "")
        go(PAGE)


def _text(question: Question) -> str:
    columns = " ".join(f"{each.name} {each.meaning}" for each in question.columns)
    parts = (question.name, question.title, question.question, question.formula, question.note, columns)
    return " ".join(parts).lower().replace("_", " ")
