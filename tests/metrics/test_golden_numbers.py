"""Golden numbers of METRICS 13 that are about revenue and its movements."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from decade.ingest import carry_out, plan
from decade.months import add_months
from decade.warehouse import Workspace
from support.workspaces import charge, fill

KINDS = ["new", "reactivation", "expansion", "contraction", "churn"]
COUNTS = ["new_accounts", "reactivated_accounts", "expanded_accounts", "contracted_accounts", "churned_accounts"]


def month_of(frame: pd.DataFrame, month: str) -> pd.Series:
    return frame[frame["month"] == pd.Timestamp(f"{month}-01")].iloc[0]


def test_g1_months_and_years_together(books: Workspace) -> None:
    monthly = [charge(f"m{n}", "2025-01-01", None, 100) for n in range(100)]
    yearly = [charge(f"y{n}", "2025-01-01", "2026-01-01", 600, interval_unit="year") for n in range(50)]
    fill(books, as_of="2025-06-30", charges=monthly + yearly)
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == 12_500


def test_g2_a_year_is_twelve_months(books: Workspace) -> None:
    fill(books, as_of="2025-06-30", charges=[charge("a", "2025-01-01", "2026-01-01", 1200, interval_unit="year")])
    bridge = books.ask("mrr_bridge")
    assert bridge["closing"].tolist() == [100] * 6  # not 1,200 in the month of the invoice
    assert bridge["new"].tolist() == [100, 0, 0, 0, 0, 0]


def test_g3_seats(books: Workspace) -> None:
    rows = [
        charge("a", "2023-01-01", "2024-01-01", 2000, interval_unit="year", quantity=4),
        charge("a", "2023-04-01", "2023-09-01", 60, quantity=2, cancelled_on="2023-09-01"),
        charge("a", "2024-05-01", None, 150, quantity=3),
    ]
    fill(books, as_of="2024-12-31", charges=rows)
    moves = books.ask("movements").sort_values("month")
    assert [(f"{m.month:%Y-%m}", m.kind, round(m.amount, 2)) for m in moves.itertuples()] == [
        ("2023-01", "new", 166.67),
        ("2023-04", "expansion", 60.0),
        ("2023-09", "contraction", -60.0),
        ("2024-01", "churn", -166.67),
        ("2024-05", "reactivation", 150.0),
    ]


def playbook(folder: Path) -> list[dict]:
    path = folder / "mrr_playbook" / "subscription_periods.csv"
    if not path.exists():
        pytest.skip("no subscription_periods.csv here")
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            charge(
                row["customer_id"],
                row["start_date"],
                row["end_date"],
                row["monthly_amount"],
                subscription_id=row["subscription_id"],
            )
            for row in csv.DictReader(lines)
        ]


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Workspace]:
    """The subscription periods of a published example, to the end of their history."""
    opened = Workspace.open(tmp_path_factory.mktemp("periods"))
    fill(opened, as_of="2020-03-31", charges=playbook(shared_data))
    yield opened
    opened.close()


def test_g5_movements_of_the_whole_file(periods: Workspace) -> None:
    bridge = periods.ask("mrr_bridge")
    assert bridge[KINDS].sum().tolist() == [2295, 150, 660, -555, -2550]
    assert bridge[COUNTS].sum().tolist() == [55, 3, 30, 27, 58]
    ends = {month: month_of(bridge, month) for month in ("2018-06", "2018-12", "2019-11")}
    assert {month: (row["closing"], row["closing_accounts"]) for month, row in ends.items()} == {
        "2018-06": (235, 4),
        "2018-12": (585, 12),
        "2019-11": (1840, 42),
    }


def test_g5_every_month_as_published(periods: Workspace, shared_data: Path) -> None:
    names = {
        "date_month": "month",
        "mrr": "closing",
        "active_customers": "closing_accounts",
        "new_mrr": "new",
        "reactivation_mrr": "reactivation",
        "upgrade_mrr": "expansion",
        "downgrade_mrr": "contraction",
        "churn_mrr": "churn",
        "n_new": "new_accounts",
        "n_reactivation": "reactivated_accounts",
        "n_upgrade": "expanded_accounts",
        "n_downgrade": "contracted_accounts",
        "n_churn": "churned_accounts",
    }
    path = shared_data / "mrr_playbook" / "expected_spine2017_movements_by_month.csv"
    expected = pd.read_csv(path, parse_dates=["date_month"])[list(names)].rename(columns=names)
    found = periods.ask("mrr_bridge")[list(names.values())]
    is_listed = found["month"].isin(expected["month"])
    pd.testing.assert_frame_equal(
        found[is_listed].reset_index(drop=True), expected, check_dtype=False, check_exact=True
    )
    assert (found[~is_listed].drop(columns="month") == 0).all(axis=None)


def test_g5_the_end_of_the_extract_is_not_churn(periods: Workspace) -> None:
    with periods.under(replace(periods.conventions(), as_of=date(2020, 1, 1))) as extract:
        last = extract.ask("mrr_bridge").iloc[-1]
        pending = extract.ask("account_list")["pending_mrr"].dropna()
    assert (last["churn"], last["renewal_pending"], last["is_full"]) == (0, 1255, False)
    assert (pending.sum(), len(pending), last["closing_accounts"]) == (1255, 28, 32)


def test_g5_the_latest_start_is_the_default_as_of(books: Workspace, shared_data: Path) -> None:
    fill(books, charges=playbook(shared_data))
    assert books.conventions().as_of == date(2020, 1, 1)


def test_g11_g12_three_forms_of_retention_differ(periods: Workspace) -> None:
    trailing = periods.ask("revenue_retention", form="ttm")
    compounded = periods.ask("revenue_retention", form="compounded")
    december, june = month_of(trailing, "2019-12"), month_of(trailing, "2019-06")
    assert [round(100 * december[name], 1) for name in ("nrr", "grr")] == [70.1, 58.1]
    assert (december["base_accounts"], december["kept_accounts"]) == (12, 7)
    assert [round(100 * june[name], 1) for name in ("nrr", "grr")] == [110.6, 100.0]
    for month, expected in {"2019-12": [54.0, 32.6], "2019-06": [111.2, 63.6]}.items():
        row = month_of(compounded, month)
        assert [round(100 * row[name], 1) for name in ("nrr", "grr")] == expected


def test_g8_losses_gross_and_net(books: Workspace) -> None:
    rows = [
        charge("leaves", "2025-01-01", "2025-02-01", 10),
        charge("shrinks", "2025-01-01", "2025-02-01", 20),
        charge("shrinks", "2025-02-01", None, 10),
        charge("grows", "2025-01-01", "2025-02-01", 20),
        charge("grows", "2025-02-01", None, 30),
        charge("stays", "2025-01-01", None, 50),
    ]
    fill(books, as_of="2025-03-31", charges=rows)
    february = month_of(books.ask("revenue_retention", form="monthly"), "2025-02")
    assert (february["base_mrr"], february["grr"], february["nrr"]) == (100, 0.8, 0.9)


def test_g15_logos_and_revenue_churn_apart(books: Workspace) -> None:
    rows = [charge("small", "2025-01-01", None, 1000), charge("large", "2025-01-01", "2025-02-01", 5000)]
    fill(books, as_of="2025-03-31", charges=rows)
    february = month_of(books.ask("revenue_retention", form="monthly"), "2025-02")
    assert 1 - february["logo_retention"] == 0.5
    assert round(100 * (1 - february["nrr"]), 1) == 83.3


def test_g16_two_per_cent_a_month_is_not_twenty_four_a_year(books: Workspace) -> None:
    levels = [Decimal(100_000) * Decimal("0.98") ** number for number in range(13)]
    starts = [add_months(date(2024, 1, 1), number) for number in range(14)]
    rows = [charge("a", starts[number], starts[number + 1], round(level, 4)) for number, level in enumerate(levels)]
    fill(books, as_of="2025-01-31", charges=rows)
    january = month_of(books.ask("revenue_retention", form="compounded"), "2025-01")
    assert round(100 * (1 - january["nrr"]), 2) == 21.53
    assert january["logo_retention"] == 1


def test_g17_quick_ratio(books: Workspace) -> None:
    rows = [
        charge("stays", "2025-01-01", None, 10_000),
        charge("leaves", "2025-01-01", "2025-02-01", 2_000),
        charge("shrinks", "2025-01-01", "2025-02-01", 3_000),
        charge("shrinks", "2025-02-01", None, 2_000),
        charge("grows", "2025-01-01", "2025-02-01", 1_000),
        charge("grows", "2025-02-01", None, 4_000),
        charge("new", "2025-02-01", None, 5_000),
    ]
    fill(books, as_of="2025-03-31", charges=rows)
    bridge = books.ask("mrr_bridge")
    assert round(month_of(bridge, "2025-02")["quick_ratio"], 2) == 2.67
    assert bool(pd.isna(month_of(bridge, "2025-03")["quick_ratio"]))  # nothing lost: no ratio, not infinity


def test_g28_ten_times_in_ten_steps(books: Workspace) -> None:
    rows = [
        charge(
            "a",
            date(2013 + year, 1, 1),
            date(2014 + year, 1, 1),
            round(Decimal(1200 * 10 ** (year / 10)), 4),
            interval_unit="year",
        )
        for year in range(11)
    ]
    fill(books, as_of="2023-12-31", charges=rows)
    assert books.ask("mrr_bridge").iloc[-1]["closing"] == pytest.approx(1000, abs=0.001)
    rates = books.ask("revenue_retention")["nrr"].dropna()
    assert set(round(100 * rates, 1)) == {125.9}


def test_g29_talks_start_two_calendar_months_before() -> None:
    assert add_months(date(2026, 3, 31), -2) == date(2026, 1, 31)
    assert add_months(date(2026, 4, 30), -2) == date(2026, 2, 28)


def test_g30_share_of_the_project(books: Workspace) -> None:
    fill(
        books,
        as_of="2025-06-30",
        charges=[charge("a", "2025-01-01", "2026-01-01", 20_000, interval_unit="year")],
        accounts=[{"account_id": "a", "project_cost": 6_700_000}],
    )
    row = books.ask("penetration").iloc[0]
    assert f"{row['share_of_project']:.2%}" == "0.30%"
    assert (row["potential_from"], bool(pd.isna(row["penetration"]))) == ("unknown", True)  # never zero


def test_g13_half_a_year_of_a_real_export_under_three_bridges(books: Workspace, shared_data: Path) -> None:
    files = sorted((shared_data / "chartmogul_sample").glob("*.csv"))
    if not files:
        pytest.skip("no sample export here")
    ready = plan(files, books)
    assert not ready.doubts
    carry_out(ready, books, as_of=date(2026, 1, 31))
    found = {}
    for bridge_days in (0, 3, 31):
        conventions = replace(books.conventions(), grace_days=0, bridge_days=bridge_days)
        with books.under(conventions) as other:
            moves = other.ask("movements")
            june = closings(moves, "2025-06")
            december = closings(moves, "2025-12")
        found[bridge_days] = (sum(december.get(name, 0) for name in june), sum(june.values()))
    assert found == {0: (25.25, 36.75), 3: (25.25, 41.75), 31: (32.25, 41.75)}
    rates = {bridge_days: 100 * now / then for bridge_days, (now, then) in found.items()}
    assert rates == pytest.approx({0: 68.7, 3: 60.5, 31: 77.3}, abs=0.06)  # the last is 77.245


def test_the_end_of_a_paid_period_is_no_default_as_of(books: Workspace, shared_data: Path) -> None:
    files = sorted((shared_data / "chartmogul_sample").glob("*.csv"))
    if not files:
        pytest.skip("no sample export here")
    carry_out(plan(files, books), books)
    # A cancellation takes effect on 2026-02-28, when what was paid is over; the last invoice is a fortnight older.
    assert books.conventions().as_of == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("cancelled_on", "invoiced_on", "as_of"),
    [
        ("2024-02-10", "2024-01-31", date(2024, 2, 10)),  # before the paid period is over
        ("2024-02-29", "2024-01-31", date(2024, 1, 31)),
        ("2024-03-05", "2024-01-31", date(2024, 1, 31)),
        ("2024-02-29", None, date(2024, 2, 29)),  # a subscription ends because it was cancelled
    ],
)
def test_a_cancellation_counts_where_it_is_no_period_end(
    books: Workspace, cancelled_on: str, invoiced_on: str | None, as_of: date
) -> None:
    paid = charge("a", "2024-01-31", "2024-02-29", 10, cancelled_on=cancelled_on, invoiced_on=invoiced_on)
    fill(books, as_of=None, charges=[paid])
    assert books.conventions().as_of == as_of


def closings(moves: pd.DataFrame, month: str) -> dict[str, float]:
    """MRR of the accounts active at a month's end, from their movements up to then."""
    past = moves[moves["month"] <= pd.Timestamp(f"{month}-01")]
    totals = past.groupby("account_id")["amount"].sum().round(4)
    return totals[totals > 0].to_dict()
