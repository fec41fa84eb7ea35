"""What an amount is: with tax or without, for a month, a term or a period of the plan, a level or a movement."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.ingest import carry_out, plan
from decade.warehouse import Workspace

SPANISH = """Informe de facturación;;;;;;;
;;;;;;;
N.º factura;Cliente;Fecha factura;Periodo desde;Periodo hasta;Base imponible;IVA;Total
F-001;Aliso S.L.;05/01/2024;01/01/2024;31/12/2024;12.000,00 €;2.520,00 €;14.520,00 €
F-002;Abedul S.A.;13/02/2024;13/02/2024;12/03/2024;350,50 €;73,61 €;424,11 €
Total;;;;;12.350,50 €;2.593,61 €;14.944,11 €
"""
LEDGER = """Date,Customer,Movement Type,MRR Change,Currency
2024-01-10,Alder,New,100.00,USD
2024-01-12,Birch,New,250.00,USD
2024-07-03,Birch,Expansion,30.00,USD
2024-07-03,Birch,Expansion,20.00,USD
2024-04-01,Cedar,New,80.00,USD
2024-10-05,Cedar,Churn,-80.00,USD
2024-11-02,Alder,Contraction,-20.00,USD
"""


def saved(tmp_path: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path, desk: Workspace, **given: str) -> list[dict[str, object]]:
    """The typed rows of the one table in a file, everything that is asked answered as given."""
    answers = {each.replace("__", ":"): value for each, value in given.items()}
    ready = plan([path], desk, answers=answers)
    assert [(each.kind, each.question) for each in ready.doubts] == []
    (only,) = ready.files
    assert only.staged is not None
    assert only.staged.refusals == ()
    return pq.read_table(only.staged.typed_path).to_pylist()


def asked(path: Path, desk: Workspace, **given: str) -> list[str]:
    return [each.kind for each in plan([path], desk, answers=given).doubts]


def test_of_an_amount_and_the_same_with_tax_the_first_is_taken(tmp_path: Path, desk: Workspace) -> None:
    path = saved(tmp_path, SPANISH, encoding="cp1252")
    found = rows(path, desk, table="charges", ends="last_day", date_order="dmy")
    assert [str(each["amount"]) for each in found] == ["12000.0000", "350.5000"]


@pytest.mark.parametrize(
    ("amount", "tax", "is_asked"),
    [("Brutto", "USt", False), ("Total TTC", "TVA", False), ("Amount", "VAT", True), ("Betrag", "MwSt", True)],
)
def test_tax_is_taken_off_a_whole_and_asked_about_elsewhere(
    amount: str, tax: str, is_asked: bool, tmp_path: Path, desk: Workspace
) -> None:
    text = f"Customer,Start date,End date,{amount},{tax}\nAlder,2024-01-05,2024-02-05,119.50,19.50\n"
    path = saved(tmp_path, text)
    assert asked(path, desk, table="charges") == ["tax"] * is_asked
    (row,) = rows(path, desk, table="charges", **({"tax": "with_tax"} if is_asked else {}))
    assert str(row["amount"]) == "100.0000"
    if is_asked:
        (row,) = rows(path, desk, table="charges", tax="without_tax")
        assert str(row["amount"]) == "119.5000"


@pytest.mark.parametrize("name", ["Net amount", "MRR", "Subtotal", "Montant HT"])
def test_what_is_called_net_is_not_asked_about(name: str, tmp_path: Path, desk: Workspace) -> None:
    text = f"Customer,Start date,End date,{name},VAT\nAlder,2024-01-05,2024-02-05,100.50,19.50\n"
    (row,) = rows(saved(tmp_path, text), desk, table="charges")
    assert str(row["amount"]) == "100.5000"


def test_a_rate_of_tax_is_no_tax(tmp_path: Path, desk: Workspace) -> None:
    text = "Customer,Start date,End date,Amount,VAT rate,Tax %\nAlder,2024-01-05,2024-02-05,100.50,20.00,20\n"
    (row,) = rows(saved(tmp_path, text), desk, table="charges")
    assert str(row["amount"]) == "100.5000"


@pytest.mark.parametrize(
    "days", [("2024-01-31", "2024-02-29"), ("01/31/2024", "02/29/2024"), ("2024-01-01", "2024-02")]
)
def test_mrr_noted_once_a_month_is_that_months_alone(days: tuple[str, str], tmp_path: Path, desk: Workspace) -> None:
    lines = "".join(f"{day},A1,{mrr}\n" for day, mrr in zip(days, ("100.50", "80"), strict=True))
    found = rows(saved(tmp_path, f"snapshot_date,account_id,mrr_usd\n{lines}"), desk, table="charges")
    told = [(str(each["starts_on"]), str(each["ends_on"]), str(each["amount"]), each["currency"]) for each in found]
    assert told == [("2024-01-01", "2024-02-01", "100.5000", "USD"), ("2024-02-01", "2024-03-01", "80.0000", "USD")]


def test_a_total_value_is_for_its_term(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer,Contract No.,Contract start,Term (months),TCV,Ccy,Billing frequency\n"
    path = saved(tmp_path, f"{head}Alder,C-1,2023-03-15,24,6000.00,EUR,Quarterly\n")
    (row,) = rows(path, desk, table="charges")
    assert (str(row["ends_on"]), row["interval_unit"], row["interval_count"]) == ("2025-03-15", "month", 24)


@pytest.mark.parametrize("term", ["12 months", "1 year", "12"])
def test_a_term_ends_what_no_day_ends(term: str, tmp_path: Path, desk: Workspace) -> None:
    head = "Customer,Contract start,Contract term months,Annual value,Currency\n"
    (row,) = rows(saved(tmp_path, f"{head}Alder,2024-01-15,{term},1200.00,EUR\n"), desk, table="charges")
    assert (str(row["ends_on"]), row["interval_unit"]) == ("2025-01-15", "year")


def test_payments_last_as_long_as_their_plan_says(tmp_path: Path, desk: Workspace) -> None:
    head = "Paid at,Customer email,Description,Amount,Plan\n"
    body = "2024-01-05,x@alder.com,Payment,49.00 USD,Pro (monthly)\n"
    body += "2024-02-10,y@birch.com,Payment,490.00 USD,Pro (yearly)\n"
    path = saved(tmp_path, head + body)
    found = rows(path, desk, table="charges", unmapped_column__starts_on="Paid at", coverage="period_of_the_plan")
    told = [(each["account_id"], str(each["ends_on"]), each["interval_unit"]) for each in found]
    assert told == [("x@alder.com", "2024-02-05", "month"), ("y@birch.com", "2025-02-10", "year")]


@pytest.mark.parametrize("signed", [True, False])
def test_movements_become_the_mrr_after_them(signed: bool, tmp_path: Path, workspace: Workspace) -> None:
    path = saved(tmp_path, LEDGER if signed else LEDGER.replace(",-", ","))
    ready = plan([path], workspace)
    assert ready.doubts == ()
    report = carry_out(ready, workspace)
    (account,) = report.accounts
    assert {name: account.row()[name] for name in ("read", "taken", "left_out")} == {
        "read": 7,
        "taken": 6,
        "left_out": 1,
    }
    bridge = workspace.ask("mrr_bridge").set_index("month")["closing"]
    told = {f"{month:%Y-%m}": value for month, value in bridge.items()}
    assert [told[f"2024-{month}"] for month in ("01", "04", "07", "10")] == [350, 430, 480, 400]


def test_a_ledger_that_begins_in_the_middle_is_not_summed(tmp_path: Path, desk: Workspace) -> None:
    path = saved(tmp_path, LEDGER.replace("2024-04-01,Cedar,New,80.00,USD\n", ""))
    assert asked(path, desk) == ["unknown_file"]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("Leistungszeitraum", "01.01.2024 - 31.03.2024", "13.02.2024 – 12.05.2024"),
        ("Service period", "Jan 1, 2024 to Mar 31, 2024", "Feb 13, 2024 to May 12, 2024"),
        ("Période", "01/01/2024 au 31/03/2024", "13/02/2024 au 12/05/2024"),
    ],
)
def test_a_period_in_one_cell_is_two_days(
    header: str, first: str, second: str, tmp_path: Path, desk: Workspace
) -> None:
    text = f"Kunde;{header};Netto;Währung\nAhorn;{first};300,00;EUR\nBirke;{second};90,00;EUR\n"
    found = rows(saved(tmp_path, text), desk, table="charges", ends="last_day")
    told = [(str(each["starts_on"]), str(each["ends_on"]), str(each["amount"])) for each in found]
    assert told == [("2024-01-01", "2024-04-01", "300.0000"), ("2024-02-13", "2024-05-13", "90.0000")]


@pytest.mark.parametrize(
    ("header", "cell", "amount"),
    [
        ("Current MRR", "100.50", "100.5000"),
        ("mrr_cents", "4900", "49.0000"),
        ("MRR (k€)", "1.2", "1200.0000"),
        ("ARR in thousands", "12.5", "12500.0000"),
        ("ARR ($m)", "1.25", "1250000.0000"),
    ],
)
def test_a_rate_says_in_what_it_is_told(header: str, cell: str, amount: str, tmp_path: Path, desk: Workspace) -> None:
    text = f"Customer Name,{header},Customer since,Status\nAlder,{cell},15-Jan-2023,Active\n"
    (row,) = rows(saved(tmp_path, text), desk, table="charges")
    assert (str(row["amount"]), str(row["starts_on"])) == (amount, "2023-01-15")
    assert row["interval_unit"] == ("year" if "ARR" in header else "month")


def test_a_change_of_mrr_is_no_mrr(tmp_path: Path, desk: Workspace) -> None:
    path = saved(tmp_path, "Customer,Start date,MRR growth,Churned MRR\nAlder,2024-01-05,10.50,3.20\n")
    assert "unmapped_column" in asked(path, desk, table="charges")


@pytest.mark.parametrize(
    "text",
    [
        "Account,Close date,Stage,Type,MRR\nA,2024-01-10,Closed Won,New,100.50\nB,2024-01-12,Closed Lost,Churn,20.10\n",
        "Customer,Date,Type,MRR\nA,2024-01-10,New,100.50\nB,2024-01-12,Upsell,20.10\n",
    ],
)
def test_deals_and_sales_are_no_ledger(text: str, tmp_path: Path, desk: Workspace) -> None:
    assert asked(saved(tmp_path, text), desk) == ["unknown_file"]


def test_a_range_of_sizes_is_no_period(tmp_path: Path, desk: Workspace) -> None:
    path = saved(tmp_path, "Customer ID,Name,Employees\n1,Alder,30000 - 50000\n2,Birch,10001 - 20000\n")
    (only,) = plan([path], desk, answers={"table": "accounts"}).files
    assert only.raw.header == ("Customer ID", "Name", "Employees")


def test_an_api_answer_on_one_line_is_its_list(tmp_path: Path, desk: Workspace) -> None:
    price = {"unit_amount": 5000, "currency": "usd", "recurring": {"interval": "month", "interval_count": 1}}
    item = {"id": "si_1", "quantity": 2, "price": {"id": "price_1", **price}}
    one = {"id": "sub_1", "customer": "cus_A", "status": "active", "start_date": 1704844800, "items": {"data": [item]}}
    path = saved(tmp_path, json.dumps({"object": "list", "data": [one], "has_more": False}), "subscriptions.json")
    (row,) = rows(path, desk)
    assert (row["account_id"], str(row["amount"]), str(row["starts_on"])) == ("cus_A", "100.0000", "2024-01-10")
