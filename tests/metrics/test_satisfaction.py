"""Satisfaction on paper: promoters less detractors, and answers of at least four fifths of the scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from decade.warehouse import Workspace
from support.workspaces import as_date, charge, fill


def answers(kind: str, scores: list[float], account: str = "a", day: str = "2026-01-15") -> list[dict[str, object]]:
    return [{"account_id": account, "kind": kind, "score": score, "answered_on": as_date(day)} for score in scores]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace.open(tmp_path / "answers")
    fill(
        found,
        as_of="2026-03-31",
        accounts=[{"account_id": "a", "segment": "SMB"}, {"account_id": "b"}],
        charges=[charge("a", "2025-01-01", None, 10), charge("b", "2025-01-01", None, 10)],
        surveys=[
            *answers("NPS", [10, 9, 8, 7, 6, 0]),
            *answers("NPS", [9], "b"),
            *answers("NPS", [0, 1], day="2025-03-31"),  # the twelve months begin a day later
            *answers("NPS", [0], day="2026-04-01"),
            *answers("CSAT", [5, 4, 3]),
            *answers("ESAT", [10, 8, 7]),
        ],
    )
    return found


def test_all_answers_of_twelve_months(workspace: Workspace) -> None:
    found = workspace.ask("satisfaction").set_index("kind")
    assert found.loc["NPS", "score"] == pytest.approx((3 - 2) / 7)
    assert found["answers"].to_dict() == {"CSAT": 3, "ESAT": 3, "NPS": 7}
    assert found.loc["NPS", "accounts"] == 2
    assert found.loc["CSAT", "score"] == pytest.approx(2 / 3)  # of five: 4 and 5
    assert found.loc["ESAT", "score"] == pytest.approx(2 / 3)  # of ten: 8 and 10


def test_by_segment(workspace: Workspace) -> None:
    found = workspace.ask("satisfaction", by="segment").set_index(["slice", "kind"])["score"]
    assert found["SMB", "NPS"] == pytest.approx(0)
    assert found["(not known)", "NPS"] == 1
