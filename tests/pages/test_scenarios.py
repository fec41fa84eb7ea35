"""Scenarios: each preset, each input and each way of solving backwards moves the answer."""

from __future__ import annotations

import math

import pytest
from streamlit.testing.v1 import AppTest

from decade.charts.formats import money, percent
from decade.models import scenario as model
from decade.models.finer import revenue_groups
from decade.models.revenue_projection import project_revenue
from decade.models.scenario_measured import Kept, kept_of_group
from decade.models.scenario_uncertain import simulate
from decade.ui.scenario_form import FIELDS
from decade.warehouse import Workspace
from support.sample import APP
from support.screens import captions, chart, choose, everything, press, run, shows, table, tables, tiles, visit
from support.workspaces import charge, fill

PAGE = "scenarios"
INPUTS = {
    "s_acv": 50_000.0, "s_cac": 90_000.0, "s_years": 7, "s_nrr_kind": "damped", "s_nrr": 130.0, "s_churn": 12.0,
    "s_gross_margin": 60.0, "s_discount_rate": 20.0, "s_free_months": 9.0, "s_cost_to_serve": 4_000.0,
    "s_price_steps": 3.0, "s_steps": "3:5, 6:5", "s_billing": "annual_prepaid", "s_growth": "monthly",
}  # fmt: skip
SIX = "Rip and replace, 6 months free"


def slider(app: AppTest, name: str) -> object:
    """The slider of an input."""
    return next(each for kind in ("slider", "select_slider") for each in app.get(kind) if each.key == f"s_{name}_slide")


def number(app: AppTest, name: str) -> float:
    """The typed number of an input."""
    return next(each.value for each in app.number_input if each.key == f"s_{name}")


def solved(app: object) -> str:
    return next(each.value for each in app.markdown if each.value.startswith("#### "))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", list(model.presets()))
def test_a_preset_fills_every_input(sample: Workspace, name: str) -> None:
    app = choose(visit(PAGE), "preset", name)
    wanted = model.preset(name)
    assert app.session_state["s_acv"] == wanted.acv
    if isinstance(wanted.nrr, tuple):
        assert app.session_state["s_nrr_path"] == "160, 140, 125, 115, 110, 105, 103"
    else:
        assert app.session_state["s_nrr"] == pytest.approx(wanted.nrr * 100)
    assert app.session_state["s_free_months"] == wanted.free_months
    assert tiles(app)[f"{wanted.years}-year revenue"] == money(model.evaluate(wanted).revenue, "USD")


def test_a_preset_opened_by_its_address(sample: Workspace) -> None:
    by_hand = choose(visit(PAGE), "preset", "enterprise")
    app = visit(PAGE, preset="Enterprise")
    assert tiles(app) == tiles(by_hand)
    assert tiles(visit(PAGE, preset="Enterprise", s_nrr="90")) != tiles(app)


@pytest.mark.parametrize("key", INPUTS)
def test_each_input_moves_the_outcome(sample: Workspace, key: str) -> None:
    app = visit(PAGE, preset=SIX, s_nrr="110")
    before = tiles(app), tables(app)[0].to_csv()
    choose(app, key, INPUTS[key])
    assert (tiles(app), tables(app)[0].to_csv()) != before


def test_growing_while_free_moves_the_outcome(sample: Workspace) -> None:
    app = visit(PAGE, preset="Rip and replace, 12 months free", s_nrr="120")
    before = tiles(app)
    choose(app, "s_grows_while_free", not app.session_state["s_grows_while_free"])
    assert tiles(app) != before


@pytest.mark.parametrize("name", list(FIELDS))
def test_slider_and_number_are_kept_in_step(sample: Workspace, name: str) -> None:
    kind = {"s_nrr_kind": "Damped"} if name == "damping" else {}
    app = visit(PAGE, preset=SIX, **kind)
    field = FIELDS[name]
    assert slider(app, name).value == number(app, name)
    before = tables(app)[0].to_csv()
    moved = {"acv": 250_000.0, "cac": 400_000.0, "cost_to_serve": 8000.0, "years": 12, "nrr": 131.0, "damping": 0.25}
    target = moved.get(name, field.low + 3 * field.step)
    choose(app, f"s_{name}_slide", target)
    assert number(app, name) == target
    if name != "damping":
        assert tables(app)[0].to_csv() != before
    typed = 7 if name == "years" else 12_345.0 if field.is_money else 0.37 if name == "damping" else 17.3
    choose(app, f"s_{name}", typed)
    assert slider(app, name).value == (50.0 if name == "nrr" else typed)
    assert number(app, name) == typed


def test_nrr_and_churn_by_year(sample: Workspace) -> None:
    app = choose(choose(visit(PAGE), "s_nrr_kind", "path"), "s_nrr_path", "130, 110; 100")
    choose(choose(app, "s_churn_by_year", True), "s_churn_path", "20,10")
    wanted = model.Scenario(nrr=(1.3, 1.1, 1.0), churn=(0.2, 0.1))
    assert tables(app)[0]["revenue"].tolist() == pytest.approx(model.evaluate(wanted).years["revenue"].tolist())
    shared = visit(PAGE, s_nrr_kind="By year", s_nrr_path="130, 110; 100", s_churn_by_year="true", s_churn_path="20,10")
    assert tiles(shared) == tiles(app)


def test_what_was_typed_goes_along_when_nrr_is_given_another_way(sample: Workspace) -> None:
    app = choose(choose(visit(PAGE), "s_nrr", 140.0), "s_nrr_kind", "damped")
    choose(app, "s_damping", 0.6)
    before = tiles(app)
    choose(app, "s_nrr_kind", "path")
    assert app.session_state["s_nrr_path"].startswith("140, 122.37, 112.88, ")
    assert tiles(app) == before
    choose(choose(app, "s_nrr_path", "125, 110"), "s_nrr_kind", "constant")
    assert number(app, "nrr") == 125.0
    choose(choose(app, "s_churn", 8.0), "s_churn_by_year", True)
    assert app.session_state["s_churn_path"] == "8"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"s_nrr_kind": "By year", "s_nrr_path": "much"}, "NRR by year, % cannot be read from 'much'"),
        ({"s_nrr_kind": "By year", "s_nrr_path": ""}, "Write one number a year"),
        ({"s_nrr_kind": "By year", "s_nrr_path": "900"}, "nrr cannot be 9"),
        ({"s_steps": "1:5"}, "price_steps cannot start in year 1"),
        ({"s_steps": "soon"}, "price steps cannot be read from 'soon'"),
        ({"s_free_months": "130"}, "free_months cannot be 130 in a horizon of 120 months"),
    ],
)
def test_an_impossible_input_is_said_where_the_answer_would_be(
    sample: Workspace, query: dict[str, str], sentence: str
) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/growth/scenarios.py").run()
    assert not app.exception
    assert sentence in app.error[0].value
    assert not app.metric


def test_the_ten_year_customer(sample: Workspace) -> None:
    app = visit(PAGE)
    for key, value in (("s_acv", 100_000.0), ("s_nrr", 120.0), ("s_churn", 0.0)):
        choose(app, key, value)
    assert tiles(app)["10-year revenue"] == "$2.60M"
    bars = chart(app, "years")["data"][0]["y"]
    assert sum(bars) == pytest.approx(2_595_868, abs=1)


@pytest.mark.parametrize(
    ("target", "goal"),
    [("revenue", 2_000_000.0), ("npv", 400_000.0), ("ltv_to_cac", 20.0), ("break_even_cac", 700_000.0),
     ("final_acv", 300_000.0), ("margin", 1_500_000.0)],
)  # fmt: skip
def test_targets_can_be_solved_for(sample: Workspace, target: str, goal: float) -> None:
    app = choose(choose(visit(PAGE, look="Solve backwards"), "goal", goal), "target", target)
    assert solved(app).startswith("#### NRR = ")


@pytest.mark.parametrize("unknown", ["cac", "acv", "churn", "gross_margin", "discount_rate", "free_months", "damping"])
def test_each_unknown_can_be_solved_for(sample: Workspace, unknown: str) -> None:
    goal = model.evaluate(model.preset("rip-and-replace-6")).npv
    app = visit(PAGE, preset=SIX, look="Solve backwards", target="NPV", goal=str(round(goal * 0.95)))
    before = everything(app)
    choose(app, "solve", unknown)
    assert everything(app) != before
    said = [each.value for each in app.warning]
    assert said or not solved(app).startswith("#### NRR")


def test_two_million_need_an_nrr_of_114_69_which_one_click_puts_in(sample: Workspace) -> None:
    app = visit(PAGE, preset="Ten years at 120 %", look="Solve backwards")
    assert solved(app) == "#### NRR = 114.6913 %"
    assert tiles(press(app, "Put it into the scenario"))["10-year revenue"] == "$2.00M"
    assert number(app, "nrr") == 114.6913


def test_an_irr_is_asked_for_in_percent(sample: Workspace) -> None:
    app = visit(PAGE, preset=SIX, look="Solve backwards", solve="CAC", target="IRR", goal="25")
    cac = model.solve(model.preset("rip-and-replace-6"), "cac", "irr", 0.25).cac
    assert solved(app) == f"#### CAC = \\{money(cac, 'USD', digits=6)}"


def test_what_cannot_be_solved_is_said(sample: Workspace) -> None:
    app = choose(visit(PAGE, look="Solve backwards"), "goal", -5.0)
    assert len([each for each in app.warning if "no nrr gives" in each.value]) == 1
    assert not [each for each in app.markdown if each.value.startswith("#### ")]


def test_nothing_of_a_closed_tab_is_computed(sample: Workspace) -> None:
    keys = {each.key for each in visit(PAGE).get("plotly_chart")}
    assert keys == {"cash", "years", "damped"}
    assert {each.key for each in visit(PAGE, look="Heatmaps").get("plotly_chart")} == {"cash", "heat_cac", "heat_free"}


def test_heatmaps_hold_the_npv_and_break_even(sample: Workspace) -> None:
    app = visit(PAGE, preset=SIX, look="Heatmaps")
    for key, name in (("heat_cac", "cac"), ("heat_free", "free_months")):
        cells, line, here = chart(app, key)["data"]
        assert (cells["type"], line["type"]) == ("heatmap", "contour")
        assert line["contours"]["start"] == line["contours"]["end"] == 0
        scenario = model.preset("rip-and-replace-6")
        assert (here["x"], here["y"]) == ([scenario.nrr], [getattr(scenario, name)])


def test_doubt_follows_its_assumptions(sample: Workspace) -> None:
    app = visit(PAGE, preset="SMB", look="If we are wrong")
    found = simulate(model.preset("smb"))
    assert tiles(app)["Affordable CAC"] == money(found.affordable_cac, "USD")
    assert tiles(app)["Chance of a loss"] == percent(found.loss)
    before = tiles(app), chart(app, "draws")
    choose(app, "seed", 5)
    assert (tiles(app), chart(app, "draws")) != before
    wide = choose(app, "d_cac", 200.0)
    assert tiles(wide)["Chance of a loss"] != before[0]["Chance of a loss"]
    shown = chart(wide, "tornado")
    choose(wide, "matters", "break_even_cac")
    assert chart(wide, "tornado") != shown
    said = tiles(wide)
    assert tiles(choose(wide, "c_acv_cac", -0.9)) != said


def test_correlations_that_contradict_each_other_are_said(sample: Workspace) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    query = {
        "look": "If we are wrong",
        "c_acv_churn": "0.9",
        "c_nrr_churn": "0.9",
        "c_nrr_damping": "0.9",
        "c_acv_cac": "0.9",
    }
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/growth/scenarios.py").run()
    assert not app.exception
    assert "these correlations contradict each other" in app.error[0].value


def test_scenarios_side_by_side(sample: Workspace) -> None:
    app = choose(visit(PAGE, look="Compare"), "compare", ["smb", "enterprise", "win-back"])
    shown = table(app, "scenario", "npv", "ltv_to_cac")
    assert shown["scenario"].tolist() == ["This scenario", "SMB", "Enterprise", "Win-back"]
    assert shown["npv"].tolist()[1] == pytest.approx(model.evaluate(model.preset("smb")).npv)
    npv = chart(app, "compared")["data"][0]["y"]
    assert chart(choose(app, "compare_by", "revenue"), "compared")["data"][0]["y"] != npv


def test_the_claim(sample: Workspace) -> None:
    app = visit(PAGE, look="The claim")
    assert any("need 114.7 % NRR a year" in each.value and "6.98M" in each.value for each in app.markdown)
    assert table(app, "claim", "times_claimed")["revenue"].round().tolist()[1:3] == [2_595_868, 6_981_366]


def test_constant_and_damped_side_by_side(sample: Workspace) -> None:
    app = visit(PAGE, preset="140 % damped")
    lines = {each["name"]: each["y"] for each in chart(app, "damped")["data"]}
    assert sum(lines["Constant"]) == pytest.approx(6_981_366, abs=1)
    assert sum(lines["Damped by 0.6 a year"]) == pytest.approx(1_937_990, abs=1)
    assert set(lines) != {each["name"] for each in chart(visit(PAGE, preset="Land and expand"), "damped")["data"]}


def saved_names(workspace: Workspace) -> list[str]:
    return list(workspace.saved("scenarios"))


def opened(app: AppTest) -> AppTest:
    """The page with its shelf of saved scenarios open."""
    app.session_state["book"] = True
    return run(app)


def test_a_scenario_is_saved_changed_renamed_copied_deleted_and_brought_back(own_sample: Workspace) -> None:
    app = choose(visit(PAGE), "s_nrr", 123.0)
    before = tiles(app)
    press(choose(opened(app), "book_name", "Our plan"), "Save as new")
    assert saved_names(own_sample) == ["Our plan"]
    assert app.session_state["preset"] == "Our plan"
    assert tiles(visit(PAGE, preset="Our plan")) == tiles(app) == before
    press(opened(choose(app, "s_cac", 55_000.0)), "Save changes")
    changed = tiles(visit(PAGE, preset="Our plan"))
    assert changed == tiles(app) != before
    press(choose(opened(app), "book_name", "Plan B"), "Rename")
    assert saved_names(own_sample) == ["Plan B"]
    press(opened(app), "Duplicate")
    assert saved_names(own_sample) == ["Plan B", "Plan B, copy"]
    compared = choose(visit(PAGE, look="Compare"), "compare", ["Plan B", "Plan B, copy"])
    assert table(compared, "scenario", "npv")["npv"].nunique() == 2
    press(opened(app), "Delete")
    assert saved_names(own_sample) == ["Plan B"]
    press(app, "Undo: bring back Plan B, copy")
    assert sorted(saved_names(own_sample)) == ["Plan B", "Plan B, copy"]
    assert tiles(visit(PAGE, preset="Plan B, copy")) == changed


@pytest.mark.parametrize("name", ["", "Enterprise", "smb", "<b>x</b>", "cost $5"])
def test_names_that_cannot_be_are_refused(own_sample: Workspace, name: str) -> None:
    app = opened(visit(PAGE))
    app.session_state["book_name"] = name
    press(app, "Save as new")
    assert (
        len([each for each in app.warning if "a scenario needs a name" in each.value or "already" in each.value]) == 1
    )
    assert saved_names(own_sample) == []


def test_the_shelf_gives_sentence_and_command(sample: Workspace) -> None:
    app = opened(visit(PAGE, s_nrr="120"))
    sentence, command = (each.value for each in app.code)
    assert sentence.startswith("At $100k ACV and 120 % NRR for ten years")
    assert command == "python -m decade scenario --set nrr=1.2"


@pytest.mark.parametrize("segment", ["All", "Enterprise", "SMB"])
def test_own_values_fill_the_scenario_and_say_where_they_come_from(sample: Workspace, segment: str) -> None:
    app = press(choose(visit(PAGE, preset=SIX), "own", segment), "Use them")
    by = "none" if segment == "All" else "segment"
    rows = sample.ask("acquisition", by=by, basis="fully_loaded", grain="twelve_months")
    row = rows[rows["slice"] == segment].iloc[-1]
    assert number(app, "acv") == pytest.approx(12 * row["new_mrr"] / row["new_accounts"], abs=0.5)
    assert number(app, "cac") == pytest.approx(row["cac"], abs=0.5)
    assert number(app, "gross_margin") == pytest.approx(100 * row["gross_margin"], abs=0.01)
    assert number(app, "free_months") == 6
    sources = next(each.value for each in app.markdown if each.value.startswith("- ACV"))
    assert sources.count("as measured") == 5
    net = sample.history("net", by=by)
    if segment == "All":
        level = project_revenue(net.drop(columns="slice")).pooled["median"].to_numpy()[:10]
    else:
        found = kept_of_group(revenue_groups(net, 12), segment)
        assert isinstance(found, Kept)
        level = found.median[:10]
    choose(choose(app, "s_free_months", 0.0), "s_billing", "annual_prepaid")
    assert (tables(app)[0]["revenue"] / number(app, "acv")).tolist() == pytest.approx(level.tolist(), rel=2e-3)
    assert "is yours" in "".join(each.value for each in choose(app, "s_cac", 1.0).markdown)


def test_a_segment_keeps_as_many_accounts_here_as_its_lifetime_value_says(sample: Workspace) -> None:
    app = press(choose(visit(PAGE), "own", "Enterprise"), "Use them")
    lines = next(each.value for each in app.markdown if each.value.startswith("- ACV")).splitlines()
    told = next(line for line in lines if "churn" in line.lower()).partition(":")[2].partition(" %")[0]
    left = math.prod(1 - float(each) / 100 for each in told.split(","))
    there = choose(choose(visit("lifetime_value"), "one", "Enterprise"), "other", "SMB")
    rows = table(there, "Enterprise", "SMB")
    said = rows.loc[rows.iloc[:, 0] == "Accounts left after ten years", "Enterprise"].iloc[0]
    assert said == percent(left, 0)


def test_what_is_not_measured_stays_and_is_named(empty: Workspace) -> None:
    fill(empty, as_of="2025-03-31", charges=[charge("a", "2025-01-01", None, 10)])
    before = tiles(visit(PAGE))
    app = press(visit(PAGE), "Use them")
    assert tiles(app) == before
    assert "Not measured, left as it was: ACV" in captions(app)


def test_a_plan_that_the_data_does_not_support_is_warned_about(sample: Workspace) -> None:
    said = [each.value for each in visit(PAGE, preset="Ten years at 120 %").warning]
    assert len(said) == 1
    nrr = sample.ask("revenue_retention")["nrr"].iloc[-1]
    assert "This plan needs 120 % NRR" in said[0]
    assert f"{percent(nrr)} NRR over the last twelve months" in said[0]
    assert "201 answers" in said[0]
    assert not visit(PAGE, preset="Ten years at 114.7 %").warning
    choose(app := visit(PAGE, preset="Ten years at 120 %"), "own", "Enterprise")
    assert "Measured on Enterprise" in app.warning[0].value
    assert not choose(app, "s_nrr", 111.0).warning


def test_a_plan_that_the_data_supports_is_not_warned_about(empty: Workspace) -> None:
    fill(
        empty,
        as_of="2026-03-31",
        charges=[charge("a", "2024-01-01", "2025-09-01", 10), charge("a", "2025-09-01", None, 20)],
    )
    app = visit(PAGE, preset="Ten years at 140 %")
    assert not app.warning
    assert "The data shows 200 % over the last twelve months" in app.success[0].value


def test_scenarios_need_no_data(empty: Workspace) -> None:
    app = visit(PAGE)
    assert shows(app, "preset")
    assert tiles(app)["10-year revenue"]
    assert not shows(app, "own")
    assert "no NRR yet, no NPS and no CSAT" in visit(PAGE, preset="Ten years at 120 %").warning[0].value
    with pytest.raises(StopIteration):
        press(app, "Import files")
