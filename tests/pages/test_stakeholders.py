"""Stakeholders: five names with the last touch, gaps first; names typed by hand stay."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from decade.errors import Refused
from decade.ui.page import names_of
from decade.warehouse import Workspace, named
from support.screens import captions, choose, everything, pick_row, press, table, tiles, visit

PAGE = "stakeholders"


def names(app):
    return table(app, "account", "gap", "Name 1", "Name 5")


def test_gaps_first_and_the_largest_accounts_only(sample: Workspace) -> None:
    shown = names(visit(PAGE))
    asked = sample.ask("stakeholder_coverage")
    assert len(shown) == 25
    assert shown["gap"].is_monotonic_decreasing
    assert set(shown["account"]) == set(asked.nlargest(25, "arr")["account"])


def test_tiles_add_up(sample: Workspace) -> None:
    asked = sample.ask("stakeholder_coverage", recency_days=90)
    app = choose(visit(PAGE), "recency", "90")
    said = captions(app)
    for name, limit in (("fewer than 5", 5), ("fewer than 3", 3)):
        assert f"{int((asked['touched'] < limit).sum()):,} {name}" in said
    assert f"{int((asked['touched'] == 1).sum()):,} exactly 1" in said
    assert tiles(app)["None"] != tiles(visit(PAGE))["None"]


def test_each_name_with_its_last_touch(sample: Workspace) -> None:
    shown = names(visit(PAGE))
    account = shown[shown["Name 1"].notna()].iloc[0]
    people = sample.ask("stakeholders")
    first = people[(people["account"] == account["account"]) & (people["place"] == 1)].iloc[0]
    assert account["Name 1"].startswith(first["person"])
    since = "never" if first["last_touch_on"] is None else f"{int(first['days_since']):,} d"
    assert since in account["Name 1"]


def test_a_name_typed_by_hand_is_marked_and_can_be_removed(own_sample: Workspace) -> None:
    account = own_sample.ask("stakeholder_coverage").nlargest(25, "arr").sort_values("named").iloc[0]
    named.add_person(
        own_sample, account["account_id"], "  Zelda   Quint ", role="cio_office", last_touch_on=date(2026, 10, 30)
    )
    app = visit(PAGE, add_name="true")
    row = names(app).set_index("account").loc[account["account"]]
    assert any(text == "Zelda Quint (1 d, by hand)" for text in row if isinstance(text, str))
    assert row["touched"] == account["touched"] + 1
    press(app, "Remove")
    assert names(app).set_index("account").loc[account["account"], "touched"] == account["touched"]
    assert named.typed_people(own_sample).empty


def test_the_form_keeps_a_name(own_sample: Workspace) -> None:
    app = visit(PAGE, add_name="true")
    next(each for each in app.text_input if each.label == "Name").set_value("Ada Typed")
    press(app, "Add")
    assert named.typed_people(own_sample)["name"].tolist() == ["Ada Typed"]
    assert "Ada Typed" in everything(app)


def test_typed_names_are_masked(own_sample: Workspace) -> None:
    top = own_sample.ask("stakeholder_coverage").nlargest(1, "arr").iloc[0]["account_id"]
    named.add_person(own_sample, top, "Zelda Quint")
    known = own_sample.ask("stakeholders")["person"].dropna().unique()
    app = visit(PAGE, mask="true", add_name="true")
    assert not re.search("|".join(re.escape(each) for each in known), everything(app))
    assert "Person " in everything(app)


@pytest.mark.parametrize(
    ("name", "role", "account"), [(" ", "user", None), ("Ada", "queen", None), ("Ada", "user", "nobody")]
)
def test_what_cannot_be_kept_is_refused(own_sample: Workspace, name: str, role: str, account: str | None) -> None:
    held = own_sample.revision
    someone = own_sample.ask("stakeholder_coverage").iloc[0]["account_id"]
    with pytest.raises(Refused):
        named.add_person(own_sample, account or someone, name, role=role)
    assert own_sample.revision == held


def test_coverage_against_later_renewal(sample: Workspace) -> None:
    app = visit(PAGE, coverage_renewal="true")
    asked = sample.ask("renewal_by_coverage")
    shown = table(app, "people_touched", "decisions", "rate")
    assert shown["decisions"].tolist() == asked["decisions"].tolist()
    assert "Not an experiment" in captions(app)


def test_a_row_opens_its_account(sample: Workspace) -> None:
    app = visit(PAGE)
    name = names(app)["account"].iloc[1]
    assert pick_row(app, "coverage", 1).markdown[0].value == f"### {name}"


@pytest.mark.parametrize(
    ("is_masked", "told"), [(False, ["Acme · a1", "Beta", "Acme · a3"]), (True, ["Acme · 1", "Beta", "Acme · 2"])]
)
def test_accounts_of_one_name_are_told_apart(monkeypatch, is_masked, told) -> None:
    monkeypatch.setattr("decade.ui.session.is_masked", lambda: is_masked)
    accounts = pd.DataFrame({"account_id": ["a1", "a2", "a3"], "account": ["Acme", "Beta", "Acme"]})
    assert names_of(accounts) == dict(zip(accounts["account_id"], told, strict=True))
