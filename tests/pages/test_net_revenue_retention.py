"""Net revenue retention: every choice moves what it should, and what lies behind a click adds up to it."""

from __future__ import annotations

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
    assert shown["NRR"] == f"{last['nrr']:.1%}".replace("%", " %")
    assert shown["GRR"] == f"{last['grr']:.1%}".replace("%", " %")
    assert shown["Logo retention"] == f"{last['logo_retention']:.1%}".replace("%", " %")
    assert shown["MRR"] == f"${bridge['closing'] / 1e6:.2f}M"
    assert shown["Quick ratio"] == f"{bridge['quick_ratio']:.2f}"


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
def test_slices_give_a_line_each(sample: Workspace, by: str, most: int) -> None:
    names = [each.get("name") for each in chart(choose(visit(PAGE), "by", by), "retention")["data"]]
    assert 2 <= len(names) <= most
    assert names == list(dict.fromkeys(names))
    assert "Net revenue retention" not in names


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
    assert tiles(app)["NRR"] == "–"
    assert "shorter than twelve months" in captions(app)
    assert not [each for each in app.get("plotly_chart") if each.key == "retention"]
    assert shows(app, "month")
