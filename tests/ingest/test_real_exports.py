"""Real exports that nobody here wrote, read as they are; skipped where they are not at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from decade.ingest import carry_out, plan
from decade.warehouse import FileAccount, Workspace


def imported(files: list[Path], workspace: Workspace, **options: object) -> dict[str, FileAccount]:
    ready = plan(files, workspace)
    assert [each.question for each in ready.doubts] == []
    report = carry_out(ready, workspace, **options)  # type: ignore[arg-type]
    return {account.staged.file_name: account for account in report.accounts}


def test_subscription_periods(shared_data: Path, workspace: Workspace) -> None:
    files = [shared_data / "mrr_playbook" / "subscription_periods.csv"]
    accounts = imported(files, workspace, as_of=date(2020, 3, 31))
    account = accounts["subscription_periods.csv"]
    assert (account.staged.rows_read, account.rows_taken) == (121, 121)
    assert account.money[0].taken == Decimal(5205)
    assert account.money[0].currency == "XXX"


def closing(workspace: Workspace, month: str) -> tuple[float, int]:
    bridge = workspace.ask("mrr_bridge")
    row = bridge[bridge["month"].astype(str).str.startswith(month)].iloc[0]
    return round(float(row["closing"]), 2), int(row["closing_accounts"])


def test_chartmogul_gives_the_golden_figures_under_each_convention(shared_data: Path, workspace: Workspace) -> None:
    files = sorted((shared_data / "chartmogul_sample").glob("*.csv"))
    accounts = imported(files, workspace, as_of=date(2026, 1, 31))
    assert accounts["05_Invoice_line_items.csv"].rows_taken == 102
    assert accounts["06_Transactions.csv"].staged.left_out == {"payments do not change MRR": 98}

    def under(**switches: object) -> None:
        workspace.set_conventions(replace(workspace.conventions(), grace_days=0, **switches))  # type: ignore[arg-type]

    under(bridge_days=0)
    assert closing(workspace, "2025-06") == (36.75, 7)
    assert closing(workspace, "2025-12") == (115.25, 15)
    assert closing(workspace, "2026-01")[0] == 129.25
    under(bridge_days=1)
    assert closing(workspace, "2025-06") == (41.75, 8)
    under(bridge_days=31)
    assert closing(workspace, "2025-12") == (122.25, 16)
    under(bridge_days=0, churn_recognised="cancellation_date")
    assert closing(workspace, "2026-01")[0] == 125.75


def test_line_items_find_the_invoices_of_an_earlier_import(shared_data: Path, workspace: Workspace) -> None:
    folder = shared_data / "chartmogul_sample"
    alone = plan([folder / "05_Invoice_line_items.csv"], workspace)
    assert [each.kind for each in alone.doubts] == ["link_missing"]
    imported([folder / "04_Invoices.csv"], workspace)
    accounts = imported([folder / "05_Invoice_line_items.csv"], workspace)
    assert accounts["05_Invoice_line_items.csv"].rows_taken == 102


def test_a_crm_with_revenue_in_millions_and_a_product_spelled_two_ways(shared_data: Path, workspace: Workspace) -> None:
    files = sorted((shared_data / "maven_crm").glob("*.csv"))
    (asked,) = plan(files, workspace).doubts
    assert asked.options == ("same", "different")
    assert [each.row() for each in asked.pairs] == [
        {"id": "GTXPro", "twin": "GTX Pro", "name": "GTX Pro", "rows": 1480, "money": {"XXX": 3_510_578.0}}
    ]
    assert all(each in asked.question for each in ("'GTXPro'", "1,480 rows", "3,510,578.00", "'GTX Pro'"))
    ready = plan(files, workspace, answers={asked.answer_key: "same"})
    carry_out(ready, workspace)
    totals = workspace.ask("deal_totals")
    assert totals["without_product"].sum() == 0
    assert totals["deals"].sum() == 8800
    assert not len(workspace.ask("objections", check="product_not_in_price_list"))
    again = plan(files, workspace)
    assert (again.doubts, again.notices) == ((), ())
    count = workspace.cursor().execute
    won = count("select count(*), sum(amount) from deals where is_won").fetchone()
    assert won == (4238, Decimal(10_005_534))
    assert count("select count(*) from deals where is_closed and not is_won").fetchone() == (2473,)
    engaging = count("select count(*), count(*) - count(account_id) from deals where stage = 'Engaging'").fetchone()
    assert engaging == (1589, 1088)
    assert count("select count(*) from deals where stage = 'Prospecting'").fetchone() == (500,)
    revenue = count("select annual_revenue from accounts where account_id = 'Acme Corporation'").fetchone()
    assert revenue == (Decimal(1_100_040_000),)


def test_warehouse_tables_count_money_once(shared_data: Path, workspace: Workspace) -> None:
    accounts = imported(sorted((shared_data / "fivetran_stripe").glob("*.csv")), workspace)
    into = {name: account.staged.table_name for name, account in accounts.items() if account.staged.table_name}
    assert into == {"customer_data.csv": "accounts", "subscription_item_data.csv": "charges"}
    items = accounts["subscription_item_data.csv"]
    assert (items.rows_taken, items.staged.rows_refused) == (2, 12)
    assert {each.column for each in items.staged.refusals} == {"account_id"}
    # The prices stand in another file, and the account has them all the same.
    (money,) = items.money
    assert money.column == "plan_id → unit_amount × quantity"
    assert (money.read, money.taken, money.refused) == (Decimal("21108.60"), Decimal(4500), Decimal("16608.60"))


def test_without_items_the_invoice_lines_are_the_charges(shared_data: Path, workspace: Workspace) -> None:
    folder = shared_data / "fivetran_stripe"
    names = ("invoice_data", "invoice_line_item_data", "subscription_data", "plan_data")
    accounts = imported([folder / f"{name}.csv" for name in names], workspace)
    assert accounts["invoice_line_item_data.csv"].staged.table_name == "charges"


@pytest.mark.parametrize("name", ["sample"])
def test_the_sample_company_asks_nothing_and_refuses_nothing(name: str, workspace: Workspace) -> None:
    folder = Path(__file__).resolve().parents[2] / "data" / name
    files = sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".xlsx"))
    ready = plan(files, workspace)
    assert [each.question for each in ready.doubts] == []
    assert {
        each.raw.label: each.staged.rows_refused for each in ready.files if each.staged and each.staged.rows_refused
    } == {}
    tables = "accounts charges deals contacts activities leads spend costs surveys usage fx_rates"
    assert {each.mapping.table for each in ready.files} >= set(tables.split())
