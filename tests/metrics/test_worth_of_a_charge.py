"""What a charge is worth a month: METRICS 3, interval by interval, and what does not count."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from decade.errors import Refused
from decade.warehouse import Workspace
from support.workspaces import charge, fill


def worths(workspace: Workspace, rows: list[dict], **others: object) -> list[tuple[float | None, str | None]]:
    """MRR and the reason for not counting, row by row."""
    named = [{**row, "account_id": f"{number:04}"} for number, row in enumerate(rows)]
    fill(workspace, as_of="2025-06-30", charges=named, **others)
    found = workspace.cursor().execute("select mrr, why_not from charge_mrr order by account_id").fetchall()
    return [(None if mrr is None else float(mrr), why_not) for mrr, why_not in found]


INTERVALS = {
    ("month", 1): 120,
    ("month", 6): 20,
    ("quarter", 1): 40,
    ("quarter", 2): 20,
    ("half_year", 1): 20,
    ("year", 1): 10,
    ("year", 2): 5,
    ("week", 1): 520,
    ("week", 2): 260,
    ("day", 1): 3650,
    ("day", 30): 3650 / 30,
}
PERIODS = {
    ("2025-01-01", "2025-02-01"): 1,
    ("2025-01-01", "2026-01-01"): 12,
    ("2025-01-15", "2025-04-15"): 3,
    ("2025-01-31", "2025-02-28"): 1,  # from the last day of a month to the last day of a shorter one
    ("2024-01-31", "2024-02-29"): 1,
    ("2025-02-28", "2025-03-31"): 1,
    ("2025-01-30", "2025-02-28"): 1,
    ("2025-01-31", "2025-04-30"): 3,
    ("2025-02-28", "2025-03-28"): 1,
    ("2025-01-01", "2025-01-11"): 10 / (365.25 / 12),
    ("2025-01-31", "2025-03-30"): 58 / (365.25 / 12),
    ("2025-01-15", "2025-04-14"): 89 / (365.25 / 12),
}


def test_intervals(books: Workspace) -> None:
    rows = [charge("", "2025-01-01", None, 120, interval_unit=unit, interval_count=count) for unit, count in INTERVALS]
    found = worths(books, rows)
    assert [mrr for mrr, _ in found] == pytest.approx(list(INTERVALS.values()), abs=1e-6)
    assert {why_not for _, why_not in found} == {None}


def test_service_periods_without_an_interval(books: Workspace) -> None:
    rows = [charge("", start, end, 120, interval_unit=None, interval_count=None) for start, end in PERIODS]
    found = [mrr for mrr, _ in worths(books, rows)]
    assert found == pytest.approx([120 / months for months in PERIODS.values()], abs=1e-6)


def test_published_table_of_prices(books: Workspace, shared_data: Path) -> None:
    path = shared_data / "killbill_mrr" / "expected_mrr_by_billing_period.csv"
    if not path.exists():
        pytest.skip("no table of prices here")
    units = {"ANNUAL": ("year", True), "MONTHLY": ("month", True), "NO_BILLING_PERIOD": (None, False)}
    with path.open(encoding="utf-8", newline="") as lines:
        expected = list(csv.DictReader(lines))
    rows = [
        charge("", "2025-01-01", None, row["price"], interval_unit=unit, is_recurring=is_recurring)
        for row in expected
        for unit, is_recurring in [units[row["billing_period"]]]
    ]
    found = worths(books, rows)
    counted = [mrr if why_not is None else 0.0 for mrr, why_not in found]
    assert len(counted) == 63
    assert counted == pytest.approx([float(row["expected_mrr"]) for row in expected], abs=5e-5)


COUNTS = {
    "one-time": ({"is_recurring": False}, "one-time, usage or proration"),
    "trial": ({"status": "trialing"}, "trialing"),
    "draft": ({"status": "draft"}, "draft"),
    "void": ({"status": "void"}, "void"),
    "first payment failed": ({"status": "incomplete"}, "incomplete"),
    "scheduled": ({"status": "future"}, "future"),
    "given away": ({"discount": Decimal(100)}, "worth 0"),
    "free": ({"amount": Decimal(0)}, "worth 0"),
    "no amount": ({"amount": None}, "no amount"),
    "tomorrow": ({"starts_on": date(2025, 7, 1)}, "starts after as_of"),
    "no start": ({"starts_on": None}, "no start"),
    "no day": ({"ends_on": date(2025, 1, 5)}, "period without a day"),
    "no length": ({"interval_unit": None}, "no interval and no end"),
    "past due": ({"status": "past_due"}, None),
    "active": ({"status": "active"}, None),
    "nearly given away": ({"discount": Decimal(99)}, None),
}


def test_what_counts(books: Workspace) -> None:
    rows = [charge("", "2025-01-05", None, 100) | others for others, _ in COUNTS.values()]
    found = worths(books, rows)
    assert dict(zip(COUNTS, (why_not for _, why_not in found), strict=True)) == {
        name: why_not for name, (_, why_not) in COUNTS.items()
    }
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == 100 + 100 + 1


@pytest.mark.parametrize("status", ["unpaid", "paused", "cancelled", "expired"])
def test_a_status_speaks_about_as_of_and_not_about_history(books: Workspace, status: str) -> None:
    fill(books, as_of="2025-06-30", charges=[charge("a", "2025-01-05", None, 100, status=status)])
    bridge = books.ask("mrr_bridge")
    assert bridge["closing"].tolist() == [100, 100, 100, 100, 100, 0]
    assert bridge.iloc[-1]["renewal_pending"] == 0


@pytest.mark.parametrize(("plan", "pending"), [("A", 0), ("B", 100)])
def test_a_charge_worth_0_is_a_successor_of_its_own_plan(books: Workspace, plan: str, pending: float) -> None:
    paid = charge("a", "2025-05-05", "2025-06-05", 100, plan="A")
    fill(books, as_of="2025-06-20", charges=[paid, charge("a", "2025-06-05", "2025-07-05", 0, plan=plan)])
    last = books.ask("mrr_bridge").iloc[-1]
    assert (last["renewal_pending"], last["closing"]) == (pending, pending)


@pytest.mark.parametrize("ends_on", [None, "2025-07-05"])
def test_past_due_counts_or_not(books: Workspace, ends_on: str | None) -> None:
    rows = [charge("a", "2025-01-05", None, 10), charge("b", "2025-05-05", ends_on, 100, status="past_due")]
    fill(books, as_of="2025-06-30", charges=rows)
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == 110
    conventions = books.conventions().with_settings(["past_due_counts=no"])
    with books.under(conventions) as other:
        assert other.ask("mrr_bridge")["closing"].tolist()[-2:] == [110, 10]


@pytest.mark.parametrize(("supersedes", "closings"), [(True, [100, 300, 50]), (False, [100, 400, 450])])
@pytest.mark.parametrize("ends_on", [None, "2026-01-10"])
def test_one_price_at_a_time_where_the_vendor_has_one(
    books: Workspace, ends_on: str | None, supersedes: bool, closings: list[int]
) -> None:
    rows = [
        charge("a", starts_on, ends_on, amount, subscription_id="s", supersedes=supersedes)
        for starts_on, amount in {"2025-01-10": 100, "2025-02-10": 300, "2025-03-10": 50}.items()
    ]
    fill(books, as_of="2025-03-31", charges=rows)
    bridge = books.ask("mrr_bridge")
    assert bridge["closing"].tolist() == closings
    assert bridge["churn"].sum() == 0  # a change of plan is never churn and new


def test_two_currencies_are_never_added(books: Workspace) -> None:
    rows = [charge("a", "2025-01-05", None, 100), charge("b", "2025-01-05", None, 100, currency="EUR")]
    rows.append(charge("c", "2025-01-05", None, 50))
    with pytest.raises(Refused, match=r"EUR \(100\.00 in 1 rows of charges\.amount\)"):
        fill(books, as_of="2025-06-30", charges=rows)
    assert books.is_empty
    fill(books, as_of="2025-06-30", charges=rows, rates={"EUR": 1.1})
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == 260


def test_a_charge_without_amount_and_currency_stops_nothing(books: Workspace) -> None:
    rows = [
        charge("a", "2025-01-05", None, 100),
        charge("b", "2025-01-05", None, 1) | {"amount": None, "currency": None},
    ]
    fill(books, as_of="2025-06-30", charges=rows)
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == 100


def test_as_of_before_the_data_is_refused_and_changes_nothing(books: Workspace) -> None:
    with pytest.raises(Refused, match="before the first charge"):
        fill(books, as_of="2024-12-31", charges=[charge("a", "2025-01-05", None, 100)])
    assert books.is_empty
    assert books.settings() == {}
