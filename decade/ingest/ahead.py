"""Work ahead: the next piece is fetched while the last one is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
