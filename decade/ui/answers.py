"""Answers kept in memory: the most recently used, up to a number of bytes."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd

from decade.scope import Scope
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


_kept: OrderedDict[Asked, tuple[pd.DataFrame, int]] = OrderedDict()
_under_way: dict[Asked, Future[pd.DataFrame]] = {}
_lock = threading.Lock()
_askers = ThreadPoolExecutor(max(1, min(3, os.cpu_count() or 1)), thread_name_prefix="asking")


def answer(asked: Asked) -> pd.DataFrame:
    """The answer, asked once; a shallow copy, so that what a page writes into it stays with the page."""
    with _lock:
        if asked in _kept:
            _kept.move_to_end(asked)
            return _kept[asked][0].copy(deep=False)
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
    size = int(frame.memory_usage(index=False).sum())
    with _lock:
        _kept[asked] = frame, size
        room = LIMIT - sum(each for _, each in _kept.values())
        while room < 0 and len(_kept) > 1:
            room += _kept.popitem(last=False)[1][1]
    return frame
