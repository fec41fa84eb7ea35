"""Small deals: the list, its filters, and what is downloaded for people and for the CRM."""

from __future__ import annotations

import pandas as pd
import pytest

from decade.ui.export import csv_bytes
from decade.ui.small_deals import for_crm, for_review
from decade.warehouse import Workspace
from support.screens import captions, choose, pick_row, run, table, tiles, visit

PAGE = "small_deals"


def listed(app) -> pd.DataFrame:
    return table(app, "account", "risk", "reasons")


def test_tiles_and_list_agree(sample: Workspace) -> None:
    app = visit(PAGE)
    small = listed(app)
    assert tiles(app)["Accounts"] == str(len(small))
    assert (small["penetration"] < sample.conventions().small_penetration).all()
    assert tiles(visit("big_logos"))["Small deals"] == str(len(small))
    every = listed(choose(app, "list", "every"))
    assert tiles(visit("big_logos"))["Big logos"] == str(len(every))
    assert len(every) > len(small)


def test_most_money_first(sample: Workspace) -> None:
    small = listed(visit(PAGE))
    assert (small["acv"] + small["open_potential"].fillna(0)).is_monotonic_decreasing


@pytest.mark.parametrize(
    ("key", "value", "holds"),
    [
        ("risk", "medium", lambda rows: (rows["risk"] == "medium").all()),
        ("gate", "CIO office", lambda rows: rows["gates_failed"].str.contains("CIO office").all()),
        ("due", "90", lambda rows: (rows["renewal_on"] <= pd.Timestamp("2027-01-29")).all()),
    ],
)
def test_filters(sample: Workspace, key: str, value: str, holds) -> None:
    app = visit(PAGE, list="Every big logo")
    every = len(listed(app))
    kept = listed(choose(app, key, value))
    assert 0 < len(kept) < every
    assert holds(kept)


def test_arr_of_each_gate_is_said(sample: Workspace) -> None:
    said = captions(visit(PAGE))
    assert "ARR failing each gate: penetration" in said
    assert "CIO office" in said
    assert "procurement" in said


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = listed(app)["account"].iloc[0]
    assert pick_row(app, "logos", 0).markdown[0].value == f"### {name}"


def test_the_files_hold_what_they_are_for(sample: Workspace) -> None:
    frame = sample.ask("big_logo_risk")
    crm = for_crm(frame)
    assert crm.columns[0] == "crm_id"
    assert crm["crm_id"].str.startswith("001").all(), "the CRM's own ids"
    assert crm["account_id"].tolist() == frame["account_id"].tolist()
    review = for_review(frame)
    assert review["Penetration, %"].iloc[0] == pytest.approx(100 * frame["penetration"].iloc[0], abs=0.05)
    spoiled = frame.assign(account="=HYPERLINK(1)", reasons="+1")
    for make in (for_crm, for_review):
        text = csv_bytes(make(spoiled)).decode()
        assert "'=HYPERLINK(1)" in text
        assert ",=" not in text
        assert ",+1" not in text


def test_both_files_are_offered(sample: Workspace) -> None:
    labels = [each.label for each in visit(PAGE).get("download_button")]
    assert {"For the weekly review", "For the CRM, ids kept"} <= set(labels)


def test_without_a_big_logo_there_is_a_reason(own_sample: Workspace) -> None:
    from dataclasses import replace

    own_sample.set_conventions(replace(own_sample.conventions(), big_logo_employees=10_000_000, big_logo_revenue=1e15))
    assert "No account in this scope is a big logo" in captions(run(visit(PAGE)))
