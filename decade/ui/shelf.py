"""Things kept in memory by what they depend on: the most recently used, up to a number of bytes."""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from functools import wraps
from typing import Generic, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st

Thing = TypeVar("Thing")
Given = ParamSpec("Given")
LIMIT = 200_000_000


class Shelf(Generic[Thing]):
    """A place for things up to `limit` bytes in all; it gives back the thing itself, not a copy."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Thing, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def get(self, key: Hashable) -> Thing | None:
        """What lies there, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, thing: Thing, size: int) -> None:
        """Keep a thing of so many bytes; what was used longest ago makes room."""
        with self._lock:
            self._kept[key] = thing, size
            room = self._limit - sum(each for _, each in self._kept.values())
            while room < 0 and len(self._kept) > 1:
                room += self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()


made: Shelf[object] = Shelf(LIMIT)


def made_once(
    wait: str = "", *, on: Shelf[object] = made
) -> Callable[[Callable[Given, Thing]], Callable[Given, Thing]]:
    """Make what a function makes once for the same arguments, and keep it on a shelf; `wait` is said meanwhile.

    Frames among the arguments follow from the others and are no part of the key. What is made is read, never written.
    """

    def keeping(function: Callable[Given, Thing]) -> Callable[Given, Thing]:
        @wraps(function)
        def asked(*given: Given.args, **named: Given.kwargs) -> Thing:
            told = tuple(each for each in given if not isinstance(each, pd.DataFrame))
            key = (function.__module__, function.__qualname__, told, tuple(sorted(named.items())))
            found = on.get(key)
            if found is None:
                with st.spinner(wait) if wait else nullcontext():
                    found = function(*given, **named)
                on.put(key, found, _size(found))
            return cast(Thing, found)

        return asked

    return keeping


def _size(thing: object) -> int:
    if isinstance(thing, pd.DataFrame):
        return int(thing.memory_usage(deep=True).sum())
    return len(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))
