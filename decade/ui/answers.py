"""Answers kept in memory: the most recently used, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
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
_lock = threading.Lock()


def answer(asked: Asked) -> pd.DataFrame:
    """The answer, asked once; a shallow copy, so that what a page writes into it stays with the page."""
    with _lock:
        if asked in _kept:
            _kept.move_to_end(asked)
            return _kept[asked][0].copy(deep=False)
    parameters: dict[str, Any] = dict(asked.parameters)
    frame = Workspace.open(asked.folder).ask(asked.name, asked.scope, **parameters)
    size = int(frame.memory_usage(index=False).sum())
    with _lock:
        _kept[asked] = frame, size
        room = LIMIT - sum(each for _, each in _kept.values())
        while room < 0 and len(_kept) > 1:
            room += _kept.popitem(last=False)[1][1]
    return frame.copy(deep=False)
