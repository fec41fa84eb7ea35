"""Explain: behind every chart its definition, its SQL and its data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decade.models import scenario as model
from decade.places import PROJECT
from decade.queries import catalogue
from decade.ui.computed import EXPLAINED
from decade.ui.export import csv_bytes, neutral
from decade.warehouse import Workspace
from support.sample import sample_account
from support.screens import captions, run, tables, visit

CHARTS = [
    ("net_revenue_retention", "retention", "revenue_retention"),
    ("net_revenue_retention", "bridge", "mrr_bridge"),
    ("net_revenue_retention", "quick", "mrr_bridge"),
    ("cohorts", "cells", "cohort_retention"),
    ("cohorts", "curves", "cohort_retention"),
    ("lifetimes", "expected", "renewal_life_table"),
    ("lifetimes", "revenue", "revenue_levels"),
    ("lifetimes", "survival", "leaving_by_age"),
    ("big_logos", "sizes", "deal_sizes"),
    ("big_logos", "penetration", "penetration"),
    ("big_logos", "lorenz", "penetration"),
    ("landing", "survival", "survival_by_penetration"),
    ("landing", "hazards", "survival_by_penetration"),
    ("landing", "revenue", "revenue_by_landing"),
    ("capacity", "movers", "success_capacity"),
    ("account", "course", "account_mrr"),
]


@pytest.mark.parametrize(("page", "key", "name"), CHARTS)
def test_definition_sql_and_data(sample: Workspace, page: str, key: str, name: str) -> None:
    query = {"account": sample_account(sample.folder, "segment", "SMB")} if page == "account" else {}
    app = visit(page, **query)
    assert not app.code, "nothing is made before it is opened"
    before, of_page = len(tables(app)), [each.label for each in app.tabs]
    app.session_state[f"{key}_explain"] = True
    run(app)
    question = catalogue()[name]
    shown = [each.label for each in app.tabs]
    assert [each for each in shown if each not in of_page] == ["Definition", "SQL", "Data"]
    codes = [each.value for each in app.code]
    assert question.sql.strip() in codes
    assert not question.formula or question.formula in codes
    assert any(question.question in each.value for each in app.markdown)
    assert "Convention decade: churn at period end" in captions(app)
    assert len(tables(app)) == before + 2
    meanings = next(each for each in tables(app) if list(each.columns) == ["Column", "Unit", "Meaning"])
    assert meanings["Column"].tolist() == [each.name for each in question.columns]
    downloads = [each.label for each in app.get("download_button")]
    assert any(label.startswith("Download ") and label.endswith(" rows as CSV") for label in downloads)


def test_every_chart_explains_itself(sample: Workspace) -> None:
    for page in ("net_revenue_retention", "cohorts", "big_logos"):
        app = visit(page)
        assert len(app.get("popover")) == len(app.get("plotly_chart")) >= 2


@pytest.mark.parametrize(
    ("look", "keys"),
    [
        ("Years", ("cash", "years", "damped")),
        ("Heatmaps", ("heat_cac", "heat_free")),
        ("If we are wrong", ("tornado", "draws")),
        ("Compare", ("compared",)),
    ],
)
def test_figures_of_a_scenario_explain_themselves(sample: Workspace, look: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        app = visit("scenarios", look=look)
        assert "in USD; the filters do not change it" in captions(app)
        assert not app.code, "nothing is made before it is opened"
        before = len(tables(app))
        app.session_state[f"{key}_explain"] = True
        run(app)
        found = EXPLAINED[key]
        assert found.formula in [each.value for each in app.code]
        assert any(found.question in each.value for each in app.markdown)
        assert any(f"`{found.file}`" in each.value for each in app.markdown)
        assert len(tables(app)) == before + 2
        meanings = next(each for each in tables(app) if list(each.columns) == ["Column", "Unit", "Meaning"])
        listed = meanings["Column"].tolist()
        rows = next(each for each in tables(app) if list(each.columns) == listed)
        assert len(rows) > 1
        if key != "compared":
            assert listed == [each.name for each in found.columns]
        assert any(
            each.label.startswith("Download ") and each.label.endswith(" rows as CSV")
            for each in app.get("download_button")
        )


def test_what_is_computed_is_where_it_says() -> None:
    for each in EXPLAINED.values():
        assert f"\ndef {each.function}(" in (PROJECT / each.file).read_text(encoding="utf-8"), each.function


def test_rows_of_a_heatmap_are_its_cells(sample: Workspace) -> None:
    app = visit("scenarios", look="Heatmaps")
    app.session_state["heat_free_explain"] = True
    run(app)
    rows = next(each for each in tables(app) if list(each.columns) == ["free_months", "nrr", "npv"])
    scenario = model.preset(next(iter(model.presets())))
    one = rows.iloc[7]
    wanted = model.evaluate(replace(scenario, free_months=float(one["free_months"]), nrr=float(one["nrr"])))
    assert one["npv"] == pytest.approx(wanted.npv)


def test_downloads_never_hold_a_live_formula(sample: Workspace) -> None:
    frame = sample.ask("account_list").head(5).copy()
    frame["account"] = ["=HYPERLINK(1)", "+1", "-1", "@x", "plain"]
    frame.loc[frame.index[4], "segment"] = None
    safe = neutral(frame)
    assert safe["account"].tolist() == ["'=HYPERLINK(1)", "'+1", "'-1", "'@x", "plain"]
    assert safe["mrr"].equals(frame["mrr"])
    text = csv_bytes(frame).decode("utf-8")
    assert text.splitlines()[0].startswith("account_id,account,mrr,first_month")
    assert "'nan" not in text
    assert " 00:00:00" not in text
