"""Answers kept in memory, and asked ahead of what a page will want."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd

from decade.scope import Scope
from decade.ui.shelf import Shelf
from decade.warehouse import Workspace

LIMIT = 300_000_000


@dataclass(frozen=True)
class Asked:
    """All that an answer depends on; `opened` and `revision` tell one state of a workspace from another."""

    folder: str
    opened: int
    revision: int
    name: str
    scope: Scope
    parameters: tuple[tuple[str, object], ...]


_kept: Shelf[pd.DataFrame] = Shelf(LIMIT)
_under_way: dict[Asked, Future[pd.DataFrame]] = {}
_lock = threading.Lock()
_askers = ThreadPoolExecutor(max(1, min(3, os.cpu_count() or 1)), thread_name_prefix="asking")


def answer(asked: Asked) -> pd.DataFrame:
    """The answer, asked once; a shallow copy, so that what a page writes into it stays with the page."""
    found = _kept.get(asked)
    if found is not None:
        return found.copy(deep=False)
    with _lock:
        ahead = _under_way.get(asked)
    if ahead is not None:
        if not ahead.cancel():
            return ahead.result().copy(deep=False)
        with _lock:
            _under_way.pop(asked, None)
    return _ask(asked).copy(deep=False)


@contextmanager
def ahead(likely: Iterable[Asked]) -> Iterator[None]:
    """Meanwhile, ask what is likely to be wanted, several at a time; at the end nothing is left under way."""
    begun = []
    for asked in likely:
        with _lock:
            if asked not in _kept and asked not in _under_way:
                _under_way[asked] = _askers.submit(_ask, asked)
                begun.append(asked)
    try:
        yield
    finally:
        with _lock:
            left = [found for asked in begun if (found := _under_way.pop(asked, None)) is not None]
        wait([each for each in left if not each.cancel()])


def _ask(asked: Asked) -> pd.DataFrame:
    parameters: dict[str, Any] = dict(asked.parameters)
    frame = Workspace.open(asked.folder).ask(asked.name, asked.scope, **parameters)
    _kept.put(asked, frame, int(frame.memory_usage(index=False, deep=True).sum()))
    return frame
