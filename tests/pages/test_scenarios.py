"""Scenarios: each preset, each input and each way of solving backwards moves the answer."""

from __future__ import annotations

import pytest

from decade.charts.formats import money
from decade.models import scenario as model
from decade.warehouse import Workspace
from support.screens import chart, choose, everything, press, shows, tables, tiles, visit

PAGE = "scenarios"
INPUTS = {
    "s_acv": 50_000.0, "s_cac": 90_000.0, "s_years": 7, "s_damping": 0.5, "s_nrr": 130.0, "s_churn": 12.0,
    "s_gross_margin": 60.0, "s_discount_rate": 20.0, "s_free_months": 9.0, "s_cost_to_serve": 4_000.0,
    "s_billing": "annual_prepaid",
}  # fmt: skip


def solved(app: object) -> str:
    return next(each.value for each in app.markdown if each.value.startswith("#### "))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", list(model.presets()))
def test_a_preset_fills_every_input(sample: Workspace, name: str) -> None:
    app = choose(visit(PAGE), "preset", name)
    wanted = model.preset(name)
    assert app.session_state["s_acv"] == wanted.acv
    assert app.session_state["s_nrr"] == pytest.approx(wanted.nrr * 100)
    assert app.session_state["s_free_months"] == wanted.free_months
    assert tiles(app)[f"{wanted.years}-year revenue"] == money(model.evaluate(wanted).revenue, "USD")


def test_a_preset_opened_by_its_address(sample: Workspace) -> None:
    by_hand = choose(visit(PAGE), "preset", "enterprise")
    app = visit(PAGE, preset="enterprise")
    assert tiles(app) == tiles(by_hand)
    assert tiles(visit(PAGE, preset="enterprise", s_nrr="90")) != tiles(app)


@pytest.mark.parametrize("key", INPUTS)
def test_each_input_moves_the_outcome(sample: Workspace, key: str) -> None:
    app = visit(PAGE, preset="rip and replace 6", s_nrr="110")
    before = tiles(app), tables(app)[0].to_csv()
    choose(app, key, INPUTS[key])
    assert (tiles(app), tables(app)[0].to_csv()) != before


def test_growing_while_free_moves_the_outcome(sample: Workspace) -> None:
    app = visit(PAGE, preset="rip and replace 12", s_nrr="120")
    before = tiles(app)
    choose(app, "s_grows_while_free", not app.session_state["s_grows_while_free"])
    assert tiles(app) != before


def test_the_ten_year_customer(sample: Workspace) -> None:
    app = visit(PAGE)
    for key, value in (("s_acv", 100_000.0), ("s_nrr", 120.0), ("s_damping", 1.0), ("s_churn", 0.0)):
        choose(app, key, value)
    assert tiles(app)["10-year revenue"] == "$2.60M"
    bars = chart(app, "years")["data"][0]["y"]
    assert sum(bars) == pytest.approx(2_595_868, abs=1)


@pytest.mark.parametrize(
    ("target", "goal"),
    [("revenue", 2_000_000.0), ("npv", 400_000.0), ("ltv_to_cac", 20.0), ("break_even_cac", 700_000.0)],
)
def test_each_target_can_be_solved_for(sample: Workspace, target: str, goal: float) -> None:
    app = choose(choose(visit(PAGE), "goal", goal), "target", target)
    assert solved(app).startswith("#### NRR = ")


@pytest.mark.parametrize("unknown", ["cac", "acv", "churn", "gross_margin", "discount_rate", "free_months", "damping"])
def test_each_unknown_can_be_solved_for(sample: Workspace, unknown: str) -> None:
    goal = model.evaluate(model.preset("rip-and-replace-6")).npv
    app = visit(PAGE, preset="rip and replace 6", target="NPV", goal=str(round(goal * 0.95)))
    before = everything(app)
    choose(app, "solve", unknown)
    assert everything(app) != before
    said = [each.value for each in app.warning]
    assert said or not solved(app).startswith("#### NRR")


def test_two_million_need_an_nrr_of_114_69(sample: Workspace) -> None:
    app = visit(PAGE)
    assert solved(app) == "#### NRR = 114.6913 %"


def test_what_cannot_be_solved_is_said(sample: Workspace) -> None:
    app = choose(visit(PAGE), "goal", -5.0)
    assert len(app.warning) == 1
    assert not [each for each in app.markdown if each.value.startswith("#### ")]


def test_presets_side_by_side(sample: Workspace) -> None:
    assert len(tables(visit(PAGE))[1]) == len(model.presets())


def test_scenarios_need_no_data(empty: Workspace) -> None:
    app = visit(PAGE)
    assert shows(app, "preset")
    assert tiles(app)["10-year revenue"]
    with pytest.raises(StopIteration):
        press(app, "Import files")
