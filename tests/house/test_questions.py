"""The house's rules about SQL: a header is the definition, and what it promises is what comes back."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from decade.queries import UNITS, catalogue, in_folder, metrics
from decade.warehouse import Workspace
from decade.warehouse.frames import KINDS
from support.project import ROOT
from support.workspaces import load_acme

ALL = list(catalogue().values())
BOUND = [each for each in ALL if each.folder in ("tables", "views", "marts", "metrics", "checks")]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_LINE = SETTINGS["tool"]["sqlfmt"]["line_length"]
CONTRACT = Path(__file__).with_name("contract.csv")


def name_of(question) -> str:
    return f"{question.folder}/{question.name}"


def promised(question) -> list[str]:
    return [column.name for column in question.columns]


@pytest.mark.parametrize("question", ALL, ids=name_of)
def test_a_file_says_what_it_is(question):
    first = question.sql.splitlines()[0]
    assert first == f"-- title: {question.title}"
    assert question.question.endswith("?"), "a question ends with a question mark"
    assert question.grain.startswith("one "), "a grain says what one row is"
    for column in question.columns:
        assert column.unit in UNITS
        assert column.meaning


@pytest.mark.parametrize("question", BOUND, ids=name_of)
def test_names_tell_kinds(question):
    assert question.columns, "a header names the columns"
    for column in question.columns:
        assert column.name.startswith("is_") == (column.unit == "flag") or column.name in FLAGS, column.name
        assert not column.name.endswith("_on") or column.unit == "date", column.name
        assert column.name != "month" or column.unit == "month"


FLAGS = {"supersedes", "auto_renew", "bant_qualified"}


@pytest.fixture(scope="module", params=["empty", "acme"])
def held(request, tmp_path_factory):
    """A workspace without anything, and one with the twelve accounts."""
    opened = Workspace.open(tmp_path_factory.mktemp(request.param))
    yield load_acme(opened) if request.param == "acme" else opened
    opened.close()


@pytest.mark.parametrize("name", metrics())
def test_a_metric_returns_what_it_promises(name, held):
    answer = held.ask(name)
    question = metrics()[name]
    assert list(answer.columns) == promised(question)
    assert [str(kind) for kind in answer.dtypes] == [KINDS[column.unit] for column in question.columns]


@pytest.mark.parametrize("name", metrics())
def test_a_metric_keeps_its_promise_for_each_choice(name, held):
    question = metrics()[name]
    for parameter in question.parameters:
        assert not parameter.choices or parameter.default in parameter.choices, parameter.name
        for choice in parameter.choices:
            answer = held.ask(name, settings={parameter.name: choice})
            assert list(answer.columns) == promised(question), (parameter.name, choice)


def test_a_choice_that_is_none_is_refused(empty_workspace):
    for name, question in metrics().items():
        for parameter in question.parameters:
            if parameter.choices:
                with pytest.raises(Exception, match="Choose one of"):
                    empty_workspace.ask(name, settings={parameter.name: "something else"})


@pytest.mark.parametrize("folder", ["tables", "views", "marts"])
def test_what_is_held_has_the_promised_columns(folder, empty_workspace):
    cursor = empty_workspace.cursor()
    for name, question in in_folder(folder).items():
        assert cursor.table(name).columns == promised(question), name


def test_a_check_returns_the_rows_that_break_its_rule(empty_workspace):
    cursor = empty_workspace.cursor()
    for name, question in in_folder("checks").items():
        found = cursor.table(f"check_{name}")
        assert found.columns == promised(question), name
        assert found.columns[:4] == ["check", "source_id", "source_row", "account_id"], name
        assert len(found) == 0, name


@pytest.mark.parametrize("question", ALL, ids=name_of)
def test_a_header_survives_the_formatter(question):
    for line in question.sql.splitlines():
        assert not line.startswith("--") or len(line) <= LONGEST_LINE, f"will be wrapped: {line}"


def test_every_check_raises_objections():
    text = in_folder("marts")["broken_rules"].sql
    for name in in_folder("checks"):
        assert f"check_{name}" in text, f"broken_rules does not hold {name}"


def test_names_and_leading_columns_are_a_contract():
    with CONTRACT.open(encoding="utf-8", newline="") as lines:
        contract = {row["metric"]: row["columns"].split() for row in csv.DictReader(lines)}
    there = {name: promised(question) for name, question in metrics().items() if name in contract}
    assert there == {name: [*contract[name], *there[name][len(contract[name]) :]] for name in there}
    assert there, "none of the promised metrics is there"


def test_a_question_is_asked_with_named_values_only():
    for question in ALL:
        code = "\n".join(line for line in question.sql.splitlines() if not line.startswith("--"))
        assert "{{" not in code, question.name
        assert "{%" not in code, question.name
        assert "?" not in code.replace("'?'", ""), question.name
