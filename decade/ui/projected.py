"""Projections and back-tests for a page, made once for the same workspace, revision, scope and choices.

A back-test takes a second or more: it runs in a process beside the page, which is drawn at once and takes over what it
finds; one that waits its turn for a scope that was left is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from decade.errors import Refused
from decade.models.backtest import BackTest, back_test
from decade.models.cohorts import extended
from decade.models.engine import PIECES
from decade.models.finer import Ahead, logo_cohorts, logo_groups, revenue_cohorts, revenue_groups
from decade.models.logos import project_logos
from decade.models.projection import Projection
from decade.models.revenue import REVENUE_PIECES
from decade.models.revenue_projection import project_revenue
from decade.scope import Scope
from decade.ui import session
from decade.ui.apart import Apart
from decade.ui.beside import Beside
from decade.ui.shelf import made_once
from decade.warehouse import Workspace

MONTHS = {"month": 1, "quarter": 3, "year": 12}
PIECES_OF = {"logo": PIECES, "gross": REVENUE_PIECES, "net": REVENUE_PIECES}
KEPT_TESTS = 60
A_MOMENT = 0.1


class Place(NamedTuple):
    """Which state of which workspace, and which accounts."""

    folder: str
    opened: int
    revision: int
    scope: Scope


def projection(
    kind: str, *, by: str = "none", slice_name: str = "All", pieces: Sequence[str] | None = None
) -> Projection:
    """Ten years of a kind (logo, gross, net) in the scope of the page. Raises Refused when the history is too short."""
    found = projection_at(place_now(), kind, by, slice_name, _switched_on(kind, pieces), calibration(kind))
    if isinstance(found, str):
        raise Refused(found)
    return found


def cells_ahead(
    kind: str, grain: str, by: str, cells: pd.DataFrame, pieces: Sequence[str] | None = None
) -> pd.DataFrame:
    """What lies right of `cells`: cohort, age, rate, low, high, is_back_tested. Raises Refused likewise."""
    found = _cells_ahead(place_now(), kind, grain, by, _switched_on(kind, pieces), calibration(kind), cells)
    if isinstance(found, str):
        raise Refused(found)
    return found


def groups(kind: str, by: str) -> Ahead:
    """The typical cohort of each group by an attribute, yearly ages. Raises Refused likewise."""
    found = groups_at(place_now(), kind, "year", by, all_pieces(kind), calibration(kind))
    if isinstance(found, str):
        raise Refused(found)
    return found


def tested(kind: str) -> BackTest:
    """The back-test of a kind in the scope of the page. Raises Refused when the history is too short."""
    with st.spinner("Hiding the last years and forecasting them …", show_time=True):
        test, spot = _test(kind), st.empty()
        while not test.done():
            wait([test], A_MOMENT)
            # A script that draws can be left for the next one; one that only waits cannot.
            spot.empty()
        found = test.result()
    if isinstance(found, str):
        raise Refused(found)
    return found


def known_test(kind: str) -> BackTest | None:
    """The back-test when it is done and could be made; it is begun when nobody has begun it yet."""
    found = _test(kind)
    result = found.result() if found.done() else None
    return result if isinstance(result, BackTest) else None


def is_tested(kind: str) -> bool:
    """True when the back-test is done, or known to be impossible."""
    return _test(kind).done()


def calibration(kind: str) -> float:
    """By how much the back-test asks to widen what the model may be wrong by; 1 as long as it is not done."""
    result = _tests.answer(place_now(), kind)
    return result.calibration if isinstance(result, BackTest) else 1.0


def all_pieces(kind: str) -> tuple[str, ...]:
    """The pieces of the model that projects a kind, none switched off."""
    return tuple(sorted(PIECES_OF[kind]))


def _switched_on(kind: str, pieces: Sequence[str] | None) -> tuple[str, ...]:
    return all_pieces(kind) if pieces is None else tuple(sorted(pieces))


def place_now() -> Place:
    """What the page is about."""
    workspace = session.workspace()
    return Place(str(workspace.folder), workspace.opened, workspace.revision, session.scope())


_apart = Apart()
_tests: Beside[BackTest | str] = Beside("back-test", KEPT_TESTS)


def _test(kind: str) -> Future[BackTest | str]:
    place = place_now()
    return _tests.asked(session.visitor(), place, kind, partial(_tested, place, kind))


def _tested(place: Place, kind: str) -> BackTest | str:
    frame = Workspace.open(place.folder).history(kind, place.scope).drop(columns="slice")
    try:
        return _apart(back_test, frame)
    except Refused as refused:
        return refused.sentence()


@made_once("Projecting …")
def projection_at(
    place: Place,
    kind: str,
    by: str,
    slice_name: str,
    pieces: tuple[str, ...],
    calibration: float,
) -> Projection | str:
    """As `projection`, of a place; a sentence where it cannot be made."""
    frame = Workspace.open(place.folder).history(kind, place.scope, by=by)
    frame = frame[frame["slice"] == slice_name].drop(columns="slice")
    try:
        if kind == "logo":
            return project_logos(frame, pieces=pieces, calibration=calibration)
        return project_revenue(frame, is_gross=kind == "gross", pieces=pieces, calibration=calibration)
    except Refused as refused:
        return refused.sentence()


@made_once("Projecting …")
def _cells_ahead(
    place: Place,
    kind: str,
    grain: str,
    by: str,
    pieces: tuple[str, ...],
    calibration: float,
    cells: pd.DataFrame,
) -> pd.DataFrame | str:
    ceiling = float("inf") if kind == "net" else 1.0
    if by == "start" and grain == "year":
        whole = projection_at(place, kind, "none", "All", pieces, calibration)
        if isinstance(whole, str):
            return whole
        return extended(cells, whole.cohorts, whole.paths, whole.tested_ahead, ceiling, whole.pooled_paths)
    found = groups_at(place, kind, grain, by, pieces, calibration)
    return found if isinstance(found, str) else extended(cells, found.names, found.paths, found.tested, ceiling)


@made_once("Projecting …")
def groups_at(
    place: Place,
    kind: str,
    grain: str,
    by: str,
    pieces: tuple[str, ...],
    calibration: float,
) -> Ahead | str:
    """As `groups`, of a place and any grain; a sentence where they cannot be made."""
    workspace, months = Workspace.open(place.folder), MONTHS[grain]
    try:
        if by != "start":
            frame = workspace.history(kind, place.scope, by=by)
            if kind == "logo":
                return logo_groups(frame, months, pieces=pieces, calibration=calibration)
            return revenue_groups(frame, months, is_gross=kind == "gross", pieces=pieces, calibration=calibration)
        yearly, finer = (
            workspace.history(kind, place.scope, grain=each).drop(columns="slice") for each in ("year", grain)
        )
        if kind == "logo":
            return logo_cohorts(yearly, finer, months, pieces=pieces, calibration=calibration)
        is_gross = kind == "gross"
        return revenue_cohorts(yearly, finer, months, is_gross=is_gross, pieces=pieces, calibration=calibration)
    except Refused as refused:
        return refused.sentence()
