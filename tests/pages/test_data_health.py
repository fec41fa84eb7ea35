"""Data health: every rule is there with its rows and what to do, and pairs that are accepted become one account."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from decade.queries import in_folder
from decade.warehouse import Workspace
from support.screens import choose, everything, press, table, tiles, visit
from support.workspaces import charge, fill

PAGE = "data_health"
TWINS = {
    "accounts": [
        {"account_id": "crm1", "name": "Müller GmbH", "domain": "mueller.example"},
        {"account_id": "crm2", "name": "Birch Software Inc.", "domain": "birch.example"},
        {"account_id": "crm3", "name": "Cedar", "domain": "gmail.com"},
        {"account_id": "b1", "name": "MULLER", "domain": "mueller.example"},
        {"account_id": "b2", "name": "Birch Software", "domain": None},
        {"account_id": "b3", "name": "Dogwood", "domain": "gmail.com"},
    ],
    "charges": [charge(name, "2024-01-01", None, 100) for name in ("b1", "b2", "b3")],
    "deals": [
        {"deal_id": "d", "account_id": "crm1", "amount": 1200, "currency": "USD", "is_won": True, "is_closed": True}
    ],
}


def test_every_rule_with_its_rows_money_and_what_to_do(sample: Workspace) -> None:
    app = visit(PAGE)
    shown = table(app, "Rule", "Rows", "Money", "What to do")
    checks = in_folder("checks")
    assert sorted(shown["Rule"]) == sorted(each.title for each in checks.values())
    assert (shown["What to do"].str.len() > 20).all()
    found = sample.ask("objections")
    counted = {checks[name].title: number for name, number in found["check"].value_counts().items()}
    assert dict(zip(shown["Rule"], shown["Rows"], strict=True)) == {
        title: counted.get(title, 0) for title in shown["Rule"]
    }
    assert tiles(app)["Rules kept"] == f"{len(checks) - len(counted)} of {len(checks)}"


def test_another_rule_shows_its_rows(sample: Workspace) -> None:
    counts = sample.ask("objections")["check"].value_counts()
    app = choose(visit(PAGE), "rule", str(counts.index[-1]))
    assert len(table(app, "account", "message", "amount")) == counts.iloc[-1]


def test_a_filter_narrows_the_rules(sample: Workspace) -> None:
    whole = table(visit(PAGE), "Rule", "Rows")["Rows"].sum()
    part = table(visit(PAGE, segment="Enterprise"), "Rule", "Rows")["Rows"].sum()
    assert 0 < part < whole


def test_accepted_pairs_are_one_account_and_stay_so(empty: Workspace) -> None:
    fill(empty, as_of="2024-06-30", **TWINS)
    assert len(empty.ask("account_list")) == 6
    app = visit(PAGE, matching="true")
    pairs = table(app, "In billing", "In the CRM")
    assert pairs[["In billing", "In the CRM", "Because of"]].to_numpy().tolist() == [
        ["MULLER", "Müller GmbH", "domain and name"],
        ["Birch Software", "Birch Software Inc.", "name"],
    ]
    press(app, "Link 1 pair")
    assert len(empty.ask("account_list")) == 5
    assert "crm1" in everything(app)
    assert not len(empty.ask("objections", check="in_crm_but_not_billed"))
    fill(empty, charges=[charge("b1", "2024-02-01", None, 5)])
    assert len(empty.ask("account_list")) == 5, "a later import does not part them"
    press(visit(PAGE, matching="true"), "Undo this link")
    assert len(empty.ask("account_list")) == 6


def test_accounts_without_a_twin_have_the_domain_of_their_details(empty: Workspace) -> None:
    fill(empty, as_of="2024-06-30", **TWINS)
    linked: set[str] = set()
    for one, other in (("", ""), ("crm1", "b1"), ("crm2", "b2")):
        empty.link({one: other} if one else {})
        linked |= {one, other}
        found = empty.ask("unmatched_accounts")
        details = dict(empty.cursor().execute("select account_id, domain from account_details").fetchall())
        assert found["domain"].astype("object").where(found["domain"].notna(), None).tolist() == [
            details[each] for each in found["account_id"]
        ]
        assert set(found["account_id"]) == {"b1", "b2", "b3", "crm1", "crm2", "crm3"} - linked
        pd.testing.assert_frame_equal(found, empty.ask("unmatched_accounts", only="both_sides"))


def test_where_one_side_is_missing_no_pair_is_looked_for(empty: Workspace) -> None:
    fill(empty, as_of="2024-06-30", charges=TWINS["charges"])
    assert empty.ask("unmatched_accounts")["side"].unique().tolist() == ["billing"]
    assert empty.ask("unmatched_accounts", only="both_sides").empty
    assert "No pair to propose" in everything(visit(PAGE, matching="true"))


def test_names_and_domains_are_masked(empty: Workspace) -> None:
    fill(empty, as_of="2024-06-30", **TWINS)
    seen = everything(visit(PAGE, matching="true", mask="true"))
    for name in ("MULLER", "Müller", "Birch", "mueller.example"):
        assert name not in seen


@pytest.mark.parametrize(
    ("days", "check"),
    [
        (1, "gap_of_days"),
        (3, "gap_of_days"),
        (4, "gap_of_weeks"),
        (31, "gap_of_weeks"),
        (32, "gap_of_months"),
        (92, "gap_of_months"),
        (93, None),
    ],
)
def test_gaps_by_their_length(days: int, check: str | None, empty: Workspace) -> None:
    second = date(2024, 2, 1) + timedelta(days=days)
    fill(
        empty,
        as_of="2024-12-31",
        charges=[charge("a", "2024-01-01", "2024-02-01", 60), charge("a", str(second), None, 60)],
    )
    found = empty.ask("objections")
    gaps = found[found["check"].str.startswith("gap_")]
    assert gaps["check"].tolist() == ([check] if check else [])
    assert gaps["amount"].tolist() == ([60.0] if check else [])


def test_contradictions_and_mixed_currencies(empty: Workspace) -> None:
    fill(
        empty,
        as_of="2024-12-31",
        rates={"EUR": 2.0},
        accounts=[{"account_id": "late", "name": "Late", "customer_since": date.fromisoformat("2024-06-01")}],
        charges=[
            charge("late", "2024-02-01", None, 10),
            charge("two", "2024-02-01", None, 10),
            {**charge("two", "2024-03-01", None, 10), "currency": "EUR"},
            charge("old", "2024-01-01", None, 7),
        ],
        deals=[
            {
                "deal_id": "r",
                "account_id": "two",
                "kind": "renewal",
                "is_closed": True,
                "is_won": False,
                "closed_on": date.fromisoformat("2024-08-01"),
            },
            {
                "deal_id": "b",
                "account_id": "old",
                "created_on": date.fromisoformat("2024-05-02"),
                "closed_on": date.fromisoformat("2024-05-01"),
                "amount": 3,
                "currency": "USD",
            },
        ],
    )
    found = empty.ask("objections").set_index("check")["account_id"].to_dict()
    expected = {
        "customer_since_too_late": "late", "mixed_currencies": "two", "renewal_lost_but_paying": "two",
        "closed_before_opened": "old", "left_truncated": "old",
    }  # fmt: skip
    assert {name: found.get(name) for name in expected} == expected
