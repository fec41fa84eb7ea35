"""Movements explorer: every choice narrows the list, sums follow, and a row opens its account."""

from __future__ import annotations

import pytest

from decade.warehouse import Workspace
from support.screens import chart, choose, pick_row, table, visit

PAGE = "movements"


def listed(app):
    return table(app, "account", "kind", "amount", "slice")


def test_bars_sum_to_the_bridge(sample: Workspace) -> None:
    app = visit(PAGE)
    bridge = sample.ask("mrr_bridge").iloc[-12:]
    moved = sum(sum(each["x"]) for each in chart(app, "by_slice")["data"])
    assert moved == pytest.approx(bridge["closing"].iloc[-1] - bridge["opening"].iloc[0], abs=0.1)
    assert listed(app)["amount"].sum() == pytest.approx(moved, abs=0.1)
    assert listed(app)["amount"].abs().is_monotonic_decreasing


def test_every_choice_narrows_the_list(sample: Workspace) -> None:
    app = visit(PAGE)
    whole = listed(app)
    assert len(listed(choose(app, "span", "1"))) < len(whole)
    choose(app, "span", "12")
    churn = listed(choose(app, "movement", "churn"))
    assert set(churn["kind"]) == {"churn"}
    assert len(churn) == (whole["kind"] == "churn").sum()
    smb = listed(choose(app, "slice", "SMB"))
    assert len(smb) == ((whole["kind"] == "churn") & (whole["slice"] == "SMB")).sum()
    name = smb["account"].iloc[0]
    assert set(listed(choose(app, "find_moved", name.upper()))["account"]) == {name}


def test_order_and_period(sample: Workspace) -> None:
    app = visit(PAGE, from_="2020-01", to="2020-06", span="The whole period")
    moved = listed(choose(app, "order", "month"))
    assert moved["month"].is_monotonic_decreasing
    assert (moved["month"].min().year, moved["month"].max().month) == (2020, 6)
    assert listed(choose(app, "order", "account"))["account"].is_monotonic_increasing


@pytest.mark.parametrize("by", ["none", "plan", "big_logo"])
def test_any_slice(sample: Workspace, by: str) -> None:
    app = choose(visit(PAGE), "by", by)
    assert listed(app)["slice"].notna().all()


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = listed(app)["account"].iloc[0]
    assert pick_row(app, "movements", 0).markdown[0].value == f"### {name}"
