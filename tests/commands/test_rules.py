"""The commands about conventions: what is in force, what changing it moves, and why numbers differ."""

from __future__ import annotations

import json

import pytest

from decade.__main__ import main
from decade.conventions import PRESETS
from decade.models.compared import MEASURES
from decade.warehouse import Workspace
from support.workspaces import load_acme


@pytest.fixture
def folder(tmp_path):
    opened = load_acme(Workspace.open(tmp_path / "acme"))
    yield str(tmp_path / "acme")
    opened.close()


def told(capsys, *arguments: str) -> list[dict]:
    assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_changing_a_convention_says_what_moved(folder, capsys):
    rows = {row["measure"]: row for row in told(capsys, "conventions", "discounts=never", "fx=monthly", "-w", folder)}
    assert list(rows) == list(MEASURES)
    assert (rows["mrr"]["before"], rows["mrr"]["after"], rows["mrr"]["change"]) == (2340, 2340, 0)
    assert (rows["fx"]["before"], rows["fx"]["after"]) == (0, 5)
    assert Workspace.open(folder).conventions().name == "own"
    told(capsys, "conventions", "stripe", "-w", folder)
    assert Workspace.open(folder).conventions().name == "stripe"
    shown = {row["switch"]: row for row in told(capsys, "conventions", "-w", folder)}
    assert shown["discounts"]["stripe (in force)"] == "forever_only"
    assert set(PRESETS) <= set(shown["fx"])


def test_presets_causes_accounts_and_a_number(folder, capsys):
    rows = told(capsys, "compare", "-w", folder, "--month", "2024-03")
    assert [row["convention"] for row in rows] == ["(own)", *PRESETS]
    mrr = {row["convention"]: row["mrr"] for row in rows}
    assert mrr == {
        "(own)": 2580, "decade": 2580, "chartmogul": 2375, "stripe": 2375, "profitwell": 2580, "recurly": 2575,
        "maxio": 2380,
    }  # fmt: skip
    causes = told(capsys, "compare", "-w", folder, "--month", "2024-03", "--to", "stripe")
    effects = {row["cause"]: row["effect"] for row in causes}
    assert effects == {"discounts": 0, "fx": -5, "churn_recognised": -200, "bridge_days": 0}
    arguments = ("compare", "-w", folder, "--month", "2024-03", "--to", "stripe", "--cause", "churn_recognised")
    assert [(row["account_id"], row["effect"]) for row in told(capsys, *arguments)] == [("katsura", -200)]
    nearest = told(capsys, "compare", "-w", folder, "--month", "2024-03", "--number", "2379")
    assert (nearest[0]["value"], nearest[0]["rest"]) == (2380, -1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "--month", "soon"),
        ("compare", "--measure", "luck"),
        ("compare", "--to", "excel"),
        ("compare", "--to", "stripe", "--cause", "zero_is_active"),
        ("conventions", "fx=daily"),
    ],
)
def test_what_cannot_be_is_one_sentence(folder, capsys, arguments):
    before = Workspace.open(folder).conventions()
    assert main([*arguments, "-w", folder]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert Workspace.open(folder).conventions() == before
