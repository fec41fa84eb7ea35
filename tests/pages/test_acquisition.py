"""Acquisition, payback and lifetime value as a person uses them: choices, drills, and what is typed by hand."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from decade.charts.formats import money
from decade.warehouse import Workspace
from decade.warehouse.by_hand import typed_spend
from support.screens import captions, chart, choose, everything, press, run, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "acquisition"


def slide(app: AppTest, months: int) -> AppTest:
    app.slider(key="lag").set_value(months)
    return run(app)


def test_the_tiles_say_what_the_metric_says(sample: Workspace) -> None:
    app = visit(PAGE)
    for basis in ("blended", "paid", "fully_loaded"):
        choose(app, "basis", basis)
        row = sample.ask("acquisition", grain="twelve_months", basis=basis).iloc[0]
        shown = tiles(app)
        assert next(value for name, value in shown.items() if name.startswith("CAC")) == money(row["cac"], "USD")
        assert shown["New accounts"] == str(row["new_accounts"])
        assert shown["Payback, months"] == f"{row['payback_months']:.1f}"


def test_the_lag_begins_at_the_sales_cycle_and_moves_cac(sample: Workspace) -> None:
    app = visit(PAGE)
    usual = int(sample.ask("acquisition")["lag_months"].iloc[0])
    assert app.slider(key="lag").value == usual
    before = tiles(app)
    bars = chart(app, "by_lag")["data"][0]
    slide(app, 6)
    assert tiles(app)["CAC, blended"] != before["CAC, blended"]
    assert tiles(app)["CAC, blended"] == money(bars["y"][6], "USD")
    coloured = chart(app, "by_lag")["data"][0]["marker"]["color"]
    assert [colour == coloured[6] for colour in coloured].count(True) == 1


def test_slices_add_up_and_have_their_accounts_behind_them(sample: Workspace) -> None:
    app = visit(PAGE)
    whole = int(tiles(app)["New accounts"])
    for by in ("channel", "segment", "lane", "deal_size_band"):
        choose(app, "won_by", by)
        assert table(app, "slice", "cac")["new_accounts"].sum() == whole
    points = chart(app, "cac")["data"][0]["customdata"]
    period, part, accounts, _ = points[-1]
    choose(app, "period", period)
    choose(app, "slice", part)
    assert len(table(app, "account", "deal_size_band")) == accounts


def test_the_lines_of_spend_make_the_numerator(sample: Workspace) -> None:
    app = visit(PAGE)
    point = chart(app, "cac")["data"][0]["customdata"][-1]
    choose(app, "period", point[0])
    choose(app, "won_view", "spend")
    lines = table(app, "file_name", "source_row")
    assert lines["converted"].sum() == pytest.approx(point[3], rel=1e-6)
    assert lines["source_row"].notna().all()


def open_box(app: AppTest, key: str) -> AppTest:
    app.session_state[key] = True
    return run(app)


def test_the_next_account_and_efficiency_open_when_asked(sample: Workspace) -> None:
    app = visit(PAGE)
    assert "elasticity" not in captions(app)
    open_box(app, "next_dollar")
    assert "no experiment" in captions(app)
    assert chart(app, "next_account")["data"][1]["error_x"]["array"]
    open_box(app, "magic")
    assert "Burn multiple and rule of 40 wait for net burn" in captions(app)
    assert table(app, "magic_number")["magic_number"].notna().any()


def company(workspace: Workspace) -> None:
    rows = [charge("old", "2024-01-01", None, 100), charge("gone", "2024-01-01", "2024-09-01", 100)]
    rows += [charge(f"a{n}", date(2024 + n // 12, n % 12 + 1, 1), None, 50) for n in range(1, 20)]
    fill(workspace, as_of="2025-08-31", charges=rows)


def test_without_spend_and_margin_both_are_asked_for_and_typed(empty: Workspace) -> None:
    company(empty)
    app = visit(PAGE)
    assert tiles(app)["CAC, blended"] == "–"
    assert "No file says what was spent" in everything(app)
    assert "No file says what serving a customer costs" in everything(app)
    app.selectbox(key="spend_from").set_value("2024-01")
    app.number_input(key="spend_amount").set_value(600.0)
    press(app, "Keep this spend")
    assert tiles(app)["CAC, blended"] == "$600"
    assert tiles(app)["Payback, months"] == "–"
    app.number_input(key="margin_typed").set_value(80.0)
    press(app, "Use this margin")
    assert tiles(app)["Payback, months"] == "15.0"
    assert "Gross margin 80.0 %, typed by hand" in captions(app)
    assert set(empty.ask("spend_lines", grain="month")["file_name"]) == {"typed by hand"}
    open_box(app, "typed")
    press(app, "Forget the typed margin")
    assert tiles(app)["Payback, months"] == "–"
    press(app, "Remove it")
    assert tiles(app)["CAC, blended"] == "–"
    assert typed_spend(empty).empty


def test_net_burn_is_typed_a_quarter_each(empty: Workspace) -> None:
    company(empty)
    app = open_box(visit(PAGE), "typed")
    app.number_input(key="burn_amount").set_value(900.0)
    press(app, "Keep this burn")
    row = empty.ask("efficiency").iloc[-1]
    assert row["burn_multiple"] == pytest.approx(900 / row["net_new_arr"])
    press(app, "Remove it")
    assert empty.ask("efficiency")["net_burn"].isna().all()
    assert not [each for each in app.button if each.label == "Remove it"]


def test_the_paid_channels_are_chosen_and_taken_back(own_sample: Workspace) -> None:
    app = choose(visit(PAGE), "basis", "paid")
    before = tiles(app)
    open_box(app, "typed")
    paid = list(app.multiselect(key="paid").value)
    assert len(paid) > 1
    app.multiselect(key="paid").set_value(paid[:1])
    press(app, "Use these channels")
    assert tiles(app)["CAC, paid"] != before["CAC, paid"]
    assert int(tiles(app)["New accounts"]) < int(before["New accounts"])
    period, _, accounts, spent = chart(app, "cac")["data"][0]["customdata"][-1]
    choose(app, "period", period)
    assert set(table(app, "account", "deal_size_band")["channel"]) == set(paid[:1])
    assert len(table(app, "account", "deal_size_band")) == accounts
    choose(app, "won_view", "spend")
    lines = table(app, "file_name", "source_row")
    assert set(lines["channel"]) == set(paid[:1])
    assert lines["converted"].sum() == pytest.approx(spent, rel=1e-6)
    press(app, "Forget the chosen channels")
    assert tiles(app) == before


def test_cohorts_pay_back_as_the_metric_says(sample: Workspace) -> None:
    app = visit("payback")
    shown = table(app, "Cohort", "Payback").set_index("Cohort")["Payback"]
    found = sample.ask("cohort_payback", grain="year", basis="fully_loaded")
    for cohort, months in found.groupby("cohort")["payback_age"].first().dropna().items():
        assert shown[cohort] == f"paid back in month {months:.0f}"
    dotted = [each for each in chart(app, "payback")["data"] if each.get("line", {}).get("dash") == "dot"]
    assert dotted
    choose(app, "observed_only", True)
    assert not [each for each in chart(app, "payback")["data"] if each.get("line", {}).get("dash") == "dot"]


def test_value_of_a_segment_and_two_side_by_side(sample: Workspace) -> None:
    app = visit("lifetime_value")
    before = tiles(app)
    choose(app, "part", "SMB")
    assert tiles(app)["CAC"] != before["CAC"]
    row = sample.ask("acquisition", by="segment", grain="twelve_months", basis="fully_loaded").set_index("slice")
    assert tiles(app)["CAC"] == money(row.loc["SMB", "cac"], "USD")
    formulas = table(app, "Formula", "Assumes").set_index("Formula")
    assert formulas.loc["Ten years, constant churn, discounted", "Value"] == money(row.loc["SMB", "ltv"], "USD")
    choose(app, "other", "Enterprise")
    assert {each["name"] for each in chart(app, "balances")["data"] if "name" in each} >= {"Enterprise"}
    app.number_input(key="discount").set_value(0.0)
    run(app)
    formulas = table(app, "Formula", "Assumes").set_index("Formula")["Value"]
    assert formulas["Ten years, projected, discounted"] == formulas["Ten years, projected"]


def test_a_formula_without_an_end_is_refused_on_the_page(sample: Workspace) -> None:
    said = captions(visit("lifetime_value"))
    assert re.search(r"^With expansion, without an end: .*Set a horizon", said, re.MULTILINE)
