"""Answers for a page, asked once for the same workspace, revision, scope and parameters."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from decade.conventions import Conventions
from decade.scope import Scope
from decade.ui import session
from decade.ui.answers import Asked, answer
from decade.warehouse import Workspace


def fetch(name: str, *, scope: Scope | None = None, **parameters: object) -> pd.DataFrame:
    """The answer to a question in the scope of the page, names masked when the session says so."""
    frame = answer(_asked(name, scope, parameters))
    if session.is_masked() and "account" in frame.columns and "account_id" in frame.columns:
        frame["account"] = [session.masked_name(each) for each in frame["account_id"]]
    return frame


def _asked(name: str, scope: Scope | None, parameters: Mapping[str, object]) -> Asked:
    workspace = session.workspace()
    return Asked(
        str(workspace.folder),
        workspace.opened,
        workspace.revision,
        name,
        session.scope() if scope is None else scope,
        tuple(sorted(parameters.items())),
    )


def conventions() -> Conventions:
    """The conventions in force."""
    workspace = session.workspace()
    return _conventions(str(workspace.folder), workspace.revision)


def filter_values() -> Mapping[str, list[str]]:
    """The values that each filter can take, most accounts first."""
    workspace = session.workspace()
    return _filter_values(str(workspace.folder), workspace.revision)


def month_names() -> list[str]:
    """The months of the data, as YYYY-MM."""
    workspace = session.workspace()
    return [name for name, _ in _months(str(workspace.folder), workspace.revision)]


def full_months() -> list[str]:
    """The complete months of the data, as YYYY-MM."""
    workspace = session.workspace()
    return [name for name, is_full in _months(str(workspace.folder), workspace.revision) if is_full]


def fetch_is_empty() -> bool:
    """True before the first import."""
    return session.workspace().revision == 0


@st.cache_data(max_entries=50, show_spinner=False)
def _conventions(folder: str, revision: int) -> Conventions:  # noqa: ARG001  (part of the key)
    return Workspace.open(folder).conventions()


@st.cache_data(max_entries=50, show_spinner=False)
def _filter_values(folder: str, revision: int) -> dict[str, list[str]]:  # noqa: ARG001  (the key)
    frame = fetch("scope_values", scope=Scope())
    return {str(name): part["value"].tolist() for name, part in frame.groupby("attribute")}


@st.cache_data(max_entries=50, show_spinner=False)
def _months(folder: str, revision: int) -> list[tuple[str, bool]]:  # noqa: ARG001  (the key)
    frame = fetch("mrr_bridge", scope=Scope())
    return list(zip(frame["month"].dt.strftime("%Y-%m"), frame["is_full"].fillna(False), strict=True))
