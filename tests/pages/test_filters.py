"""Each filter moves some number on every page that shows numbers; none does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from decade.warehouse import Workspace
from support.screens import captions, choose, drawn, numbers, press, run, shows, table, tiles, visit
from support.workspaces import charge, fill

PAGES = ("movements", "net_revenue_retention", "cohorts", "lifetimes", "big_logos", "small_deals", "stakeholders")
PAGES += ("capacity", "account")
WIDEST = {"small_deals": {"list": "Every big logo"}, "movements": {"span": "The whole period"}}
FILTERS: dict[str, object] = {
    "segment": ["Mid-Market"],
    "region": ["Europe"],
    "plan": ["growth-annual-usd-2024"],
    "channel": ["Referral"],
    "owner": ["Dana Rourke"],
    "lane": ["Utilities"],
    "from": "2019-01",
    "to": "2022-06",
    "big_logos": True,
}


@pytest.mark.parametrize("page", PAGES)
def test_each_filter_moves_numbers(sample: Workspace, page: str) -> None:
    plain = visit(page, **WIDEST.get(page, {}))
    before = numbers(plain)
    for name, value in FILTERS.items():
        if (page, name) == ("small_deals", "big_logos"):
            continue  # this page is about big logos anyway
        choose(plain, name, value)
        assert numbers(plain) != before, f"{name} moves nothing on {page}"
        choose(plain, name, [] if isinstance(value, list) else None if isinstance(value, str) else False)
        assert drawn(plain) == before[2], f"{name} cannot be taken back on {page}"


def test_values_of_one_filter_add_up(sample: Workspace) -> None:
    asked = sample.ask("scope_values")
    values = asked.loc[asked["attribute"] == "segment", "value"].tolist()
    app = visit("account")
    whole = table(app, "account", "mrr")["mrr"].sum()
    parts = [table(choose(app, "segment", [each]), "account", "mrr")["mrr"].sum() for each in values]
    assert sum(parts) == pytest.approx(whole, abs=0.01)
    assert len([each for each in parts if each > 0]) > 1


def test_two_filters_narrow_each_other(sample: Workspace) -> None:
    app = visit("account", segment="SMB")
    wide = len(table(app, "account", "mrr"))
    assert 0 < len(table(choose(app, "region", ["Europe"]), "account", "mrr")) < wide


def test_filters_go_along_to_other_pages(sample: Workspace) -> None:
    app = choose(visit("net_revenue_retention"), "segment", ["SMB"])
    run(app.switch_page("pages/customers/cohorts.py"))
    assert app.session_state["segment"] == ["SMB"]
    assert "segment SMB" in captions(app)


def test_a_filter_with_one_value_is_not_offered(empty: Workspace) -> None:
    fill(
        empty,
        as_of="2025-03-31",
        accounts=[{"account_id": "a", "segment": "SMB"}, {"account_id": "b", "segment": "SMB"}],
        charges=[charge("a", "2025-01-01", None, 10), charge("b", "2025-01-01", None, 10)],
    )
    app = visit("net_revenue_retention")
    assert not shows(app, "segment")
    assert not shows(app, "owner")
    assert tiles(app)["MRR"] == "$20"


def test_other_workspaces_do_not_inherit_filters(own_sample: Workspace, tmp_path: Path) -> None:
    few = Workspace.open(tmp_path / "workspaces" / "few")
    fill(few, as_of="2025-03-31", charges=[charge("a", "2025-01-01", None, 10)])
    app = choose(choose(visit("net_revenue_retention"), "segment", ["SMB"]), "from", "2015-01")
    choose(app, "w", "few")
    assert tiles(app)["MRR"] == "$10"
    assert "All accounts, all months, as of 2025-03-31" in captions(app)
    choose(app, "w", "sample")
    assert tiles(app)["MRR"] == tiles(visit("net_revenue_retention"))["MRR"]
    few.close()


@pytest.mark.parametrize("page", ["overview", "net_revenue_retention", "cohorts", "scenarios"])
def test_a_link_with_a_filter_that_is_not_here_shows_no_numbers(sample: Workspace, page: str) -> None:
    app = visit(page, segment=["Nonsense", "SMB"], from_="1999-01")
    said = "Not in this workspace: Segment “Nonsense”, From “1999-01”. No numbers are shown until this is left out"
    assert app.warning[0].value.startswith(said)
    assert numbers(app) == ({}, [], [])
    run(app)
    assert numbers(app) == ({}, [], []), "another run is not consent"
    press(app, "Leave this out")
    assert not any("Not in this workspace" in each.value for each in app.warning)
    assert numbers(app) == numbers(visit(page, segment="SMB"))


def test_a_link_by_what_no_account_has(empty: Workspace) -> None:
    fill(empty, as_of="2025-03-31", charges=[charge("a", "2025-01-01", None, 10)])
    app = visit("net_revenue_retention", lane="Rail", region="(not known)")
    assert not tiles(app)
    assert "workspace: Lane “Rail”." in app.warning[0].value
    assert tiles(press(app, "Leave this out"))["MRR"] == "$10"


def test_a_link_with_an_owner_tells_no_name_while_masked(sample: Workspace) -> None:
    app = visit("net_revenue_retention", owner="Dana Rourke", mask="true")
    assert "Owner “" in app.warning[0].value
    assert "Rourke" not in app.warning[0].value
    shown = visit("net_revenue_retention", owner="Dana Rourke")
    choose(shown, "mask", True)
    assert tiles(shown) == tiles(visit("net_revenue_retention", owner="Dana Rourke"))


def test_a_page_that_ended_early_reads_the_next_filter(sample: Workspace) -> None:
    app = visit("movements", plan="(not known)")
    assert not shows(app, "movement")  # nothing moved: the page ends there
    choose(app, "plan", ["growth-annual-usd-2024"])
    assert numbers(app) == numbers(visit("movements", plan="growth-annual-usd-2024"))
