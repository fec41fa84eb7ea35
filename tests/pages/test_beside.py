"""Work beside the pages: what nobody looks at any more is dropped before it begins."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from decade.ui.beside import Beside


class Desk:
    """A worker whose first piece of work lasts until it is let go; remembers what was begun."""

    def __init__(self) -> None:
        self.beside: Beside[str] = Beside("test", kept=10)
        self.begun: list[str] = []
        self.go = threading.Event()
        self.ask("somebody", "first")

    def ask(self, visitor: str, place: str, kind: str = "logo"):
        return self.beside.asked(visitor, place, kind, lambda: self._work(f"{place} {kind}"))

    def _work(self, what: str) -> str:
        self.begun.append(what)
        assert self.go.wait(10)
        return what


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.go.set()


def test_only_the_newest_of_quick_changes_waits(desk: Desk) -> None:
    left = [desk.ask("me", place) for place in ("Europe", "Asia", "Africa")]
    newest = desk.ask("me", "America")
    desk.go.set()
    assert newest.result(10) == "America logo"
    assert desk.begun == ["first logo", "America logo"]
    assert all(each.cancelled() for each in left)
    assert desk.beside.answer("America", "logo") == "America logo"
    assert desk.beside.answer("Europe", "logo") is None


def test_who_comes_back_asks_anew(desk: Desk) -> None:
    left = desk.ask("me", "Europe")
    desk.ask("me", "Asia")
    again = desk.ask("me", "Europe")
    desk.go.set()
    assert left.cancelled()
    assert again.result(10) == "Europe logo"


def test_what_another_waits_for_is_kept(desk: Desk) -> None:
    shared = desk.ask("me", "Europe")
    assert desk.ask("you", "Europe") is shared
    desk.ask("me", "Asia")
    desk.go.set()
    assert shared.result(10) == "Europe logo"


def test_other_kinds_of_the_same_place_wait_together(desk: Desk) -> None:
    kinds = [desk.ask("me", "Europe", kind) for kind in ("logo", "net")]
    desk.go.set()
    assert [each.result(10) for each in kinds] == ["Europe logo", "Europe net"]


def test_an_answer_is_kept_and_a_failure_is_not(desk: Desk) -> None:
    desk.go.set()
    answer = desk.ask("me", "Europe")
    assert answer.result(10) == "Europe logo"
    assert desk.ask("me", "Europe") is answer

    def fails() -> str:
        raise ValueError("no")

    failed = desk.beside.asked("me", "Asia", "logo", fails)
    with pytest.raises(ValueError, match="no"):
        failed.result(10)
    assert desk.beside.answer("Asia", "logo") is None
    assert desk.ask("me", "Asia").result(10) == "Asia logo"
