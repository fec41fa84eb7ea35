"""Big logos: the bars, the list behind each, penetration and the list of small deals."""

from __future__ import annotations

import pytest

from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_row, table, tiles, visit

PAGE = "big_logos"


def test_the_measure_changes_the_bars(sample: Workspace) -> None:
    app = visit(PAGE)
    deals = [each["y"] for each in chart(app, "sizes")["data"]]
    choose(app, "measure", "amount")
    money = [each["y"] for each in chart(app, "sizes")["data"]]
    assert [len(each) for each in money] == [len(each) for each in deals]
    assert money != deals


def test_every_bar_has_its_deals_behind_it(sample: Workspace) -> None:
    app = visit(PAGE, deals="true")
    for bars in chart(app, "sizes")["data"]:
        place = max(range(len(bars["y"])), key=lambda k: bars["y"][k])
        for key, value in zip(("size", "side"), bars["customdata"][place], strict=True):
            choose(app, key, value)
        assert len(table(app, "account", "deal_id")) == bars["y"][place]


def test_without_a_choice_all_deals_are_listed(sample: Workspace) -> None:
    app = visit(PAGE, deals="true")
    drawn = sum(sum(each["y"]) for each in chart(app, "sizes")["data"])
    assert len(table(app, "account", "deal_id")) == drawn
    assert len(table(choose(app, "side", "big"), "account", "deal_id")) < drawn


def test_a_size_that_a_filter_takes_away_gives_way(sample: Workspace) -> None:
    app = visit(PAGE, deals="true")
    largest = chart(app, "sizes")["data"][0]["customdata"][-1][0]
    choose(app, "size", largest)
    choose(app, "segment", ["SMB"])
    assert app.session_state["size"] == "all"


def test_accounts_shown_by_penetration(sample: Workspace) -> None:
    app = visit(PAGE)
    every = [sum(each["y"]) for each in chart(app, "penetration")["data"]]
    choose(app, "side_shown", "big")
    assert [sum(each["y"]) for each in chart(app, "penetration")["data"]] == [every[0], 0]
    assert every[1] > 0


def test_tiles_and_list_agree(sample: Workspace) -> None:
    app = visit(PAGE)
    shown = tiles(app)
    small = table(app, "account", "penetration")
    assert shown["Small deals in big logos"] == str(len(small))
    assert (small["penetration"] < sample.conventions().small_penetration).all()
    every = table(choose(app, "list", "every"), "account", "penetration")
    assert shown["Big logos"] == f"{len(every):,}"
    assert len(every) > len(small)


def test_unknown_potential_is_counted_apart(sample: Workspace) -> None:
    asked = sample.ask("penetration")
    unknown = int((asked["potential_from"] == "unknown").sum())
    app = visit(PAGE)
    assert f"unknown for {unknown:,}" in captions(app)
    assert sum(each["y"][-1] for each in chart(app, "penetration")["data"]) == asked["penetration"].isna().sum()


@pytest.mark.parametrize(("key", "columns"), [("bin", ("account", "deal_id")), ("logos", ("account", "penetration"))])
def test_a_row_opens_its_account(sample: Workspace, key: str, columns: tuple[str, ...]) -> None:
    app = visit(PAGE, deals="true")
    name = table(app, *columns)["account"].iloc[0]
    assert pick_row(app, key, 0).markdown[0].value == f"### {name}"
