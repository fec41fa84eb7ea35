"""Cohorts: every choice redraws the cells, and the accounts behind a cell are as many as it says."""

from __future__ import annotations

import pytest

from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_row, run, table, visit

PAGE = "cohorts"


def squares(app: object) -> dict[tuple[str, int], str]:
    """The clear squares over the cells: what a click gives and the text in it."""
    found = chart(app, "cells")["data"][2]
    texts = found.get("text") or [""] * len(found["x"])
    return {tuple(data): text for data, text in zip(found["customdata"], texts, strict=True)}


def test_each_choice_redraws_the_cells(sample: Workspace) -> None:
    app = visit(PAGE)
    seen = [squares(app)]
    for key, value in (
        ("kind", "gross"), ("kind", "net"), ("grain", "quarter"), ("grain", "month"),
        ("cohorts_by", "segment"), ("cohorts_by", "big_logo"),
    ):  # fmt: skip
        choose(app, key, value)
        assert squares(app) not in seen, (key, value)
        seen.append(squares(app))


def test_ten_years_across(sample: Workspace) -> None:
    for grain, ages in (("year", 10), ("quarter", 40), ("month", 120)):
        across = chart(visit(PAGE, grain=grain.capitalize()), "cells")["data"][1]["x"]
        assert across == [str(age) for age in range(ages + 1)]


@pytest.mark.parametrize("by", ["start", "segment", "plan_at_start", "deal_size_band"])
def test_accounts_behind_a_cell_are_as_many_as_it_says(sample: Workspace, by: str) -> None:
    app = choose(visit(PAGE), "cohorts_by", by)
    cells = sample.ask("cohort_retention", kind="logo", grain="year", by=by)
    cell = cells[cells["is_mature"] & cells["rate"].notna() & (cells["age"] == 2)].iloc[0]
    choose(choose(app, "cohort", cell["cohort"]), "age", "2")
    members = table(app, "account", "status", "mrr_at_start")
    members = members[members["status"] != "not reached"]
    assert len(members) == cell["n"]
    assert (members["status"] != "left").sum() == cell["numerator"]


def test_money_behind_a_cell_is_as_much_as_it_says(sample: Workspace) -> None:
    app = visit(PAGE, kind="Net revenue", cohort="2018", age="3")
    cells = sample.ask("cohort_retention", kind="net", grain="year")
    cell = cells[(cells["cohort"] == "2018") & (cells["age"] == 3)].iloc[0]
    members = table(app, "account", "status", "mrr_at_start")
    assert members["mrr_at_age"].sum() == pytest.approx(cell["numerator"], abs=0.01)
    assert members["mrr_at_start"].sum() == pytest.approx(cell["denominator"], abs=0.01)


def test_an_age_that_a_cohort_has_not_reached_gives_way(sample: Workspace) -> None:
    app = visit(PAGE, cohort="2014", age="9")
    assert app.session_state["age"] == "9"
    choose(app, "cohort", "2023")
    assert int(app.session_state["age"]) < 9
    assert len(table(app, "account", "status", "mrr_at_start")) > 0


def test_cells_that_have_not_happened_are_not_there(sample: Workspace) -> None:
    ages = {cohort: max(age for each, age in squares(visit(PAGE)) if each == cohort) for cohort in ("2016", "2024")}
    assert ages == {"2016": 9, "2024": 1}
    assert "has not happened yet" in captions(visit(PAGE))


def test_the_weighted_mean_is_a_table_too(sample: Workspace) -> None:
    app = visit(PAGE)
    app.session_state["mean_box"] = True  # the box is opened
    run(app)
    mean = next(each.value for each in app.dataframe if list(each.value.columns)[:1] == ["age"])
    drawn = chart(app, "curves")["data"][-1]
    assert drawn["y"] == pytest.approx(mean["rate"].round(5).tolist())
    assert f"{mean.loc[mean['age'] == 1, 'rate'].iloc[0]:.1%}".replace("%", " %") in captions(app)


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = table(app, "account", "status")["account"].iloc[1]
    assert pick_row(app, "members", 1).markdown[0].value == f"### {name}"
