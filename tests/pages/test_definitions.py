"""Definitions: every metric's words, from the headers of the SQL; searchable, linkable, and reached from a chart."""

from __future__ import annotations

import pytest

from decade.queries import metrics
from decade.warehouse import Workspace
from support.screens import captions, choose, press, run, table, visit

PAGE = "definitions"


def test_every_metric_is_there(sample: Workspace) -> None:
    listed = table(visit(PAGE), "Metric", "Question", "Grain", "Name")
    assert sorted(listed["Name"]) == sorted(metrics())


@pytest.mark.parametrize("name", ["mrr_bridge", "revenue_retention", "penetration"])
def test_a_link_shows_a_definition_whole(sample: Workspace, name: str) -> None:
    question = metrics()[name]
    app = visit(PAGE, metric=question.title)
    assert app.session_state["metric"] == name
    assert f"#### {question.title}" in [each.value for each in app.markdown]
    assert question.question in [each.value for each in app.text]
    assert not question.formula or question.formula in [each.value for each in app.code]
    columns = table(app, "Column", "Unit", "Meaning")
    assert columns["Column"].tolist() == [each.name for each in question.columns]
    assert "Convention decade: churn at period end" in captions(app)
    assert question.sql.strip() not in [each.value for each in app.code]
    app.session_state["sql"] = True
    assert question.sql.strip() in [each.value for each in run(app).code]


def test_a_word_finds_it(sample: Workspace) -> None:
    app = choose(visit(PAGE), "find", "quick ratio")
    assert "mrr_bridge" in table(app, "Metric", "Name")["Name"].tolist()
    assert len(table(app, "Metric", "Name")) < len(metrics())
    assert "No definition holds these words." in captions(choose(app, "find", "zebra crossing"))


def test_a_chart_leads_there(sample: Workspace) -> None:
    app = visit("net_revenue_retention")
    app.session_state["bridge_explain"] = True
    run(app)
    press(app, "Open in Definitions")
    assert app.markdown[0].value == "### Definitions"
    assert app.session_state["metric"] == "mrr_bridge"


def test_on_an_empty_workspace(empty: Workspace) -> None:
    assert len(table(visit(PAGE), "Metric", "Name")) == len(metrics())
