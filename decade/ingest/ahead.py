"""Work ahead and behind: the next piece is fetched, and the last one put away, while this one is used."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(pieces: Iterable[T]) -> Iterator[T]:
    """The same pieces in the same order, one of them always being fetched on another thread."""
    source, end = iter(pieces), object()
    with ThreadPoolExecutor(max_workers=1) as worker:
        coming = worker.submit(next, source, end)
        while (piece := coming.result()) is not end:
            coming = worker.submit(next, source, end)
            yield piece  # type: ignore[misc]


@contextlib.contextmanager
def behind(use: Callable[[T], object]) -> Iterator[Callable[[T], None]]:
    """Something to hand pieces to, in order: each is used on another thread, and waits for the one before.

    What goes wrong there is raised with the next piece, or at the end.
    """
    under_way: Future[object] | None = None

    def hand_over(piece: T) -> None:
        nonlocal under_way
        if under_way is not None:
            under_way.result()
        under_way = worker.submit(use, piece)

    with ThreadPoolExecutor(max_workers=1) as worker:
        yield hand_over
        if under_way is not None:
            under_way.result()
