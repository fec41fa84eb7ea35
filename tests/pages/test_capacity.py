"""Capacity: hours that move, and lost deals on the clock."""

from __future__ import annotations

import pytest

from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_row, table, tiles, visit

PAGE = "capacity"


def test_what_some_win_others_lose(sample: Workspace) -> None:
    app = visit(PAGE)
    shown = table(app, "account", "change", "hours_by_arr")
    assert shown["change"].sum() == pytest.approx(0, abs=1e-6)
    assert shown["hours_by_arr"].sum() == pytest.approx(160)
    assert tiles(app)["Hours that move"] == f"{shown['change'].clip(lower=0).sum():,.0f} of 160"


@pytest.mark.parametrize("basis", ["potential", "ten_times"])
def test_bars_are_the_ends_of_the_list(sample: Workspace, basis: str) -> None:
    app = choose(visit(PAGE), "basis", basis)
    shown = table(app, "account", "change", f"hours_by_{basis}")
    bars = chart(app, "movers")["data"][0]["x"]
    assert max(bars) == pytest.approx(shown["change"].max(), abs=1e-3)
    assert min(bars) == pytest.approx(shown["change"].min(), abs=1e-3)


def test_hours_scale(sample: Workspace) -> None:
    app = choose(visit(PAGE), "hours", 320.0)
    assert table(app, "account", "change", "hours_by_arr")["hours_by_arr"].sum() == pytest.approx(320)


def test_lost_deals_on_the_clock(sample: Workspace) -> None:
    asked = sample.ask("lost_deals")
    alive = asked[asked["next_clock_days"].notna()]
    app = choose(visit(PAGE), "lost", "every")
    assert len(table(app, "deal_id", "next_due_on")) == len(alive)
    assert f"{len(alive):,} deals" in captions(app)
    soon = table(choose(app, "clock", "30"), "deal_id", "next_due_on")
    assert 0 < len(soon) < len(alive)
    assert len(table(choose(app, "clock", "all"), "deal_id", "next_due_on")) == len(asked)


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = table(app, "account", "change", "hours_by_arr")["account"].iloc[0]
    assert pick_row(app, "capacity", 0).markdown[0].value == f"### {name}"
