"""Exports of vendors that nobody named: a mapping worth accepting, or a question; never a silent guess."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.errors import Refused
from decade.ingest import carry_out, plan
from decade.ingest.raw import RawTable
from decade.ingest.recognise import known_sources, recognise
from decade.warehouse import Workspace

ZUORA = """Account: Account Number,Account: Name,Subscription: Name,Subscription: Status,Rate Plan: Name,\
Rate Plan Charge: MRR,Rate Plan Charge: Effective Start Date,Rate Plan Charge: Effective End Date,Account: Currency
A001,Alder,A-S001,Active,Pro,100.50,2024-01-01,2025-01-01,USD
"""
PIPEDRIVE = """Deal - ID,Deal - Title,Deal - Organization,Deal - Value,Deal - Currency of Value,Deal - Stage,\
Deal - Status,Deal - Owner,Deal - Deal created,Deal - Expected close date
1,Alder deal,Alder,5000.00,EUR,Negotiation,Won,Rae,2024-01-02 10:00:00,2024-02-28
2,Birch deal,Birch,1500.00,EUR,Qualified,Open,Rae,2024-03-02 10:00:00,2024-05-28
"""
GERMAN = """Vertragsliste Stand 31.12.2024
;;;;;;
Kundennr.;Firma;Vertragsbeginn;Vertragsende;Jahresbetrag (EUR);Turnus
1001;Ahorn GmbH;01.03.2022;28.02.2025;12.000,00;jährlich
1002;Birke AG;15.04.2023;;4.800,50;jährlich
"""
FRENCH = """N° client;Raison sociale;Date de début;Date de fin;Montant mensuel HT (€)
C1;Érable SA;01/03/2023;;1 250,00
C2;Bouleau SARL;13/04/2023;31/12/2024;99,90
"""


def first(text: str, table: str, tmp_path: Path, desk: Workspace, encoding: str = "utf-8") -> dict[str, object]:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    asked = plan([path], desk)
    assert [(each.kind, each.options[0]) for each in asked.doubts] == [("unknown_file", table)]
    ready = plan([path], desk, answers={"table": table})
    assert [each.question for each in ready.doubts] == []
    (only,) = ready.files
    assert only.staged is not None
    assert only.mapping.confidence
    return dict(pq.read_table(only.staged.typed_path).to_pylist()[0])


def test_objects_before_the_names(tmp_path: Path, desk: Workspace) -> None:
    row = first(ZUORA, "charges", tmp_path, desk)
    assert (row["account_id"], row["plan"], row["interval_unit"]) == ("A001", "Pro", "month")
    assert (str(row["amount"]), row["currency"], str(row["ends_on"])) == ("100.5000", "USD", "2025-01-01")


def test_deals_of_another_crm(tmp_path: Path, desk: Workspace) -> None:
    row = first(PIPEDRIVE, "deals", tmp_path, desk)
    assert (row["deal_id"], row["account_id"], row["name"]) == ("1", "Alder", "Alder deal")
    assert (row["is_won"], row["is_closed"], str(row["amount"])) == (True, True, "5000.0000")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_finance_departments_own_sheet(encoding: str, tmp_path: Path, desk: Workspace) -> None:
    row = first(GERMAN, "charges", tmp_path, desk, encoding)
    assert (row["account_id"], str(row["amount"]), row["currency"]) == ("1001", "12000.0000", "EUR")
    assert (row["interval_unit"], str(row["starts_on"])) == ("year", "2022-03-01")


def test_a_monthly_amount_in_french(tmp_path: Path, desk: Workspace) -> None:
    row = first(FRENCH, "charges", tmp_path, desk)
    assert (row["account_id"], str(row["amount"]), row["currency"]) == ("C1", "1250.0000", "EUR")
    assert (row["interval_unit"], str(row["starts_on"])) == ("month", "2023-03-01")


def test_an_id_that_repeats_is_no_key_and_a_price_is_no_plan(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    lines = ["Invoice number,Client number,Service from,Service to,Price,Line amount,Currency"]
    lines += [f"INV-1,c1,2024-0{month}-15,2024-0{month + 1}-14,49.00,{month}49.00,EUR" for month in (1, 2, 3)]
    path.write_text("\n".join(lines))
    (only,) = plan([path], desk, answers={"table": "charges", "column": "Line amount", "ends": "last_day"}).files
    assert only.staged is not None
    rows = pq.read_table(only.staged.typed_path).to_pylist()
    assert [row["charge_id"] for row in rows] == [None] * 3
    assert {row["plan"] for row in rows} == {None}
    assert sum(row["amount"] for row in rows) == 747
    assert len({row["content_hash"] for row in rows}) == 3


def test_the_end_of_a_term_ends_its_charge_where_no_other_end_is_told(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Kundennummer;Laufzeitbeginn;Laufzeitende;Monatlicher Betrag\nA;15.01.2024;14.01.2025;49,00\n"
        "A;15.01.2025;14.01.2026;59,00\n"
    )
    (only,) = plan([path], desk, answers={"table": "charges", "ends": "last_day"}).files
    assert only.staged is not None
    assert all(row["ends_on"] is not None for row in pq.read_table(only.staged.typed_path).to_pylist())


def test_an_answer_is_found_by_the_columns_own_name(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Rechnungsdatum;Kundennummer;Leistungszeitraum von;Leistungszeitraum bis;Summe netto;Währung\n"
        "16.01.2024;1001;15.01.2024;14.01.2025;1.200,00;EUR\n"
    )
    (asked,) = plan([path], desk, answers={"table": "charges"}).doubts
    assert (asked.kind, asked.column) == ("column", "starts_on")
    given = {"table": "charges", "column:starts_on": "Leistungszeitraum von"}
    (only,) = plan([path], desk, answers=given).files
    assert only.staged is not None
    assert str(pq.read_table(only.staged.typed_path).column("starts_on")[0].as_py()) == "2024-01-15"


def test_two_columns_that_could_be_the_amount_are_asked(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Customer OID,Plan,Started On,MRR,ARR,Status\nc1,Pro,2024-01-05,49.00,588.00,Active\n")
    asked = plan([path], desk, answers={"table": "charges"})
    assert [(each.kind, set(each.options)) for each in asked.doubts] == [("column", {"MRR", "ARR"})]
    (only,) = plan([path], desk, answers={"table": "charges", "column:amount": "ARR"}).files
    assert only.staged is not None
    (row,) = pq.read_table(only.staged.typed_path).to_pylist()
    assert (str(row["amount"]), row["interval_unit"]) == ("588.0000", "year")


def test_an_amount_without_end_or_interval_is_asked_for_its_length(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Customer ID,Product,Start Date,Amount,Currency\nc1,Pro,2024-01-31,49.00,EUR\n")
    asked = plan([path], desk, answers={"table": "charges"})
    assert [each.kind for each in asked.doubts] == ["coverage"]
    for given, ends, unit in (
        ("month", "2024-02-29", "month"),
        ("year", "2025-01-31", "year"),
        ("yearly", "None", "year"),
    ):
        (only,) = plan([path], desk, answers={"table": "charges", "coverage": given}).files
        assert only.staged is not None
        (row,) = pq.read_table(only.staged.typed_path).to_pylist()
        assert (str(row["ends_on"]), row["interval_unit"]) == (ends, unit)


def test_whether_an_end_is_the_last_day_is_asked_when_the_values_say_so(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    body = "c1,01.01.2024,31.12.2024,49.50,EUR\nc2,15.02.2024,14.02.2025,9.50,EUR\nc3,01.02.2024,,9.50,EUR\n"
    path.write_text(f"Customer ID,Start Date,End Date,Monthly amount,Currency\n{body}")
    (doubt,) = plan([path], desk).doubts
    assert (doubt.kind, doubt.options) == ("ends", ("last_day", "day_after"))
    for given, ends in (
        ("last_day", ["2025-01-01", "2025-02-15", "None"]),
        ("day_after", ["2024-12-31", "2025-02-14", "None"]),
    ):
        (only,) = plan([path], desk, answers={"ends": given}).files
        assert only.staged is not None
        assert [str(each) for each in pq.read_table(only.staged.typed_path).column("ends_on").to_pylist()] == ends


def test_months_whose_meaning_is_not_said_are_asked(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        "Customer,Segment,31/01/2024,29/02/2024,31/03/2024\nAlder,SMB,1200.00,1200.00,\nBirch,Ent,0,9.50,1\n"
    )
    asked = plan([path], desk)
    assert [each.kind for each in asked.doubts] == ["wide_meaning"]
    (only,) = plan([path], desk, answers={"wide_meaning": "arr"}).files
    assert only.staged is not None
    rows = pq.read_table(only.staged.typed_path).to_pylist()
    assert [(row["account_id"], str(row["starts_on"]), str(row["amount"]), row["interval_unit"]) for row in rows] == [
        ("Alder", "2024-01-01", "1200.0000", "year"),
        ("Alder", "2024-02-01", "1200.0000", "year"),
        ("Birch", "2024-02-01", "9.5000", "year"),
        ("Birch", "2024-03-01", "1.0000", "year"),
    ]


def test_a_report_over_months_without_days_is_asked_for_its_month(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "ads.csv"
    body = "Campaign,Cost,Impr.,Clicks,Currency code\nBrand,10.50,100,5,EUR\nOther,4.00,10,1,EUR\n"
    path.write_text(f'Campaign report\n"October 1, 2026 - November 30, 2026"\n{body}')
    (doubt,) = plan([path], desk).doubts
    assert (doubt.kind, doubt.options) == ("month", ("2026-10", "2026-11"))
    (only,) = plan([path], desk, answers={"month": "2026-11"}).files
    assert only.staged is not None
    assert {str(each) for each in pq.read_table(only.staged.typed_path).column("month").to_pylist()} == {"2026-11-01"}


SPOKEN = {
    "de": "Opportunity-ID,Opportunity-Name,Accountname,Phase,Betrag,Schlusstermin,Erstelldatum,Opportunity-Inhaber",
    "fr": "ID de l'opportunité,Nom de l'opportunité,Nom du compte,Étape,Montant,Date de clôture,Date de création,"
    "Propriétaire de l'opportunité",
    "es": "ID de oportunidad,Nombre de la oportunidad,Nombre de la cuenta,Etapa,Importe,Fecha de cierre,"
    "Fecha de creación,Propietario de la oportunidad",
    "pl": "ID szansy,Nazwa szansy,Nazwa konta,Etap,Kwota,Data zamknięcia,Data utworzenia,Właściciel szansy",
    "ru": "ID возможности,Название возможности,Имя аккаунта,Стадия,Сумма,Дата закрытия,Дата создания,Ответственный",
}


@pytest.mark.parametrize("language", SPOKEN)
def test_headers_in_other_languages(language: str, tmp_path: Path) -> None:
    raw = RawTable("a.csv", "", "0", tmp_path / "none", tuple(SPOKEN[language].split(",")), 1)
    found = recognise(raw, {})
    assert found is not None
    assert found.mapping.source_name == "salesforce.opportunities"
    wanted = {
        "deal_id",
        "name",
        "account_id",
        "stage",
        "amount",
        "closed_on",
        "created_on",
        "owner",
        "is_won",
        "is_closed",
    }
    assert wanted <= set(found.mapping.columns)


def test_the_header_zoo(shared_data: Path, tmp_path: Path) -> None:
    import csv

    with (shared_data / "header_zoo" / "headers.tsv").open(encoding="utf-8", newline="") as opened:
        zoo = list(csv.DictReader(opened, delimiter="\t"))
    told = {}
    for row in zoo:
        header = next(csv.reader([row["header"]], delimiter=row["delimiter"]))
        raw = RawTable("a.csv", "", "0", tmp_path / "none", tuple(header), 1)
        found = recognise(raw, {})
        told.setdefault(row["vendor"], []).append(found.mapping.source_name if found else None)
    assert told["HubSpot"] == ["hubspot.deals", "hubspot.deals", "hubspot.companies"]
    assert told["Salesforce"][0] == "salesforce.opportunities"
    assert told["ProfitWell-like"] == ["metrics.totals"]
    assert set(told["Stripe"]) <= {"stripe.payments", "payments", None}


def test_nothing_of_a_retailer_becomes_recurring(shared_data: Path, desk: Workspace) -> None:
    for name in ("telco_churn/data/Telco-Customer-Churn.csv", "online_retail/online_retail.parquet"):
        with pytest.raises(Refused, match="as charges it lacks"):
            plan([shared_data / name], desk)


def test_every_source_has_a_name_and_what_tells_it() -> None:
    for name, spec in known_sources().items():
        told = spec.get("tells") or any(name in each.get("also", ()) for each in known_sources().values())
        assert told, name
        assert spec["title"]
        assert spec.get("table") or spec.get("reason")


HAND_KEPT = """Client,Plan,Signed,Seats,$/mo,Churn date,Notes
Alder Ltd,Team,2024-01-15,3,$49.00,,annual talk in June
Birch Inc,Scale,2024-02-20,30,"$1,250.00",2024-05-10,price
Cedar,Team,2024-03-01,2,$99.00,n/a,
TOTAL,,,35,"$1,398.00",,
"""
GERMAN_LINES = """\
Rechnungsnummer;Rechnungsdatum;Kundennummer;Leistungszeitraum von;Leistungszeitraum bis;Summe netto;Währung;Status
RE-1;16.01.2024;1001;15.01.2024;14.01.2025;1.200,00;EUR;Bezahlt
RE-1;16.01.2024;1001;15.01.2024;14.01.2025;240,00;EUR;Bezahlt
RE-2;01.03.2024;1002;01.03.2024;28.02.2025;600,00;EUR;Offen
Summe;;;;;2.040,00;EUR;
"""
RUSSIAN_LINES = """\
Контрагент;Договор;Номенклатура;Начало периода;Конец периода;Цена;Сумма без НДС;Сумма НДС;Всего;Валюта
Ольха;Д-1;Team;15.01.2024;14.01.2025;400,00;1\xa0200,00;240,00;1\xa0440,00;RUB
Берёза;Д-2;Team;01.03.2024;31.08.2024;600,00;600,00;120,00;720,00;RUB
Итого;;;;;;1\xa0800,00;360,00;2\xa0160,00;
"""


@pytest.mark.parametrize(
    ("text", "encoding", "answers", "money", "mrr"),
    [
        (HAND_KEPT, "utf-8", {}, 1398, 49 + 99),
        (GERMAN_LINES, "cp1252", {"column:starts_on": "Leistungszeitraum von"}, 2040, (1200 + 240 + 600) / 12),
        (RUSSIAN_LINES, "cp1251", {"column:amount": "Сумма без НДС"}, 1800, 1200 / 12 + 600 / 6),
    ],
    ids=["a sheet kept by hand", "German invoice lines", "Russian invoice lines"],
)
def test_mrr_is_what_a_person_counts(
    text: str, encoding: str, answers: dict[str, str], money: int, mrr: float, tmp_path: Path, workspace: Workspace
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    ready = plan([path], workspace, answers={"table": "charges", "ends": "last_day", **answers})
    assert [each.question for each in ready.doubts] == []
    (account,) = carry_out(ready, workspace, as_of=date(2024, 6, 30)).accounts
    assert account.staged.rows_read == account.rows_taken + account.staged.rows_left_out
    assert account.staged.rows_left_out == 1
    assert sum(line.taken for line in account.money) == money
    assert workspace.ask("mrr_bridge")["closing"].iloc[-1] == pytest.approx(mrr)


@pytest.mark.parametrize("sign", ["#", "%", "€", "", " ", "-"])
def test_a_header_without_a_letter_is_no_name(sign: str, tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Customer ID,Start Date,Monthly amount,Currency,{sign}\nc1,2024-01-31,49.00,EUR,7\n")
    (only,) = plan([path], desk, answers={"table": "charges"}).files
    assert only.staged is not None
    (row,) = pq.read_table(only.staged.typed_path).to_pylist()
    assert (row["account_id"], str(row["amount"]), row["currency"]) == ("c1", "49.0000", "EUR")
    path.write_text(f"customer,month,{sign}\nc1,2024-01,49.00\nc2,2024-02,50.00\n")
    (doubt,) = plan([path], desk).doubts
    assert (doubt.kind, doubt.options) == ("unknown_file", ("usage", "leave_out"))
    path.write_text(f"name,colour,{sign}\nc1,red,49\nc2,blue,50\n")
    with pytest.raises(Refused, match="nothing here can be recognised"):
        plan([path], desk)
