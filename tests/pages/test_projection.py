"""The projected half of the cohorts page, and the back-test."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from decade.charts import cohorts as charts
from decade.models.cohorts import extended, weighted_mean
from decade.models.engine import PIECES
from decade.models.logos import project_logos
from decade.models.revenue import REVENUE_PIECES
from decade.ui import projection_boxes
from decade.warehouse import Workspace
from support.screens import captions, chart, choose, run, tables, visit


def cells_of(sample: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells = sample.ask("cohort_retention", kind="logo", grain="year")
    life = sample.ask("renewal_life_table").drop(columns="slice")
    life = life.astype(dict.fromkeys(("term_months", "age", "at_risk", "lost", "period"), "int64"))
    found = project_logos(life)
    return cells, extended(cells, found.cohorts, found.paths, found.tested_ahead, 1.0, found.pooled_paths)


def test_projected_cells_begin_where_the_observed_ones_end(sample: Workspace) -> None:
    cells, ahead = cells_of(sample)
    last = cells[cells["is_mature"].fillna(False)].groupby("cohort")["age"].max()
    first = ahead.groupby("cohort")["age"].min()
    assert (first == last.reindex(first.index) + 1).all()
    assert ahead.groupby("cohort")["age"].max().eq(10).all()
    assert ((ahead["low"] <= ahead["rate"]) & (ahead["rate"] <= ahead["high"])).all()
    falls = ahead.sort_values(["cohort", "age"]).groupby("cohort")["rate"].diff().dropna()
    assert (falls <= 1e-9).all()
    assert set(ahead["is_back_tested"]) == {True, False}


def test_the_switch_takes_the_projection_away_and_brings_it_back(sample: Workspace) -> None:
    app = visit("cohorts")
    assert "Italics are projected" in captions(app)
    assert "expected to stay" in captions(app)
    app.toggle(key="project").set_value(False)
    assert "projected" not in captions(run(app))
    app.toggle(key="project").set_value(True)
    assert "Italics are projected" in captions(run(app))


def test_the_reasons_are_there_when_they_are_asked_for(sample: Workspace) -> None:
    app = visit("cohorts")
    closed = len(tables(app))
    app.session_state["why"] = True
    run(app)
    assert len(tables(app)) > closed
    assert any(each.value.startswith("**By calendar period") for each in app.markdown)


@pytest.mark.parametrize("kind", ["Gross revenue", "Net revenue"])
def test_revenue_is_projected_too(sample: Workspace, kind: str) -> None:
    app = visit("cohorts", kind=kind)
    assert "within ten years" in captions(app)


@pytest.mark.parametrize("kind", ["Logos", "Net revenue"])
@pytest.mark.parametrize("query", [{"grain": "Quarter"}, {"cohorts_by": "Plan"}], ids=["quarters", "plans"])
def test_other_cohorts_are_projected_too(sample: Workspace, kind: str, query: dict[str, str]) -> None:
    app = visit("cohorts", kind=kind, **query)
    assert "Italics are projected" in captions(app)
    texts = [each for each in chart(app, "cells")["data"] if each.get("hovertext")]
    assert any("projected" in text for each in texts for text in each["hovertext"])


def test_the_interval_waits_for_nobody_and_takes_over_what_the_back_test_finds(sample: Workspace) -> None:
    app = visit("cohorts", region="Europe")
    for _ in range(300):
        if "Back-tested: " in captions(app) or "too short for a back-test" in captions(app):
            break
        assert "runs beside this page" in captions(app)
        time.sleep(0.2)
        run(app)
    assert "Back-tested: " in captions(app) or "too short for a back-test" in captions(app)


def test_a_short_history_is_refused_by_name(sample: Workspace) -> None:
    app = visit("cohorts", from_="2026-09")
    assert "projection" in captions(app)


def test_switching_a_piece_off_moves_the_line(sample: Workspace) -> None:
    life = sample.ask("renewal_life_table").drop(columns="slice")
    life = life.astype(dict.fromkeys(("term_months", "age", "at_risk", "lost", "period"), "int64"))
    whole, plain = project_logos(life), project_logos(life, pieces=("duration",))
    assert not whole.pooled["median"].equals(plain.pooled["median"])


def test_the_pieces_of_revenue_are_switched_off_too(sample: Workspace) -> None:
    app = visit("cohorts", kind="Net revenue")
    app.session_state["why"] = True
    run(app)
    line = chart(app, "fan")["data"]
    pills = app.get("button_group")
    chosen = next(each for each in pills if each.key == "revenue_pieces")
    assert set(chosen.value) == set(REVENUE_PIECES)
    assert REVENUE_PIECES["damping"] in captions(app)
    chosen.set_value([each for each in REVENUE_PIECES if each != "damping"])
    assert chart(run(app), "fan")["data"] != line
    choose(app, "kind", "Logos")
    assert PIECES["duration"] in captions(app)


def test_the_back_test_names_its_figures(sample: Workspace) -> None:
    app = visit("back_test")
    assert any("years ahead the engine is" in each.value for each in app.markdown)
    app = visit("back_test", tested="Net revenue")
    assert any("years ahead the engine is" in each.value for each in app.markdown)


def test_the_weighted_mean_leaves_late_entries_and_immature_cells_out() -> None:
    cells = pd.DataFrame(
        {
            "cohort": ["a", "b", "c", "d"],
            "age": [1, 1, 1, 1],
            "n": [10.0, 30.0, 50.0, 70.0],
            "numerator": [5.0, 24.0, 50.0, 7.0],
            "denominator": [10.0, 30.0, 50.0, 70.0],
            "rate": [0.5, 0.8, 1.0, 0.1],
            "is_mature": [True, True, True, False],
            "late_entries": [0, 0, 2, 0],
        }
    )
    mean = weighted_mean(cells)
    assert mean["rate"].tolist() == [29 / 40]
    assert mean["cohorts"].tolist() == [2]


def test_each_measure_of_the_back_test_is_drawn(sample: Workspace) -> None:
    app = visit("back_test")
    drawn = {}
    for measure in ("wape", "bias", "coverage"):
        choose(app, "measure", measure)
        drawn[measure] = {each["name"]: each["y"] for each in chart(app, "errors")["data"]}
    assert drawn["wape"] != drawn["bias"] != drawn["coverage"]
    engine = next(values for name, values in drawn["coverage"].items() if name.startswith("engine"))
    assert all(0 <= each <= 1 for each in engine)
    naive = next(values for name, values in drawn["coverage"].items() if name.startswith("constant rate"))
    assert naive != engine


@pytest.mark.parametrize("grain", ["Year", "Quarter"])
def test_what_was_observed_is_drawn_before_the_projection_is_computed(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch, grain: str
) -> None:
    drawn: list[str] = []

    def heatmap(*arguments: object, projected: object = None, **others: object) -> object:
        drawn.append("observed" if projected is None else "projected")
        return real_heatmap(*arguments, projected=projected, **others)

    def cells_ahead(*arguments: object) -> object:
        drawn.append("computed")
        return real_cells_ahead(*arguments)

    real_heatmap, real_cells_ahead = charts.heatmap, projection_boxes.cells_ahead
    monkeypatch.setattr(charts, "heatmap", heatmap)
    monkeypatch.setattr(projection_boxes, "cells_ahead", cells_ahead)
    visit("cohorts", segment="SMB", grain=grain)
    assert drawn == ["observed", "computed", "projected"]


def test_calendar_periods_are_named_as_people_read_them(sample: Workspace) -> None:
    for kind in ("logo", "net"):
        app = visit("cohorts", kind={"logo": "Logos", "net": "Net revenue"}[kind], why="true")
        periods = next(each.value["Period"] for each in app.dataframe if "Period" in each.value.columns)
        assert periods.str.fullmatch(r"20[12]\d(-(0[1-9]|1[0-2]))?").all()
        assert periods.is_unique or kind == "logo"  # of each contract term its own
