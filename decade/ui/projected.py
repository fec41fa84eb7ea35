"""Projections and back-tests for a page, made once for the same workspace, revision, scope and choices."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from decade.errors import Refused
from decade.models.backtest import BackTest, back_test
from decade.models.engine import PIECES
from decade.models.logos import project_logos
from decade.models.projection import Projection
from decade.models.revenue_projection import project_revenue
from decade.scope import Scope
from decade.ui import session
from decade.warehouse import Workspace


def projection(kind: str, *, by: str = "none", slice_name: str = "All", pieces: Sequence[str] = ()) -> Projection:
    """Ten years of a kind (logo, gross, net) in the scope of the page. Raises Refused when the history is too short."""
    found = _projection(*_place(), session.scope(), kind, by, slice_name, tuple(sorted(pieces or PIECES)))
    if isinstance(found, str):
        raise Refused(found)
    return found


def tested(kind: str) -> BackTest:
    """The back-test of a kind in the scope of the page. Raises Refused when the history is too short."""
    found = _tested(*_place(), session.scope(), kind)
    if isinstance(found, str):
        raise Refused(found)
    return found


def _place() -> tuple[str, int]:
    workspace = session.workspace()
    return str(workspace.folder), workspace.revision


@st.cache_data(max_entries=100, max_size="100MB", show_spinner="Projecting …")
def _projection(
    folder: str,
    revision: int,  # noqa: ARG001  (part of the key)
    scope: Scope,
    kind: str,
    by: str,
    slice_name: str,
    pieces: tuple[str, ...],
) -> Projection | str:
    frame = Workspace.open(folder).history(kind, scope, by=by)
    frame = frame[frame["slice"] == slice_name].drop(columns="slice")
    try:
        if kind == "logo":
            return project_logos(frame, pieces=pieces)
        return project_revenue(frame, is_gross=kind == "gross")
    except Refused as refused:
        return refused.sentence()


@st.cache_data(max_entries=40, max_size="50MB", show_spinner="Hiding the last years and forecasting them …")
def _tested(folder: str, revision: int, scope: Scope, kind: str) -> BackTest | str:  # noqa: ARG001  (part of the key)
    frame = Workspace.open(folder).history(kind, scope).drop(columns="slice")
    try:
        return back_test(frame)
    except Refused as refused:
        return refused.sentence()
