"""Cohorts: every choice redraws the cells, and the accounts behind a cell are as many as it says."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from decade.models.cohorts import weighted_mean
from decade.scope import Scope
from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_cell, pick_row, run, shows, table, visit

PAGE = "cohorts"


def observed(**query: str) -> AppTest:
    """The page without what lies ahead."""
    return visit(PAGE, project="false", **query)


def squares(app: object) -> dict[tuple[str, int], str]:
    """The clear squares over the cells: what a click gives and the text in it."""
    found = chart(app, "cells")["data"][2]
    texts = found.get("text") or [""] * len(found["x"])
    return {tuple(data[:2]): text for data, text in zip(found["customdata"], texts, strict=True)}


def test_each_choice_redraws_the_cells(sample: Workspace) -> None:
    app = observed()
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
        across = chart(observed(grain=grain.capitalize()), "cells")["data"][1]["x"]
        assert across == [str(age) for age in range(ages + 1)]


@pytest.mark.parametrize("by", ["start", "segment", "plan_at_start", "deal_size_band"])
def test_accounts_behind_a_cell_are_as_many_as_it_says(sample: Workspace, by: str) -> None:
    app = choose(observed(behind="true"), "cohorts_by", by)
    cells = sample.ask("cohort_retention", kind="logo", grain="year", by=by)
    cell = cells[cells["is_mature"] & cells["rate"].notna() & (cells["age"] == 2)].iloc[0]
    choose(choose(app, "cohort", cell["cohort"]), "age", "2")
    members = table(app, "account", "status", "mrr_at_start")
    members = members[members["status"] != "not reached"]
    assert len(members) == cell["n"]
    assert (members["status"] != "left").sum() == cell["numerator"]


def test_money_behind_a_cell_is_as_much_as_it_says(sample: Workspace) -> None:
    app = observed(kind="Net revenue", behind="true", cohort="2018", age="3")
    cells = sample.ask("cohort_retention", kind="net", grain="year")
    cell = cells[(cells["cohort"] == "2018") & (cells["age"] == 3)].iloc[0]
    members = table(app, "account", "status", "mrr_at_start")
    assert members["mrr_at_age"].sum() == pytest.approx(cell["numerator"], abs=0.01)
    assert members["mrr_at_start"].sum() == pytest.approx(cell["denominator"], abs=0.01)


def test_an_age_that_a_cohort_has_not_reached_gives_way(sample: Workspace) -> None:
    app = observed(behind="true", cohort="2014", age="9")
    assert app.session_state["age"] == "9"
    choose(app, "cohort", "2023")
    assert int(app.session_state["age"]) < 9
    assert len(table(app, "account", "status", "mrr_at_start")) > 0


def test_cells_that_have_not_happened_are_not_there(sample: Workspace) -> None:
    ages = {cohort: max(age for each, age in squares(observed()) if each == cohort) for cohort in ("2016", "2024")}
    assert ages == {"2016": 9, "2024": 1}
    assert "has not happened yet" in captions(observed())


def opened(app: AppTest, box: str) -> AppTest:
    """The app after a person opened a box."""
    app.session_state[box] = True
    return run(app)


def line(app: AppTest, name: str) -> dict[str, object]:
    return next(each for each in chart(app, "curves")["data"] if each["name"] == name)


def test_the_lines_are_a_table_too(sample: Workspace) -> None:
    app = choose(opened(observed(), "as_table"), "tabled", "mean0")
    mean = next(each.value for each in app.dataframe if list(each.value.columns)[:1] == ["age"])
    assert line(app, "Weighted mean")["y"] == pytest.approx(mean["rate"].round(5).tolist())
    assert line(app, "Median")["y"] == pytest.approx(mean["median"].round(5).tolist())
    assert f"{mean.loc[mean['age'] == 1, 'rate'].iloc[0]:.1%}".replace("%", " %") in captions(app)


def test_a_keyboard_can_choose_a_cell(sample: Workspace) -> None:
    app = opened(observed(), "as_table")
    grid = table(app, "cohort", "10")
    cells = sample.ask("cohort_retention", kind="logo", grain="year")
    cell = cells[(cells["cohort"] == "2019") & (cells["age"] == 3)].iloc[0]
    row = grid.index[grid["cohort"] == "2019"][0]
    assert grid.loc[row, "3"] == pytest.approx(cell["rate"])
    before = chart(app, "cells")["layout"]["shapes"]
    pick_cell(app, "cells_table", int(row), "3")
    assert (app.session_state["cohort"], app.session_state["age"]) == ("2019", "3")
    assert chart(app, "cells")["layout"]["shapes"] != before
    assert any(each["name"] == "Chosen: 2019" for each in chart(app, "curves")["data"])
    assert len(table(app, "account", "status")) >= cell["n"]


def test_one_choice_marks_the_cell_the_line_and_the_list(sample: Workspace) -> None:
    app = choose(observed(behind="true", cohort="2018", age="3"), "status", "left")
    cells = chart(app, "cells")
    rows = cells["data"][1]["y"]
    *_, mark = cells["layout"]["shapes"]
    assert (mark["x0"], mark["y0"]) == (2.5, rows.index("2018") - 0.5)
    chosen = line(app, "Chosen: 2018")
    assert chosen["marker"]["size"].index(11) == 3
    listed = table(app, "account", "status")
    assert set(listed["status"]) == {"left"}
    assert f"{len(listed)} left" in captions(app)


def test_by_calendar_each_cell_lies_in_its_period(sample: Workspace) -> None:
    by_age, by_calendar = observed(), observed(aligned="By calendar")
    assert squares(by_age) == squares(by_calendar)
    drawn = chart(by_calendar, "cells")["data"][2]
    for (cohort, age, _), at in zip(drawn["customdata"], drawn["x"], strict=True):
        assert int(at) == int(cohort) + age
    assert not any(each["name"] == "Weighted mean" for each in chart(by_calendar, "curves")["data"])
    quarters = chart(observed(aligned="By calendar", grain="Quarter"), "cells")["data"][2]
    place = quarters["customdata"].index(["2018-Q3", 5, "this"])
    assert quarters["x"][place] == "2019-Q4"
    months = chart(observed(aligned="By calendar", grain="Month"), "cells")["data"][2]
    assert months["x"][months["customdata"].index(["2018-11", 3, "this"])] == "2019-02"
    assert not shows(observed(cohorts_by="Segment"), "aligned")


def test_two_scopes_side_by_side(sample: Workspace) -> None:
    app = observed(behind="true", versus="Segment: SMB", grain="Year", cohort="2019", age="2")
    other = sample.ask("cohort_retention", Scope.parse(["segment=SMB"]), kind="logo", grain="year")
    drawn = chart(app, "cells_versus")["data"][2]
    mature = other[other["is_mature"].fillna(False) & other["rate"].notna()]
    assert len(drawn["x"]) == len(mature)
    assert "segment SMB" in captions(app)
    means = {each["name"] for each in chart(app, "curves")["data"]}
    assert {"Weighted mean, this selection", "Weighted mean, compared with"} <= means
    whole = len(table(app, "account", "status"))
    choose(app, "whose", "versus")
    cell = other[(other["cohort"] == "2019") & (other["age"] == 2)].iloc[0]
    listed = table(app, "account", "status")
    assert len(listed[listed["status"] != "not reached"]) == cell["n"]
    assert len(listed) < whole
    choose(app, "versus", [])
    assert not any(each.key == "cells_versus" for each in app.get("plotly_chart"))
    assert len(table(app, "account", "status")) == whole


def test_when_they_leave_is_told_and_who(sample: Workspace) -> None:
    app = opened(observed(), "when_they_leave")
    asked = sample.ask("leaving_by_age", by="big_logo", grain="year")
    big = asked[(asked["slice"] == "Big logos") & (asked["age"] == 3)].iloc[0]
    assert f"Year 3: Big logos {big['rate']:.1%}".replace("%", " %") in captions(app)
    choose(choose(app, "left_slice", "Big logos"), "left_age", "3")
    assert len(table(app, "account", "lost_mrr")) == big["lost"]
    choose(app, "grain", "month")
    month = sample.ask("leaving_by_age", by="big_logo", grain="month")
    rate = month.loc[(month["slice"] == "The rest") & (month["age"] == 12), "rate"].iloc[0]
    assert f"The rest {rate:.1%}".replace("%", " %") in captions(app)


def test_a_point_of_the_mean_stands_for_every_mature_cohort(sample: Workspace) -> None:
    cells = sample.ask("cohort_retention", kind="logo", grain="year")
    mean = weighted_mean(cells).set_index("age")
    cohort, age, whose = line(observed(), "Weighted mean")["customdata"][3]
    assert line(observed(), "Median")["customdata"][3] == [cohort, age, whose]
    app = observed(behind="true", cohort=cohort, age=str(age))
    listed = table(app, "account", "status", "cohort")
    assert len(listed) == mean.loc[age, "n"]
    assert (listed["status"] != "left").sum() == mean.loc[age, "numerator"]
    assert listed["cohort"].nunique() == mean.loc[age, "cohorts"]
    assert not any(each["name"].startswith("Chosen") for each in chart(app, "curves")["data"])
    aligned = choose(app, "aligned", "calendar")  # where there is no mean
    assert aligned.session_state["cohort"] != cohort


def _clicked() -> None:
    import streamlit as st

    from decade.ui import session

    st.session_state["drawn"] = {"selection": {"points": st.session_state["points"]}}
    session.put_picked("drawn", ["cohort", "age"], "behind")


@pytest.mark.parametrize("points", [[], [{"x": 1}], [{"x": 1, "customdata": []}], [{"x": 1, "customdata": [None]}]])
def test_a_click_on_a_point_of_nobody_opens_nothing(points: list[dict[str, object]]) -> None:
    app = AppTest.from_function(_clicked)
    app.session_state["points"], app.session_state["cohort"] = points, "2019"
    app.run()
    assert not app.exception
    assert app.session_state["cohort"] == "2019"
    assert "behind" not in app.session_state
    app.session_state["points"] = [{"x": 1, "customdata": ["2020", 3, "this"]}]
    app.run()
    assert [app.session_state[each] for each in ("cohort", "age", "behind")] == ["2020", "3", True]


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = observed(behind="true")
    name = table(app, "account", "status")["account"].iloc[1]
    assert pick_row(app, "members", 1).markdown[0].value == f"### {name}"
