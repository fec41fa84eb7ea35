"""Why do they differ? Every convention side by side, causes that sum, accounts behind them, a number from elsewhere."""

from __future__ import annotations

import pytest

from decade.comparing import counter
from decade.conventions import PRESETS
from decade.models.compared import measured
from decade.months import parse_month
from decade.scope import Scope
from decade.warehouse import Workspace
from support.screens import captions, chart, choose, everything, pick_row, table, visit
from support.workspaces import charge, fill

PAGE = "conventions_compared"


def test_the_table_has_every_preset_and_agrees_with_the_question(sample: Workspace) -> None:
    app = visit(PAGE, at="2024-06")
    found = table(app, "convention", "mrr", "nrr").set_index("convention")
    assert list(found.index) == ["Yours", *PRESETS]
    count = counter(sample, Scope())
    for name in ("stripe", "maxio"):
        expected = measured(count(sample.conventions().preset(name)), parse_month("2024-06"), 12)
        assert found.loc[name, list(expected)].tolist() == pytest.approx(list(expected.values()))
    assert found.loc["Yours", "mrr"] == found.loc["decade", "mrr"]


@pytest.mark.parametrize(("measure", "against"), [("mrr", "stripe"), ("nrr", "chartmogul"), ("churn", "maxio")])
def test_the_causes_end_where_the_other_convention_stands(sample: Workspace, measure: str, against: str) -> None:
    app = visit(PAGE, at="2020-03")
    choose(app, "with", against)
    choose(app, "number", measure)
    bars = chart(app, "causes")["data"][0]
    there = table(app, "convention", "mrr").set_index("convention").loc[against, measure]
    assert bars["x"][0] == "Yours"
    assert bars["x"][-1] == against
    assert bars["base"][-1] + bars["y"][-1] == pytest.approx(there)


def test_a_row_opens_the_account(sample: Workspace) -> None:
    app = choose(visit(PAGE, at="2020-03"), "with", "stripe")
    choose(app, "cause", "fx")
    shown = table(app, "account", "effect")
    assert len(shown) > 10
    assert shown["effect"].abs().is_monotonic_decreasing
    pick_row(app, "different_accounts", 0)
    assert app.markdown[0].value.startswith("### ")
    assert shown["account"].iloc[0] in everything(app)


def test_a_number_from_another_tool(sample: Workspace) -> None:
    closing = sample.ask("mrr_bridge").set_index("month")["closing"]
    app = choose(visit(PAGE, at="2024-06"), "says", float(closing["2024-05-01"]))
    assert any("Nearest: " in each.value for each in app.markdown)
    assert any("your MRR at the end of 2024-05" in each.value for each in app.text)
    rest = table(app, "convention", "rest")["rest"].abs()
    assert len(rest) >= 2
    assert rest.is_monotonic_increasing


def test_names_are_masked(sample: Workspace) -> None:
    app = choose(visit(PAGE, at="2020-03", mask="true"), "with", "stripe")
    choose(app, "cause", "fx")
    assert table(app, "account", "effect")["account"].str.startswith("Account ").all()


def test_nothing_is_changed(sample: Workspace) -> None:
    before = sample.revision, sample.conventions()
    visit(PAGE)
    assert (sample.revision, sample.conventions()) == before


def test_one_month_of_history(empty: Workspace) -> None:
    fill(empty, as_of="2025-01-31", charges=[charge("a", "2025-01-01", None, 10)])
    app = visit(PAGE)
    assert table(app, "convention", "mrr")["mrr"].tolist() == [10.0] * 7
    choose(app, "number", "nrr")
    assert "the history in scope is too short" in captions(app)
