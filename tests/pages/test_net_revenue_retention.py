"""Net revenue retention: every choice moves what it should, and what lies behind a click adds up to it."""

from __future__ import annotations

import html

import pandas as pd
import pytest

from decade.warehouse import Workspace
from support.screens import captions, chart, choose, pick_row, shows, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "net_revenue_retention"


def test_tiles_say_what_the_metrics_say(sample: Workspace) -> None:
    shown = tiles(visit(PAGE))
    last = sample.ask("revenue_retention", form="ttm").iloc[-1]
    bridge = sample.ask("mrr_bridge").iloc[-1]
    assert shown["NRR, 12 months"] == f"{last['nrr']:.1%}".replace("%", " %")
    assert shown["GRR, 12 months"] == f"{last['grr']:.1%}".replace("%", " %")
    assert shown["Logos, 12 months"] == f"{last['logo_retention']:.1%}".replace("%", " %")
    assert shown["MRR"] == f"${bridge['closing'] / 1e6:.2f}M"
    assert shown["Quick ratio, month"] == f"{bridge['quick_ratio']:.2f}"


def test_the_form_changes_the_curve_and_not_the_tiles(sample: Workspace) -> None:
    app = visit(PAGE)
    before, curve = tiles(app), chart(app, "retention")["data"][0]["y"]
    for form in ("monthly", "compounded"):
        choose(app, "form", form)
        assert chart(app, "retention")["data"][0]["y"] != curve
        assert tiles(app) == before


@pytest.mark.parametrize(
    ("by", "most"),
    [
        ("segment", 4),
        ("region", 4),
        ("lane", 7),
        ("plan", 60),
        ("channel", 9),
        ("owner", 9),
        ("deal_size_band", 9),
        ("big_logo", 2),
    ],
)
def test_slices_give_a_panel_and_a_row_each(sample: Workspace, by: str, most: int) -> None:
    app = choose(visit(PAGE), "by", by)
    names = [html.unescape(each["name"]) for each in chart(app, "retention")["data"] if "customdata" in each]
    ranked = table(app, "slice", "nrr", "low", "high")
    assert 2 <= len(names) <= min(most, 12)
    assert set(names) <= set(ranked["slice"])
    assert len(ranked) <= most
    assert ranked["nrr"].dropna().is_monotonic_decreasing
    known = ranked.dropna(subset=["low"])
    assert ((known["low"] <= known["nrr"] + 1e-9) & (known["nrr"] <= known["high"] + 1e-9)).all()
    assert known["base_accounts"].min() >= 5


def test_ranked_slices_weigh_up_to_the_whole(sample: Workspace) -> None:
    app = choose(visit(PAGE), "by", "region")
    ranked = table(app, "slice", "nrr", "base_mrr")
    whole = sample.ask("revenue_retention").iloc[-1]
    assert (ranked["nrr"] * ranked["base_mrr"]).sum() / ranked["base_mrr"].sum() == pytest.approx(
        whole["nrr"], abs=1e-6
    )


@pytest.mark.parametrize(("bars", "period"), [("quarter", "2026-Q3"), ("year", "2025"), ("month", "all")])
def test_any_period_has_its_bridge_its_accounts_and_its_lines(sample: Workspace, bars: str, period: str) -> None:
    app = choose(choose(visit(PAGE, from_="2020-01", behind="true"), "bars", bars), "month", period)
    steps = chart(app, "waterfall")["data"][0]
    moved = dict(zip(steps["x"], steps["y"], strict=True))
    assert sum(moved.values()) - moved["Closing"] == pytest.approx(moved["Closing"], abs=0.1)
    assert table(app, "kind", "amount")["amount"].sum() == pytest.approx(moved["Closing"] - moved["Opening"], abs=0.1)
    lines = table(choose(app, "view", "lines"), "file_name", "source_row", "change")
    assert lines["change"].sum() == pytest.approx(moved["Closing"] - moved["Opening"], abs=0.1)


def test_a_month_of_a_curve_is_heard_while_the_bars_are_years(sample: Workspace) -> None:
    app = visit(PAGE, behind="true", bars="Year", month="2024-05")
    assert "in 2024-05" in captions(app)
    choose(app, "month", "2023")
    assert table(app, "month", "kind")["month"].dt.year.unique().tolist() == [2023]


def test_on_how_few_accounts_it_leans(sample: Workspace) -> None:
    app = visit(PAGE, leaning="true")
    kept = sample.ask("retained_accounts")
    without = kept.drop(index=kept["mrr_then"].idxmax())
    rate = without["mrr_now"].sum() / without["mrr_then"].sum()
    assert any(f"it would be {rate:.1%}".replace("%", " %") in each.value for each in app.markdown)
    grew = kept.loc[kept["change"] > 0, "change"].nlargest(10).sum() / kept["change"].clip(lower=0).sum()
    assert any(f"made {grew:.0%}".replace("%", " %") in each.value for each in app.markdown)


@pytest.mark.parametrize("movement", ["new", "expansion", "contraction", "churn"])
def test_accounts_behind_a_bar_add_up_to_it(sample: Workspace, movement: str) -> None:
    app = visit(PAGE, behind="true")
    bar = next(each for each in chart(app, "bridge")["data"] if each["name"] == movement.capitalize())
    place = next(k for k in reversed(range(len(bar["y"]))) if bar["y"][k])
    for key, value in zip(("month", "movement", "view"), bar["customdata"][place], strict=True):
        choose(app, key, value)
    moved = table(app, "account", "kind", "amount")
    assert set(moved["kind"]) == {movement}
    assert moved["amount"].sum() == pytest.approx(bar["y"][place], abs=0.02)
    assert f"{len(moved):,} movements" in captions(app)


def test_accounts_behind_a_rate_give_the_rate(sample: Workspace) -> None:
    app = visit(PAGE, behind="true")
    line = chart(app, "retention")["data"][0]
    month, view = line["customdata"][-1]
    kept = table(choose(choose(app, "month", month), "view", view), "mrr_then", "mrr_now")
    assert kept["mrr_now"].sum() / kept["mrr_then"].sum() == pytest.approx(line["y"][-1], abs=1e-5)


def test_the_month_starts_at_the_last_full_one_in_the_period(sample: Workspace) -> None:
    app = visit(PAGE, to="2020-06", behind="true")
    assert app.session_state["month"] == "2020-06"
    assert set(table(app, "account", "kind")["kind"]) <= {"new", "reactivation", "expansion", "contraction", "churn"}
    assert "in 2020-06" in captions(app)


def test_a_month_outside_a_new_period_gives_way(sample: Workspace) -> None:
    app = choose(visit(PAGE, month="2018-05", behind="true"), "from", "2020-01")
    assert app.session_state["month"] >= "2020-01"


def test_the_bridge_adds_up_in_every_month(sample: Workspace) -> None:
    data = {each["name"]: each["y"] for each in chart(visit(PAGE), "bridge")["data"]}
    moved = pd.DataFrame(data).sum(axis=1)
    closing = sample.ask("mrr_bridge")["closing"]
    assert moved.cumsum().tolist() == pytest.approx(closing.tolist(), abs=1)


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE, segment="Enterprise", behind="true")
    name = table(app, "account", "kind")["account"].iloc[0]
    pick_row(app, "moved", 0)
    assert app.markdown[0].value == f"### {name}"
    assert app.session_state["segment"] == ["Enterprise"]


def test_short_history_says_so_in_place_of_a_rate(empty: Workspace) -> None:
    fill(empty, as_of="2025-03-31", charges=[charge("a", "2025-01-01", None, 10)])
    app = visit(PAGE, behind="true")
    assert tiles(app)["NRR, 12 months"] == "–"
    assert "shorter than twelve months" in captions(app)
    assert not [each for each in app.get("plotly_chart") if each.key == "retention"]
    assert shows(app, "month")
