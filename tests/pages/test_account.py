"""One account: from a name to the lines of the files, and back."""

from __future__ import annotations

import pytest

from decade.warehouse import Workspace
from support.sample import SAMPLE, sample_account
from support.screens import captions, chart, choose, pick_row, press, table, tiles, visit

PAGE = "account"


def test_finding_by_a_part_of_a_name_or_id(sample: Workspace) -> None:
    app = visit(PAGE)
    row = sample.ask("account_list").iloc[5]
    wide = len(table(app, "account", "mrr"))
    choose(app, "find", row["account"][:8].upper())
    assert row["account"] in table(app, "account", "mrr")["account"].tolist()
    assert len(table(app, "account", "mrr")) < wide
    choose(app, "find", row["account_id"][4:])
    assert table(app, "account", "mrr")["account"].tolist() == [row["account"]]
    choose(app, "find", "no such name (")
    assert "No rows." in captions(app)


def test_a_row_that_was_found_opens_its_account(sample: Workspace) -> None:
    app = choose(visit(PAGE), "find", "a")
    name = table(app, "account", "mrr")["account"].iloc[3]
    assert pick_row(app, "accounts", 3).markdown[0].value == f"### {name}"


def test_the_charges_name_their_file_and_line(sample: Workspace) -> None:
    account = sample_account(sample.folder, "segment", "SMB")
    app = visit(PAGE, account=account)
    charges = table(app, "file_name", "source_row")
    assert set(charges["file_name"]) == {"stripe_invoice_line_items.csv"}
    lines = (SAMPLE / "stripe_invoice_line_items.csv").read_text(encoding="utf-8").splitlines()
    invoices = (SAMPLE / "stripe_invoices.csv").read_text(encoding="utf-8")
    for row in charges["source_row"]:
        invoice = next(each for each in lines[row - 1].split(",") if each.startswith("in_"))
        assert account in next(line for line in invoices.splitlines() if line.startswith(invoice))


def test_its_course_ends_at_its_mrr(sample: Workspace) -> None:
    account = sample_account(sample.folder, "segment", "Mid-Market")
    app = visit(PAGE, account=account)
    mrr = sample.ask("account_list", account_id=account)["mrr"].iloc[0]
    assert chart(app, "course")["data"][0]["y"][-1] == pytest.approx(mrr, abs=0.01)
    assert tiles(app)["State"] == "active"


def test_an_account_is_shown_whatever_the_filters_say(sample: Workspace) -> None:
    account = sample_account(sample.folder, "segment", "SMB")
    alone = tiles(visit(PAGE, account=account))
    assert tiles(visit(PAGE, account=account, segment="Enterprise", from_="2026-01")) == alone


def test_an_account_that_left_and_one_never_billed(sample: Workspace) -> None:
    listed = sample.ask("account_list")
    left = listed[listed["lost_month"].notna()].iloc[0]
    app = visit(PAGE, account=left["account_id"])
    assert tiles(app)["State"] == f"left in {left['lost_month']:%Y-%m}"
    never = listed[listed["first_month"].isna()].iloc[0]
    app = visit(PAGE, account=never["account_id"])
    assert tiles(app)["State"] == "never billed"
    assert "No recurring charge" in captions(app)


def test_an_unknown_account_and_the_way_back(sample: Workspace) -> None:
    app = visit(PAGE, account="nobody")
    assert "This workspace holds no account 'nobody'." in captions(app)
    press(app, "All accounts")
    assert app.markdown[0].value == "### Account"
    assert len(table(app, "account", "mrr")) > 500
    assert "account" not in app.query_params


def test_back_to_all_accounts(sample: Workspace) -> None:
    app = visit(PAGE, account=sample_account(sample.folder, "segment", "SMB"), region="Europe")
    press(app, "All accounts")
    assert len(table(app, "account", "mrr")) > 100
    assert app.session_state["region"] == ["Europe"]


def test_an_address_without_an_account_lists_all(sample: Workspace) -> None:
    assert len(table(visit("account", account=""), "account", "mrr")) > 1
