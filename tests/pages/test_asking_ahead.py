"""What a page asked before is asked ahead under new filters: nothing twice, nothing for nothing, the same numbers."""

from __future__ import annotations

import threading

import pandas as pd
import pytest

from decade.scope import Scope
from decade.ui import answers
from decade.ui.answers import Asked, ahead, answer
from decade.warehouse import Workspace
from support.screens import choose, numbers, visit

PAGES = ("overview", "net_revenue_retention", "movements", "big_logos", "capacity", "small_deals")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every question that reaches the database, with the thread that asked it."""
    found: list[tuple[str, str]] = []
    real = Workspace.ask

    def ask(self: Workspace, name: str, scope: Scope | None = None, **parameters: object) -> pd.DataFrame:
        found.append((f"{name} {scope} {sorted(parameters.items())}", threading.current_thread().name))
        return real(self, name, scope, **parameters)

    monkeypatch.setattr(Workspace, "ask", ask)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_asked_twice_and_numbers_are_the_same(
    sample: Workspace, asked: list[tuple[str, str]], page: str
) -> None:
    answers._kept.clear()
    app = visit(page)
    asked.clear()
    choose(app, "region", ["Europe"])
    questions = [question for question, _ in asked]
    assert questions
    assert len(set(questions)) == len(questions)
    there = numbers(app)
    answers._kept.clear()
    asked.clear()
    assert numbers(visit(page, region="Europe")) == there
    needed = {question for question, _ in asked}
    assert set(questions) <= needed, "asked for nothing"


def test_it_is_asked_beside_the_page(sample: Workspace, asked: list[tuple[str, str]]) -> None:
    answers._kept.clear()
    app = visit("overview")
    asked.clear()
    choose(app, "region", ["Europe"])
    assert any(thread.startswith("asking") for _, thread in asked)


def test_what_a_second_run_asks_is_not_asked_ahead_of_the_first(
    sample: Workspace, asked: list[tuple[str, str]]
) -> None:
    answers._kept.clear()
    app = visit("overview")
    assert any(question.startswith("acquisition") for question, _ in asked)
    asked.clear()
    app.multiselect(key="region").set_value(["Europe"]).run(timeout=60)
    names = {question.split()[0] for question, _ in asked}
    assert {"mrr_bridge", "revenue_retention"} <= names
    assert not names & {"acquisition", "efficiency", "renewals"}


def test_what_was_not_wanted_does_not_outlive_the_page(sample: Workspace) -> None:
    answers._kept.clear()
    likely = [
        Asked(str(sample.folder), sample.opened, sample.revision, "mrr_bridge", Scope(region=(each,)), ())
        for each in ("Europe", "North America", "a", "b", "c", "d", "e", "f", "g")
    ]
    with ahead(likely):
        found = answer(likely[0])
    assert not answers._under_way
    assert found.equals(sample.ask("mrr_bridge", likely[0].scope))


def test_what_fails_ahead_fails_where_it_is_wanted(sample: Workspace) -> None:
    wrong = Asked(str(sample.folder), sample.opened, sample.revision, "no_such_question", Scope(), ())
    with ahead([wrong]):
        pass
    with ahead([wrong]), pytest.raises(KeyError):
        answer(wrong)
