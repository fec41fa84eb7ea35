"""Answers for a page, asked once for the same workspace, revision, scope and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import pandas as pd

from decade.conventions import Conventions
from decade.scope import Scope
from decade.ui import session
from decade.ui.answers import Asked, ahead, answer
from decade.warehouse import Workspace

THIS_RUN, LAST_RUN = "asked_now", "asked_on_"


def fetch(name: str, *, scope: Scope | None = None, **parameters: object) -> pd.DataFrame:
    """The answer to a question in the scope of the page, names masked when the session says so."""
    asked = _asked(name, scope, parameters)
    if (run := session.stashed(THIS_RUN)) is not None:
        run.append((asked, scope is None))
    frame = answer(asked)
    return _masked(frame) if session.is_masked() else frame


@contextmanager
def asking_ahead(page: str) -> Iterator[None]:
    """While a page runs: what its last first run in this session asked is asked of today's scope, several at a time."""
    now, state = session.scope(), _state()
    last, before = session.stashed(f"{LAST_RUN}{page}") or ((), now)
    run: list[tuple[Asked, bool]] = []
    session.stash(THIS_RUN, run)
    likely = [
        Asked(*state, each.name, now if is_own else _moved(each.scope, before, now), each.parameters)
        for each, is_own in last
    ]
    try:
        with ahead(likely):
            yield
    finally:
        if session.stashed(THIS_RUN) is run:
            session.stash(f"{LAST_RUN}{page}", (tuple(run), session.scope()))
        session.drop(THIS_RUN)


def not_like_the_next() -> None:
    """This run asks what the first under other filters will not: it is not the one to go by."""
    session.drop(THIS_RUN)


def _moved(asked: Scope, before: Scope, now: Scope) -> Scope:
    """A scope that was asked about, with what the page did to its own scope then done to today's."""
    own = {each.name: getattr(asked, each.name) for each in fields(Scope)}
    changed = {name: value for name, value in own.items() if value != getattr(before, name)}
    return asked if asked == Scope() else replace(now, **changed)  # a page that asks of everything goes on to


def _masked(frame: pd.DataFrame) -> pd.DataFrame:
    """Stand-ins in place of the names of customers, of people there, and of those who look after them."""
    for column, source, kind in (
        ("account", "account_id", "Account"),
        ("person", "person_id", "Person"),
        ("owner", "owner", "Owner"),
    ):
        if column in frame.columns and source in frame.columns:
            stand_ins = {each: session.masked_name(each, kind) for each in frame[source].dropna().unique()}
            frame[column] = frame[source].map(stand_ins)
    return frame


def _asked(name: str, scope: Scope | None, parameters: Mapping[str, object]) -> Asked:
    return Asked(
        *_state(),
        name,
        session.scope() if scope is None else scope,
        tuple(sorted(parameters.items())),
    )


def conventions() -> Conventions:
    """The conventions in force."""
    return _conventions(*_state())


def filter_values() -> Mapping[str, list[str]]:
    """The values that each filter can take, most accounts first."""
    return _filter_values(*_state())


def month_names() -> list[str]:
    """The months of the data, as YYYY-MM."""
    return [name for name, _ in _months(*_state())]


def full_months() -> list[str]:
    """Those of them that are complete."""
    return [name for name, is_full in _months(*_state()) if is_full]


def shown_months() -> list[date]:
    """Those of them that the scope of the page shows."""
    scope = session.scope()
    first, last = scope.from_month or date.min, scope.to_month or date.max
    return [month for name in month_names() if first <= (month := date.fromisoformat(f"{name}-01")) <= last]


def fetch_is_empty() -> bool:
    """True before the first import."""
    return session.workspace().revision == 0


def _state() -> tuple[str, int, int]:
    """What tells one state of a workspace from any other."""
    workspace = session.workspace()
    return str(workspace.folder), workspace.opened, workspace.revision


# Kept as they are and not copied for each reader, who only reads: every page asks for them a dozen times.
@lru_cache(maxsize=50)
def _conventions(folder: str, opened: int, revision: int) -> Conventions:  # noqa: ARG001  (the key)
    return Workspace.open(folder).conventions()


@lru_cache(maxsize=50)
def _filter_values(folder: str, opened: int, revision: int) -> Mapping[str, list[str]]:  # noqa: ARG001  (the key)
    frame = fetch("scope_values", scope=Scope())
    return MappingProxyType({str(name): part["value"].tolist() for name, part in frame.groupby("attribute")})


@lru_cache(maxsize=50)
def _months(folder: str, opened: int, revision: int) -> tuple[tuple[str, bool], ...]:  # noqa: ARG001  (the key)
    frame = fetch("mrr_bridge", scope=Scope())
    return tuple(zip(frame["month"].dt.strftime("%Y-%m"), frame["is_full"].fillna(False), strict=True))
