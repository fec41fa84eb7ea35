"""The collector: what lives long is set aside, and garbage among it is found all the same."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable, Iterator

import pytest

from decade.ui import collecting


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(collecting, "SECONDS", 0.01)
    monkeypatch.setattr(collecting, "WHOLE", 3)
    is_over = collecting.keep_apart()
    yield
    is_over.set()
    time.sleep(0.05)
    gc.unfreeze()


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(300):
        if holds():
            return True
        gc.collect()  # as at the end of a run
        time.sleep(0.02)
    return False


class Node:
    other: Node


def test_what_lives_is_set_aside(quick: None) -> None:
    before = gc.get_freeze_count()
    kept = [[each] for each in range(50_000)]
    assert eventually(lambda: gc.get_freeze_count() > before + 40_000)
    assert kept


def test_a_ring_of_garbage_among_it_is_found(quick: None) -> None:
    one, two = Node(), Node()
    one.other, two.other = two, one
    gone = weakref.ref(one)
    frozen = gc.get_freeze_count()
    assert eventually(lambda: gc.get_freeze_count() != frozen)
    del one, two
    assert eventually(lambda: gone() is None)
