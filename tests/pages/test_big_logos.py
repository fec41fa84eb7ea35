"""Big logos: the bars, the list behind each, penetration and the list of small deals."""

from __future__ import annotations

import numpy as np
import pytest

from decade.charts.formats import money
from decade.warehouse import Workspace, named
from support.screens import captions, chart, choose, pick_row, press, table, tiles, visit

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


def test_bands_in_accounts_and_in_money(sample: Workspace) -> None:
    app = visit(PAGE)
    asked = sample.ask("penetration")
    choose(app, "band_measure", "acv")
    drawn = sum(sum(each["y"]) for each in chart(app, "penetration")["data"])
    assert drawn == pytest.approx(asked["acv"].sum())


def test_concentration_is_that_of_the_accounts_shown(sample: Workspace) -> None:
    acv = np.sort(sample.ask("penetration")["acv"].to_numpy())
    gini = np.abs(acv[:, None] - acv[None, :]).mean() / (2 * acv.mean())
    app = visit(PAGE)
    assert f"Gini {gini:.2f}" in captions(app)
    curve = chart(app, "lorenz")["data"][1]
    assert (curve["x"][-1], curve["y"][-1]) == (1, 1)


def test_where_potential_comes_from_is_always_in_sight(sample: Workspace) -> None:
    asked = sample.ask("penetration")
    shown = table(visit(PAGE), "potential", "at P75", "at P90", "at P95").set_index("potential")
    assert shown["accounts"].sum() == len(asked)
    assert shown["at P90"].sum() == pytest.approx(asked["potential_acv"].sum())
    estimated = shown.loc["Employees"]
    assert estimated["at P75"] < estimated["at P90"] < estimated["at P95"]
    assert np.isnan(shown.loc["Not known", "at P90"])


def test_limits_are_tried_before_they_are_saved(own_sample: Workspace) -> None:
    app = visit(PAGE, definitions="true")
    before = tiles(app)
    text = next(each.value for each in app.markdown if each.value.startswith("With these limits"))
    assert f"**{before['Big logos']} big logos**" in text
    assert f"**{before['Small deals']} small deals**" in text
    choose(app, "try_employees", 5000)
    tried = next(each.value for each in app.markdown if each.value.startswith("With these limits"))
    assert tried != text
    assert tiles(app) == before, "nothing is changed before it is saved"
    press(app, "Save for this workspace")
    assert tiles(app)["Big logos"] != before["Big logos"]
    assert f"**{tiles(app)['Big logos']} big logos**" in tried
    assert own_sample.conventions().big_logo_employees == 5000


def test_a_logo_named_by_hand_is_big_and_stays_so(own_sample: Workspace) -> None:
    asked = own_sample.ask("penetration")
    little = asked[~asked["is_big_logo"]].iloc[0]["account_id"]
    app = choose(visit(PAGE, definitions="true"), "try_named", [little])
    press(app, "Save for this workspace")
    assert named.named_big_logos(own_sample) == [little]
    now = own_sample.ask("penetration").set_index("account_id")
    assert now.loc[little, "is_big_logo"]
    assert now["is_big_logo"].sum() == asked["is_big_logo"].sum() + 1


def test_subsidiaries_count_under_their_parent(own_sample: Workspace) -> None:
    app = visit(PAGE, definitions="true")
    before = own_sample.ask("penetration")
    choose(app, "try_roll_up", True)
    press(app, "Save for this workspace")
    after = own_sample.ask("penetration")
    assert own_sample.conventions().parents_roll_up
    assert len(after) < len(before)
    assert after["acv"].sum() == pytest.approx(before["acv"].sum())


def test_what_matches_nothing_is_said_with_its_money(own_sample: Workspace) -> None:
    totals = own_sample.ask("deal_totals")
    deals, amount = int(totals["without_account"].sum()), totals["without_account_amount"].sum()
    assert deals > 0
    said = captions(visit(PAGE)).replace("\\", "")
    assert f"{deals:,} deals ({money(amount, 'USD')}) name no account" in said


def test_deals_by_size_of_the_account(sample: Workspace) -> None:
    app = visit(PAGE, account_sizes="true")
    asked = sample.ask("deal_bands")
    drawn = sum(sum(each["y"]) for each in chart(app, "bands")["data"])
    assert drawn == pytest.approx(asked["amount"].sum())
    assert drawn == pytest.approx(sample.ask("deal_sizes")["amount"].sum())


def test_unknown_potential_is_counted_apart(sample: Workspace) -> None:
    asked = sample.ask("penetration")
    unknown = int((asked["potential_from"] == "unknown").sum())
    app = visit(PAGE)
    assert f"unknown for {unknown:,}" in captions(app)
    assert sum(each["y"][-1] for each in chart(app, "penetration")["data"]) == asked["penetration"].isna().sum()


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE, deals="true")
    name = table(app, "account", "deal_id")["account"].iloc[0]
    assert pick_row(app, "bin", 0).markdown[0].value == f"### {name}"
