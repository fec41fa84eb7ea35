"""When each account decides again, on paper: dates, talks, states, stages and flags."""

from __future__ import annotations

import pandas as pd
import pytest

from decade.scope import Scope
from decade.warehouse import Workspace
from decade.warehouse.named import add_person
from support.workspaces import charge, fill


def yearly(account_id: str, starts_on: str, ends_on: str, amount: int = 1200, **others: object) -> dict[str, object]:
    return charge(account_id, starts_on, ends_on, amount, interval_unit="year", **others)


def renewals(books: Workspace) -> pd.DataFrame:
    return books.ask("renewals").set_index("account_id")


@pytest.mark.parametrize(
    ("renewal", "talks"),
    [("2026-03-31", "2026-01-31"), ("2026-04-30", "2026-02-28"), ("2026-12-31", "2026-10-31")],
)
def test_g29_talks_start_two_calendar_months_before(books: Workspace, renewal: str, talks: str) -> None:
    fill(books, as_of="2025-12-15", charges=[yearly("a", "2025-03-31", renewal)])
    row = renewals(books).loc["a"]
    assert (f"{row['renewal_on']:%Y-%m-%d}", f"{row['talks_start_on']:%Y-%m-%d}") == (renewal, talks)
    assert (row["state"], row["mrr"]) == ("not due", pytest.approx(1200 / 12, abs=34))


@pytest.mark.parametrize(
    ("as_of", "touch", "state"),
    [
        ("2026-01-30", None, "not due"),
        ("2026-01-31", None, "start now"),
        ("2026-02-01", None, "late"),
        ("2026-02-20", "2026-01-30", "late"),
        ("2026-02-20", "2026-02-03", "start now"),
        ("2026-03-16", "2026-02-03", "start now"),
        ("2026-03-17", "2026-03-16", "critical"),
        ("2026-04-05", "2026-03-16", "critical"),
    ],
)
def test_states(books: Workspace, as_of: str, touch: str | None, state: str) -> None:
    touches = [] if touch is None else [{"account_id": "a", "kind": "call", "occurred_on": pd.Timestamp(touch).date()}]
    fill(books, as_of=as_of, charges=[yearly("a", "2025-03-31", "2026-03-31")], activities=touches)
    row = renewals(books).loc["a"]
    assert row["state"] == state
    assert row["days_left"] == (pd.Timestamp("2026-03-31") - pd.Timestamp(as_of)).days


@pytest.mark.parametrize("by", ["a name typed by hand", "an activity that names a person alone"])
def test_every_touch_counts(books: Workspace, by: str) -> None:
    spoken_on = pd.Timestamp("2026-02-03").date()
    contacts = [{"contact_id": "p", "account_id": "a", "name": "Pat"}]
    touches = [{"contact_id": "p", "kind": "call", "occurred_on": spoken_on}] if "person" in by else []
    charges = [yearly("a", "2025-03-31", "2026-03-31")]
    fill(books, as_of="2026-02-20", charges=charges, contacts=contacts, activities=touches)
    assert renewals(books).loc["a", "state"] == ("start now" if touches else "late")
    if not touches:
        add_person(books, "a", "Kim", last_touch_on=spoken_on)
    row = renewals(books).loc["a"]
    assert (row["state"], row["last_touch_on"]) == ("start now", pd.Timestamp(spoken_on))


def test_a_term_goes_before_the_last_charge_and_an_old_term_does_not(books: Workspace) -> None:
    rows = [
        charge("term", "2026-01-01", "2026-02-01", 10, term_ends_on="2026-09-30"),
        yearly("old term", "2025-06-01", "2026-06-01", term_ends_on="2025-06-01"),
        charge("open", "2025-01-01", None, 10),
        charge("monthly", "2026-01-01", "2026-02-01", 10, term_ends_on="2026-02-01"),
        charge("ends for good", "2026-01-01", "2026-02-01", 10, term_ends_on="2026-02-01", auto_renew=False),
    ]
    fill(books, as_of="2026-01-15", charges=rows)
    found = renewals(books)
    dates = found["renewal_on"].dt.strftime("%Y-%m-%d").to_dict()
    assert dates.pop("open") is pd.NaT or pd.isna(found["renewal_on"]["open"])
    assert dates == {
        "term": "2026-09-30",
        "old term": "2026-06-01",
        "monthly": "2026-02-01",
        "ends for good": "2026-02-01",
    }
    assert found["state"].to_dict()["open"] == "no date"
    assert sorted(found.index[found["is_rolling"]]) == ["monthly", "open"]


def test_a_monthly_add_on_does_not_hide_the_contract(books: Workspace) -> None:
    rows = [
        yearly("a", "2025-07-01", "2026-07-01", 12_000, subscription_id="main"),
        yearly("a", "2025-09-01", "2026-09-01", 1_200, subscription_id="second"),
        charge("a", "2026-01-01", "2026-02-01", 50, subscription_id="add-on"),
    ]
    fill(books, as_of="2026-01-15", charges=rows)
    row = renewals(books).loc["a"]
    assert f"{row['renewal_on']:%Y-%m-%d}" == "2026-07-01"
    assert (row["mrr"], row["renewing_mrr"], bool(row["is_rolling"])) == (1150, 1000, False)


def test_stages(books: Workspace) -> None:
    starts = {"long ago": "2023-05-01", "pilot": "2026-01-01", "implementation": "2025-10-01", "mid-term": "2025-08-01"}
    rows = [yearly(name, start, f"{int(start[:4]) + 1}{start[4:]}") for name, start in starts.items()]
    rows += [yearly("long ago", "2024-05-01", "2025-05-01"), yearly("long ago", "2025-05-01", "2026-05-01")]
    fill(books, as_of="2026-03-10", charges=rows)
    assert renewals(books)["stage"].to_dict() == {
        "long ago": "end",
        "pilot": "pilot",
        "implementation": "implementation",
        "mid-term": "mid-term",
    }


def test_flags_say_what_a_file_says_and_nothing_else(books: Workspace) -> None:
    touched = {"kind": "call", "occurred_on": pd.Timestamp("2026-01-10").date()}
    fill(
        books,
        as_of="2026-01-20",
        charges=[yearly(name, "2025-06-01", "2026-06-01") for name in ("plain", "flagged", "one buyer stays", "silent")]
        + [yearly("pending", "2025-01-05", "2026-01-05")],
        accounts=[{"account_id": "flagged", "fiscal_year_start_month": 4}],
        contacts=[
            {"contact_id": "1", "account_id": "flagged", "role": "champion", "is_active": False},
            {"contact_id": "2", "account_id": "one buyer stays", "role": "champion", "is_active": False},
            {"contact_id": "3", "account_id": "one buyer stays", "role": "economic_buyer", "is_active": None},
        ],
        usage=[
            {"account_id": "flagged", "month": pd.Timestamp("2025-12-01").date(), "licences": 5, "active_users": 0},
            {"account_id": "plain", "month": pd.Timestamp("2025-12-01").date(), "licences": 5, "active_users": 2},
        ],
        activities=[{"account_id": name, **touched} for name in ("plain", "flagged", "one buyer stays", "pending")],
    )
    flags = renewals(books)["flags"]
    assert flags["flagged"] == "not used, buyer left, budget already set"
    assert flags["silent"] == "no touch"
    assert flags["pending"] == "ended, not renewed"
    assert flags[["plain", "one buyer stays"]].isna().all()


def test_who_left_has_no_renewal_and_filters_apply(books: Workspace) -> None:
    rows = [yearly("here", "2025-06-01", "2026-06-01"), yearly("gone", "2024-01-01", "2025-01-01")]
    fill(books, as_of="2026-01-20", charges=rows, accounts=[{"account_id": "here", "segment": "SMB"}])
    assert renewals(books).index.tolist() == ["here"]
    assert books.ask("renewals", Scope.parse(["segment=Enterprise"])).empty
    assert len(books.ask("renewals", Scope.parse(["segment=SMB"]))) == 1
