"""After landing: survival, the trend test in words, the worst year, revenue, experiments."""

from __future__ import annotations

import pytest

from decade.models.lifetimes import log_rank
from decade.models.penetration_trend import penetration_trend
from decade.scope import Scope
from decade.ui.landing import worst_years
from decade.warehouse import Workspace
from support.screens import captions, chart, choose, everything, pick_row, table, visit

PAGE = "landing"


def test_lines_bars_and_numbers_at_risk(sample: Workspace) -> None:
    app = visit(PAGE)
    asked = sample.ask("survival_by_penetration")
    lines = chart(app, "survival")["data"]
    assert [each["name"] for each in lines] == list(dict.fromkeys(asked["band"]))
    first = asked[asked["band"] == lines[0]["name"]]
    assert lines[0]["y"] == pytest.approx(first["survival"].tolist(), abs=1e-6)
    at_risk = table(app, "At risk", "Year 1").set_index("At risk")
    assert at_risk.loc["under 5%", "Year 1"] == first.loc[first["age"] == 1, "at_risk"].iloc[0]


def test_the_log_rank_is_said(sample: Workspace) -> None:
    asked = sample.ask("survival_by_penetration")
    found = log_rank(asked[asked["band"] != "not known"].rename(columns={"band": "group"}))
    assert f"Log-rank over 4 bands, not adjusted: {found.statistic:.1f}" in captions(visit(PAGE))


def test_the_trend_is_read_in_plain_words(sample: Workspace) -> None:
    for who, scope in (("all", Scope()), ("big", Scope(big_logos_only=True))):
        app = choose(visit(PAGE), "who", who)
        trend = penetration_trend(sample.ask("account_lives", scope), sample.conventions().small_penetration)
        for sentence in trend.sentences():
            assert sentence in everything(app)
        shown = table(app, "model", "reading", "p_value")
        assert shown["model"].tolist() == ["adjusted", "unadjusted"]
        assert shown["p_value"].tolist() == pytest.approx(trend.estimates["p_value"].tolist())


def test_the_worst_year_is_said(sample: Workspace) -> None:
    asked = sample.ask("survival_by_penetration", by="small")
    for sentence in worst_years(asked):
        assert sentence in captions(visit(PAGE))
    small = asked[(asked["band"] == "Small deals in big logos") & (asked["at_risk"] >= 10)]
    worst = int(small.loc[small["hazard"].idxmax(), "age"])
    assert f"Small deals in big logos: year {worst} is the worst" in captions(visit(PAGE))


def test_sides_and_measure_change_the_charts(sample: Workspace) -> None:
    app = visit(PAGE)
    three = [each["name"] for each in chart(app, "hazards")["data"]]
    net = chart(app, "revenue")["data"][0]["y"]
    choose(app, "sides", "big_logo")
    assert [each["name"] for each in chart(app, "hazards")["data"]] != three
    choose(app, "landing_measure", "grr")
    gross = chart(app, "revenue")["data"][0]["y"]
    assert all(one <= other + 1e-9 for one, other in zip(gross, net, strict=True))


def test_experiments_that_grew(sample: Workspace) -> None:
    asked = sample.ask("experiments")
    grown = asked[asked["outcome"] == "grown"]
    app = visit(PAGE)
    assert f"**{len(grown)} of {len(asked)}**" in everything(app)
    assert len(table(choose(app, "outcome", "grown"), "outcome", "reached_month")) == len(grown)
    name = grown["account"].iloc[0]
    assert pick_row(app, "experiments", 0).markdown[0].value == f"### {name}"


def test_the_choice_is_under_the_chart(sample: Workspace) -> None:
    assert "Big logos only, all months" in captions(choose(visit(PAGE), "who", "big"))
