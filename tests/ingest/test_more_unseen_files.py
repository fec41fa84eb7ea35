"""More files whose shape nobody had seen, each with what it once was misread by."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.ingest import plan
from decade.ingest.amounts import currency_of, decimal_signs_that_fit, read_amount
from decade.warehouse import Workspace

Rows = list[dict[str, object]]
GERMAN = """Kunde;Tarif;Preis;Kunde seit;Gekündigt zum
Ahorn GmbH;Basis;490,- €/Monat;01.02.2022;
Birke AG;Profi;12.000 Euro/Jahr;15.04.2022;
Cedern KG;Basis;490,– €/Monat;01.03.2022;30.09.2023
Eiche GmbH;Profi;1.500 € pro Quartal;01.01.2023;
"""
CLOSE = """id,lead_name,status_label,status_type,value,value_currency,date_created,date_won,date_lost
o1,Alder,Won,won,5000.00,USD,2024-01-02,2024-02-11,
o2,Birch,Lost - price,lost,1200.00,USD,2024-01-05,,2024-03-04
o3,Cedar,Proposal,active,2500.00,EUR,2024-03-05,,
"""
ACTUAL = """Opportunity ID,Topic,Potential Customer,Status,Est. Revenue,Actual Revenue,Est. Close Date,Actual Close Date
1,Alder rollout,Alder,Won,50000.00,42000.00,2024-02-15,2024-02-20
2,Birch pilot,Birch,Lost,8000.00,0.00,2024-02-15,2024-02-28
3,Cedar,Cedar,Open,12500.00,,2024-06-30,
"""


def read(path: Path, desk: Workspace, left_out: int = 0, **given: str) -> Rows:
    """The typed rows of the one table in a file, everything that is asked answered as given."""
    ready = plan([path], desk, answers={each.replace("__", ":"): value for each, value in given.items()})
    assert [(each.kind, each.question) for each in ready.doubts] == []
    (only,) = ready.files
    assert only.staged is not None
    assert (only.staged.refusals, only.staged.rows_left_out) == ((), left_out)
    return pq.read_table(only.staged.typed_path).to_pylist()


def saved(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "sign", "amount"),
    [("490,-", ",", "490"), ("1.200,– €", ",", "1200"), ("CHF 490.--", ".", "490"), ("490,50-", ",", "-490.5")],
)
def test_a_dash_for_no_cents_is_no_minus(text: str, sign: str, amount: str) -> None:
    assert decimal_signs_that_fit([text]) == {sign}
    assert read_amount(text, sign) == Decimal(amount)


def test_an_answered_column_is_read_with_what_stands_beside_it(tmp_path: Path, desk: Workspace) -> None:
    given = {"table": "charges", "unmapped_column__amount": "Preis", "ends": "last_day"}
    found = read(saved(tmp_path, GERMAN, "cp1252"), desk, **given)
    told = [(str(each["amount"]), each["interval_unit"], each["currency"]) for each in found]
    assert told == [
        ("490.0000", "month", "EUR"),
        ("12000.0000", "year", "EUR"),
        ("490.0000", "month", "EUR"),
        ("1500.0000", "quarter", "EUR"),
    ]


@pytest.mark.parametrize("text", ["1.200 Euro", "Euro 1.200,00", "1200 euros", "1.200Euro"])
def test_euro_as_a_word(text: str) -> None:
    assert (read_amount(text, ","), currency_of(text)) == (Decimal(1200), "EUR")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Période du", "Période au"),
        ("Umowa od", "Umowa do"),
        ("Vigencia desde", "Vigencia hasta"),
        ("Abo ab", "Abo bis"),
    ],
)
def test_names_that_differ_in_from_and_until_are_one_period(
    first: str, last: str, tmp_path: Path, desk: Workspace
) -> None:
    text = f"Client;{first};{last};Montant mensuel HT (€)\nAulne;15/01/2024;14/01/2025;350,50\n"
    (row,) = read(saved(tmp_path, text), desk, table="charges", ends="last_day")
    assert (str(row["starts_on"]), str(row["ends_on"])) == ("2024-01-15", "2025-01-15")


def test_a_period_of_words_is_how_often(tmp_path: Path, desk: Workspace) -> None:
    head = "Subscription ID,Account ID,Quantity,Subscription Amount,Currency,Period,Interval Length,Begin Date\n"
    path = saved(tmp_path, f"{head}s1,a1,3,30.00,USD,Month,6,1/15/23\ns2,a2,1,1200.00,USD,Year,1,2/20/23\n")
    found = read(path, desk, table="charges")
    assert [(each["interval_unit"], each["interval_count"]) for each in found] == [("month", 6), ("year", 1)]


def test_how_many_payments_follow_is_no_quantity(tmp_path: Path, desk: Workspace) -> None:
    head = "id,amount,currency,status,start_date,interval,interval_unit,upcoming_payments.count,customers.id\n"
    (row,) = read(saved(tmp_path, f"{head}SB1,99.00,GBP,active,2023-01-15,1,monthly,10,CU1\n"), desk, table="charges")
    assert (row["account_id"], str(row["amount"]), row["quantity"]) == ("CU1", "99.0000", None)


def test_the_number_of_a_document_is_nobody_who_pays(tmp_path: Path, desk: Workspace) -> None:
    head = "Document Number,Date,Status,Name,Item,Amount,Currency,Rev. Rec. Start Date,Rev. Rec. End Date\n"
    path = saved(tmp_path, f"{head}INV1,1/13/2024,Open,Alder,Platform,500.00,US Dollar,1/14/2024,2/13/2024\n")
    (asked,) = plan([path], desk, answers={"table": "charges", "ends": "last_day"}).doubts
    assert (asked.kind, asked.column) == ("unmapped_column", "account_id")
    (row,) = read(path, desk, table="charges", ends="last_day", unmapped_column__account_id="Name")
    assert (row["account_id"], row["currency"]) == ("Alder", "USD")


def test_of_two_statuses_the_one_that_tells_how_it_ended(tmp_path: Path, desk: Workspace) -> None:
    found = read(saved(tmp_path, CLOSE), desk, table="deals")
    assert [(each["is_closed"], each["is_won"]) for each in found] == [(True, True), (True, False), (False, False)]


def test_a_deal_is_worth_what_it_was_sold_for_and_else_what_was_expected(tmp_path: Path, desk: Workspace) -> None:
    found = read(saved(tmp_path, ACTUAL), desk, table="deals")
    assert [str(each["amount"]) for each in found] == ["42000.0000", "8000.0000", "12500.0000"]


def test_answers_are_of_the_kind_that_their_column_says(tmp_path: Path, desk: Workspace) -> None:
    text = "Response ID,Account ID,Score,Created at,Survey type\nr1,a1,9,2024-03-01,nps\nr2,a1,4,2024-03-02,CSAT\n"
    assert [each["kind"] for each in read(saved(tmp_path, text), desk, table="surveys")] == ["NPS", "CSAT"]


@pytest.mark.parametrize("label", ["% crecimiento", "Growth %", "Growth (%)", "Δ MRR", "Рост %", "Total of 3 results"])
def test_a_rate_below_the_amounts_is_no_customer(label: str, tmp_path: Path, desk: Workspace) -> None:
    text = f"Customer,Start date,End date,Monthly amount\nAlder,2024-01-05,2024-02-05,100.50\n{label},,,0.06\n"
    (row,) = read(saved(tmp_path, text), desk, left_out=1)
    assert row["account_id"] == "Alder"


@pytest.mark.parametrize("name", ["Save 20 %", "Growth plan 20 %", "100 % Organic"])
def test_a_name_with_a_share_in_it_is_a_name(name: str, tmp_path: Path, desk: Workspace) -> None:
    text = (
        f"Customer,Start date,End date,Monthly amount\nAlder,2024-01-05,2024-02-05,1\n{name},2024-01-05,2024-02-05,9\n"
    )
    assert [row["account_id"] for row in read(saved(tmp_path, text), desk)] == ["Alder", name]


def test_a_total_and_a_footer_below_a_few_days_hide_no_month(tmp_path: Path, desk: Workspace) -> None:
    body = '1/1/2024,Brand,EUR,161.20\n2/1/2024,Brand,EUR,159.50\nTotal,,,320.70\n\n"All rights reserved."\n'
    path = saved(tmp_path, f"Month,Campaign name,Currency code,Spend\n{body}")
    found = read(path, desk, left_out=2, table="spend", date_order="mdy")
    assert [(str(each["month"]), str(each["amount"])) for each in found] == [
        ("2024-01-01", "161.2000"),
        ("2024-02-01", "159.5000"),
    ]


def test_what_its_own_words_call_metered_is_asked_about(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer ID,Line item name,Start date,End date,Amount,Currency\n"
    body = "c1,Platform fee,2024-01-05,2024-02-05,500.50,USD\nc1,API calls (usage),2024-01-05,2024-02-05,120.35,USD\n"
    path = saved(tmp_path, head + body)
    (asked,) = plan([path], desk, answers={"table": "charges"}).doubts
    assert (asked.kind, asked.column, asked.examples) == ("once", "Line item name", ("API calls (usage)",))
    for given, recurs in (("not_recurring", [True, False]), ("recurring", [True, True])):
        assert [row["is_recurring"] for row in read(path, desk, table="charges", once=given)] == recurs


def test_where_every_charge_is_called_so_nothing_is_asked(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer ID,Plan,Start date,End date,Amount,Currency\n"
    path = saved(tmp_path, f"{head}c1,Usage pro,2024-01-05,2024-02-05,500.50,USD\n")
    assert [row["is_recurring"] for row in read(path, desk, table="charges")] == [True]
