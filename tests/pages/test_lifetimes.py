"""Lifetimes: what cohorts and groups last and bring, survival with its test, and the decade club."""

from __future__ import annotations

import pytest

from decade.models.lifetimes import lifetimes, log_rank
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue
from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_row, run, table, tiles, visit

PAGE = "lifetimes"


def test_the_tiles_are_what_the_models_say(sample: Workspace) -> None:
    shown = tiles(visit(PAGE))
    logos = lifetimes(project_logos(sample.history("logo").drop(columns="slice")))
    net = lifetimes(project_revenue(sample.history("net").drop(columns="slice")))
    club = sample.ask("decade_club")
    assert shown["Expected lifetime"] == f"{logos.iloc[0]['years']:.1f} years"
    assert shown["Decade club"] == str(int(club["is_member"].sum()))
    whole = net.loc[net["cohort"] != "", "total"].sum()
    assert shown["Ten-year revenue"] == f"${whole / 1e6:.0f}M"


def test_observed_and_projected_revenue_add_up(sample: Workspace) -> None:
    app = visit(PAGE)
    app.session_state["as_table"] = True
    run(app)
    found = table(app, "group", "revenue", "revenue_seen").set_index("group")
    seen, coming = chart(app, "revenue")["data"]
    for name, one, other in zip(seen["y"], seen["x"], coming["x"], strict=True):
        assert one + other == pytest.approx(found.loc[name, "revenue"], abs=0.05)
    assert (found["revenue_low"] <= found["revenue"] + 1e-6).all()
    assert (found["revenue"] <= found["revenue_high"] + 1e-6).all()
    assert found["years"].isna().any(), "what a cohort older than the data lasts cannot be said"
    assert found["years"].dropna().between(0, 10).all()


@pytest.mark.parametrize("by", ["segment", "big_logo"])
def test_groups_have_a_lifetime_and_accounts(sample: Workspace, by: str) -> None:
    app = choose(visit(PAGE, holds="true"), "lifetimes_by", by)
    names = chart(app, "expected")["data"][0]["y"]
    cells = sample.ask("cohort_retention", kind="logo", grain="year", by=by)
    assert set(names) <= set(cells["cohort"])
    choose(app, "held", names[-1])
    members = table(app, "account", "mrr_at_start", "first_month")
    cell = cells[(cells["cohort"] == names[-1]) & (cells["age"] == 0)].iloc[0]
    asked = sample.ask("cohort_members", grain="year", by=by, cohort=names[-1], age=0)
    assert len(members) == len(asked) == cell["n"] + (asked["status"] == "not reached").sum()


def test_survival_begins_whole_and_its_test_is_told(sample: Workspace) -> None:
    app = choose(visit(PAGE), "survival_by", "big_logo")
    lines = [each for each in chart(app, "survival")["data"] if each.get("name")]
    assert {each["name"] for each in lines} == {"Big logos", "The rest"}
    assert all(each["y"][0] == 1 for each in lines)
    asked = sample.ask("leaving_by_age", grain="month", by="big_logo").rename(columns={"slice": "group"})
    assert log_rank(asked).p_value < 0.001
    assert "The groups do not leave alike (log-rank p below 0.001)" in captions(app)
    at_risk = table(app, "group", "0", "5")
    first = asked[(asked["group"] == "Big logos") & (asked["age"] == 61)]["at_risk"].iloc[0]
    assert at_risk.loc[at_risk["group"] == "Big logos", "5"].iloc[0] == first


def test_a_member_of_the_club_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = table(app, "account", "is_member")["account"].iloc[0]
    assert pick_row(app, "club", 0).markdown[0].value == f"### {name}"
