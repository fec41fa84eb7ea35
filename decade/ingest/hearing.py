"""Who hears how far the reading of a file is, without every reader having to hand it on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

_hears: ContextVar[Callable[[int], None] | None] = ContextVar("hears", default=None)


@contextlib.contextmanager
def heard_by(hear: Callable[[int], None] | None) -> Iterator[None]:
    """While this lasts, `hear` is told of the bytes that were read; what it raises ends the reading."""
    before = _hears.set(hear)
    try:
        yield
    finally:
        _hears.reset(before)


def tell(size: int) -> None:
    """Say that so many more bytes of the file were read."""
    hear = _hears.get()
    if hear is not None:
        hear(size)
