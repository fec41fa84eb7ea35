"""Headers of six languages, in any order and case, beside columns of no meaning, are read as what they say."""

from __future__ import annotations

import csv
import random
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.ingest import plan
from decade.warehouse import Workspace

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SPOKEN = tomllib.loads((GOLDEN / "header_languages.toml").read_text(encoding="utf-8"))
OTHERS = tomllib.loads((GOLDEN / "other_vendors.toml").read_text(encoding="utf-8"))
WRITTEN = {"as written": str, "upper": str.upper, "lower": str.lower}
CASES = [
    (language, table, case)
    for language, tables in SPOKEN.items()
    for table in tables
    for case in (["as written"] if table.endswith(("_third", "_fourth")) else WRITTEN)
]
WITHOUT_MEANING = {
    "en": ("Notes", "Phone"),
    "de": ("Bemerkung", "Telefon"),
    "fr": ("Remarque", "Téléphone"),
    "es": ("Observaciones", "Teléfono"),
    "pl": ("Uwagi", "Telefon"),
    "ru": ("Примечание", "Телефон"),
}
VALUES = {
    "account_id": ("K-1001", "K-1002", "K-1003"),
    "subscription_id": ("V-1", "V-2", "V-3"),
    "deal_id": ("D1", "D2", "D3"),
    "name": ("Ahorn GmbH", "Birke AG", "Zeder SA"),
    "plan": ("Pro", "Basic", "Pro"),
    "starts_on": ("13.01.2024", "01.02.2024", "15.03.2024"),
    "ends_on": ("13.01.2025", "", "15.03.2026"),
    "created_on": ("13.01.2023", "01.02.2023", "15.03.2023"),
    "closed_on": ("13.01.2024", "01.02.2024", "15.03.2024"),
    "amount": ("1.234,50", "99,90", "480,00"),
    "currency": ("EUR", "EUR", "USD"),
    "quantity": ("5", "1", "12"),
    "lane": ("Software", "Handel", "Bau"),
    "country": ("DE", "FR", "PL"),
    "employees": ("120", "1.200", "35"),
    "annual_revenue": ("1.200.000,00", "90.500,50", "7.000,00"),
    "owner": ("Rae Moss", "Pia Lind", "Rae Moss"),
    "stage": ("Won", "Negotiation", "Lost"),
    "probability": ("100", "50", "0"),
    "channel": ("Event", "Web", "Partner"),
    "month": ("2024-01", "2024-02", "2024-03"),
}


@pytest.mark.parametrize(("language", "spoken", "as_"), CASES)
def test_a_header_means_what_it_says(language: str, spoken: str, as_: str, tmp_path: Path, desk: Workspace) -> None:
    columns: dict[str, str] = SPOKEN[language][spoken]
    table, case = spoken.split("_")[0], WRITTEN[as_]
    names = [*columns.items(), *(("", name) for name in WITHOUT_MEANING[language])]
    random.Random(as_).shuffle(names)
    written = {column: case(name) for column, name in columns.items()}
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow([case(name) for _, name in names])
        writer.writerows([VALUES[column][at] if column else "x" for column, _ in names] for at in range(3))
    assert {option for each in plan([path], desk).doubts for option in each.options[:1]} <= {table}
    (only,) = plan([path], desk, answers={"table": table}).files
    found = {
        name: only.mapping.header[each[0].source]
        for name, each in only.mapping.columns.items()
        if each[0].source is not None and name not in ("is_closed", "is_won")
    }
    assert found == written


REPORTS = {
    "en": ("Day,Campaign,Currency code,Cost,Impr.,Clicks", "Total: Account"),
    "de": ("Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks", "Gesamt: Konto"),
    "fr": ("Jour,Campagne,Code de devise,Coût,Impr.,Clics", "Total : compte"),
    "es": ("Día,Campaña,Código de moneda,Coste,Impr.,Clics", "Total: cuenta"),
    "pl": ("Dzień,Kampania,Kod waluty,Koszt,Wyśw.,Kliknięcia", "Łącznie: konto"),
    "ru": ("День,Кампания,Код валюты,Расход,Показы,Клики", "Всего: аккаунт"),
}


@pytest.mark.parametrize("language", REPORTS)
def test_a_spend_report_and_its_total(language: str, tmp_path: Path, desk: Workspace) -> None:
    header, total = REPORTS[language]
    path = tmp_path / "report.csv"
    body = f"2026-09-01,Brand,EUR,10.50,100,5\n2026-09-02,Other,EUR,4.25,10,1\n{total},,EUR,14.75,110,6\n"
    path.write_text(f"{header}\n{body}", encoding="utf-8")
    ready = plan([path], desk)
    assert ready.doubts == ()
    (only,) = ready.files
    assert only.mapping.source_name == "google_ads"
    assert only.staged is not None
    assert (only.staged.rows_left_out, only.staged.rows_refused) == (1, 0)
    amounts = pq.read_table(only.staged.typed_path).column("amount").to_pylist()
    assert [str(each) for each in amounts] == ["10.5000", "4.2500"]


@pytest.mark.parametrize("vendor", OTHERS)
def test_a_vendor_that_nobody_named(vendor: str, tmp_path: Path, desk: Workspace) -> None:
    told = OTHERS[vendor]
    path = tmp_path / "export.csv"
    delimiter = told.get("delimiter", ",")
    header, row = (next(csv.reader([told[each]], delimiter=delimiter)) for each in ("header", "row"))
    keys = {told["columns"].get(name) for name in ("charge_id", "deal_id")}  # no two rows have the same
    other = [
        f"{cell}2" if name in keys else cell.replace("Alder", "Birch") for name, cell in zip(header, row, strict=True)
    ]
    with path.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened, delimiter=delimiter).writerows([header, row, other])
    ready = plan([path], desk, answers={"table": told["table"], **told.get("answers", {})})
    (only,) = ready.files
    found = {
        name: only.mapping.header[each[0].source]
        for name, each in only.mapping.columns.items()
        if each[0].source is not None
    }
    assert told["columns"].items() <= found.items()
    assert list(only.mapping.missing) == told.get("asks", [])
    assert {each.column for each in ready.doubts if each.kind == "unmapped_column"} == set(only.mapping.missing)
    assert set(told["columns"]) <= set(only.mapping.confidence or {})


def test_lines_of_invoices_with_a_price_and_a_currency_are_no_exchange_rates(tmp_path: Path, desk: Workspace) -> None:
    told = OTHERS["freshbooks_invoices"]
    path = tmp_path / "invoice_details.csv"
    path.write_text(f"{told['header']}\n{told['row']}\n", encoding="utf-8")
    (asked,) = plan([path], desk).doubts
    assert asked.kind == "unknown_file"
    assert "charges" in asked.options
    assert "fx_rates" not in asked.options


def test_an_open_deal_is_expected_to_close_on_the_day_that_is_estimated(tmp_path: Path, desk: Workspace) -> None:
    told = OTHERS["dynamics_365_opportunities"]
    path = tmp_path / "opportunities.csv"
    won, still_open = told["row"], told["row"].replace("2024-04-02", "").replace("Won", "Open").replace("11a1", "11a2")
    path.write_text(f"{told['header']}\n{won}\n{still_open}\n", encoding="utf-8")
    (only,) = plan([path], desk, answers={"table": "deals"}).files
    assert only.staged is not None
    days = pq.read_table(only.staged.typed_path).column("closed_on").to_pylist()
    assert [str(each) for each in days] == ["2024-04-02", "2024-04-01"]
