"""What is made once for all who ask: kept by what it depends on, up to a size, and never written to."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from decade.ui import shelf
from decade.ui.shelf import Shelf, made_once
from decade.warehouse import Workspace
from support.screens import choose, visit


def test_what_was_used_longest_ago_makes_room() -> None:
    small: Shelf[str] = Shelf(10)
    small.put("a", "A", 4)
    small.put("b", "B", 4)
    assert small.get("a") == "A"
    small.put("c", "C", 4)
    assert small.get("b") is None
    assert (small.get("a"), small.get("c")) == ("A", "C")
    small.put("big", "D", 100)
    assert "big" in small  # what is larger than all room is kept alone
    assert small.get("a") is None


def test_it_is_made_again_only_for_other_arguments() -> None:
    asked: list[tuple[object, ...]] = []

    @made_once()
    def made(*given: object) -> tuple[object, ...]:
        asked.append(given)
        return given

    frame = pd.DataFrame({"a": [1]})
    first = made("x", 1, frame)
    assert made("x", 1, pd.DataFrame()) is first
    assert made("x", 2, frame) is not first
    assert len(asked) == 2


def test_what_failed_is_made_again() -> None:
    tries: list[int] = []

    @made_once()
    def made() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError
        return "made"

    with pytest.raises(ValueError, match=r"^$"):
        made()
    assert made() == "made"


def test_no_page_writes_into_what_is_kept(sample: Workspace) -> None:
    """It is handed out itself and not a copy: the next page would read what another one wrote."""
    shelf.made.clear()
    pages = ("cohorts", "lifetimes", "payback", "lifetime_value", "landing", "conventions_compared", "scenarios")
    for page in pages:
        visit(page, channel="Outbound")
    before = {key: pickle.dumps(thing) for key, (thing, _) in shelf.made._kept.items()}
    assert len(before) > 5
    for page in pages:
        choose(visit(page, channel="Outbound"), "mask", True)
    after = {key: pickle.dumps(thing) for key, (thing, _) in shelf.made._kept.items()}
    assert {key: after[key] for key in before} == before
