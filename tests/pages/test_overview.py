"""Overview: every number equals its page's, every sentence adds up and names no one when masked."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from decade.warehouse import Workspace
from support.sample import APP
from support.screens import captions, choose, press, run, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "overview"


def test_numbers_are_those_of_the_other_pages(sample: Workspace) -> None:
    shown = tiles(visit(PAGE))
    retention = tiles(visit("net_revenue_retention"))
    assert shown["NRR, 12 months"] == retention["NRR, 12 months"]
    assert shown["GRR, 12 months"] == retention["GRR, 12 months"]
    assert shown["Logo retention, 12 months"] == retention["Logos, 12 months"]
    assert shown["Quick ratio, month"] == retention["Quick ratio, month"]
    assert shown["ARR in small deals in big logos"] == tiles(visit("big_logos"))["ARR in them"]
    due = table(visit("renewals"), "renewal_on", "state")
    assert shown["ARR up for renewal"] == f"${12 * due['mrr'].sum() / 1e6:.2f}M"


def test_what_a_customer_costs_is_what_acquisition_says(sample: Workspace) -> None:
    shown = tiles(visit(PAGE))
    last = sample.ask("acquisition", grain="quarter", by="none", basis="blended").iloc[-1]
    assert shown["CAC payback in months, blended"] == f"{last['payback_months']:.1f}"
    assert shown["LTV : CAC, blended"] == f"{last['ltv_to_cac']:.2f}"
    quarter = sample.ask("efficiency").iloc[-1]
    assert shown["Magic number"] == f"{quarter['magic_number']:.2f}"


@pytest.mark.parametrize(("against", "months"), [("1", 1), ("3", 3), ("12", 12)])
def test_the_change_is_over_the_chosen_months(sample: Workspace, against: str, months: int) -> None:
    app = choose(visit(PAGE), "against", against)
    rates = sample.ask("revenue_retention")["nrr"]
    change = 100 * (rates.iloc[-1] - rates.iloc[-1 - months])
    nrr = next(each for each in app.metric if each.label.startswith("NRR"))
    assert nrr.delta == f"{change:+.1f} points"
    said = next(each.value for each in app.caption if each.value.startswith("NRR "))
    assert f"{abs(change):.1f} points to {rates.iloc[-1]:.1%}".replace("%", " %") in said


def test_a_filter_is_heard_in_the_sentences(sample: Workspace) -> None:
    app = visit(PAGE, segment="SMB")
    said = next(each.value for each in app.caption if each.value.startswith("ARR "))
    assert "Enterprise" not in said


def test_each_card_leads_to_its_page(sample: Workspace) -> None:
    for key, heading in (("0", "Movements|Net revenue retention"), ("1", "Net revenue retention"), ("8", "Renewals")):
        app = visit(PAGE, region="Europe")
        next(each for each in app.button if each.key == f"{key}_open").click()
        run(app)
        assert re.fullmatch(f"### ({heading})", app.markdown[0].value)
        assert app.session_state["region"] == ["Europe"]


def test_a_short_history_says_why_there_is_no_rate(empty: Workspace) -> None:
    fill(empty, as_of="2025-04-30", charges=[charge("a", "2025-01-01", None, 10)])
    app = visit(PAGE)
    assert tiles(app)["NRR, 12 months"] == "–"
    assert "shorter than twelve months" in captions(app)
    assert "Empty: nothing was lost in 2025-04" in captions(app)
    assert tiles(app)["ARR"] == "$120"
    assert tiles(app)["Magic number"] == "–"
    assert "sales and marketing spend" in captions(app)
    assert not [each for each in tiles(app) if each.startswith("CAC")]


def test_a_name_that_is_markup_stays_text(empty: Workspace) -> None:
    bad = "<b>Bold</b> [x](http://e) $a$ :red[b]"
    rows = [charge("a", "2025-01-01", None, 10), charge("b", "2025-04-05", None, 90)]
    fill(empty, as_of="2025-04-30", charges=rows, accounts=[{"account_id": "b", "name": bad}])
    said = next(each.value for each in visit(PAGE).caption if each.value.startswith("ARR "))
    assert re.sub(r"\\(.)", r"\1", said).endswith(f"new business (+$1.08k), {bad}.")
    assert not re.search(r"(?<!\\)[<\[$]", said)


def test_renewals_open_their_account_and_bars_choose_them(sample: Workspace) -> None:
    app = visit("renewals")
    whole = len(table(app, "renewal_on", "state"))
    choose(app, "state", "late")
    late = table(app, "renewal_on", "state")
    assert set(late["state"]) == {"late"}
    assert 0 < len(late) < whole
    month = late["renewal_on"].dt.strftime("%Y-%m").iloc[0]
    choose(app, "renewal_month", month)
    assert set(table(app, "renewal_on", "state")["renewal_on"].dt.strftime("%Y-%m")) == {month}
    choose(choose(app, "state", "all"), "renewal_month", "all")
    without = len(table(app, "renewal_on", "state"))
    choose(app, "rolling", True)
    assert len(table(app, "renewal_on", "state")) > without
    name = table(app, "renewal_on", "state")["account"].iloc[0]
    app.session_state["renewals"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    assert run(app).markdown[0].value == f"### {name}"
    press(app, "All accounts")


def test_the_first_numbers_do_not_wait_for_the_rest(sample: Workspace) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["region"] = "Europe"
    app.run()
    first = [each.label for each in app.metric]
    assert first[:2] == ["ARR", "NRR, 12 months"]
    assert app.get("skeleton")
    app.run()
    assert not app.get("skeleton")
    whole = [each.label for each in app.metric]
    assert whole[: len(first)] == first, "nothing changes its place"
    assert {"LTV : CAC, blended", "Magic number"} <= set(whole) - set(first)
