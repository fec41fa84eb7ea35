"""Files whose shape nobody had seen, each with what it once was misread by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from decade.ingest import carry_out, plan
from decade.ingest.amounts import currency_of, for_how_long, read_amount
from decade.ingest.dates import read_date
from decade.ingest.values import reader
from decade.warehouse import Workspace

Rows = list[dict[str, object]]


def read(path: Path, desk: Workspace, **given: str) -> Rows:
    """The typed rows of the one table in a file, everything that is asked answered as given."""
    ready = plan([path], desk, answers={each.replace("__", ":"): value for each, value in given.items()})
    assert [(each.kind, each.question) for each in ready.doubts] == []
    staged = [each.staged for each in ready.files]
    assert [each.refusals for each in staged if each] == [()] * len(staged)
    return [row for each in staged if each and each.typed_path for row in pq.read_table(each.typed_path).to_pylist()]


def asked(path: Path, desk: Workspace, **given: str) -> list[str]:
    """The kinds of what is asked about a file."""
    return [each.kind for each in plan([path], desk, answers=given).doubts]


def saved(tmp_path: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_an_id_is_no_amount_and_a_unit_price_counts_each_unit(tmp_path: Path, desk: Workspace) -> None:
    head = "subscription_id,customer_id,status,plan_interval,plan_interval_count,quantity,unit_amount_cents,currency,"
    path = saved(tmp_path, f"{head}start_date\nsub_1,c1,active,month,3,5,2000,usd,2024-01-05\n")
    (row,) = read(path, desk, table="charges")
    assert (str(row["amount"]), row["interval_count"], row["subscription_id"]) == ("100.0000", 3, "sub_1")


def test_a_price_beside_a_number_of_units_is_asked(tmp_path: Path, desk: Workspace) -> None:
    text = (
        "Account ID,Product,Quantity,Price,Currency,Interval Unit,Begin Date\na1,Suite,3,49.00,USD,month,2024-02-10\n"
    )
    path = saved(tmp_path, text)
    assert asked(path, desk, table="charges") == ["units"]
    amounts = [read(path, desk, table="charges", units=each)[0]["amount"] for each in ("one_unit", "all_units")]
    assert [str(each) for each in amounts] == ["147.0000", "49.0000"]


def test_an_interval_beside_its_unit_is_how_many(tmp_path: Path, desk: Workspace) -> None:
    head = "id,state,customer_id,product_handle,product_price_in_cents,product_interval,product_interval_unit,"
    path = saved(tmp_path, f"{head}activated_at,currency\n3,active,93,pro,108000,12,month,2024-03-05,USD\n")
    (row,) = read(path, desk, table="charges")
    assert (str(row["amount"]), row["interval_unit"], row["interval_count"]) == ("1080.0000", "month", 12)


def test_the_end_of_the_present_period_does_not_end_the_service(tmp_path: Path, desk: Workspace) -> None:
    head = "Subscription ID,Status,Price,Customer ID,First Billing Date,Billing Period Start Date,"
    text = f"{head}Billing Period End Date,Currency ISO Code\nb1,Active,49.00,c1,2024-01-05,2024-06-05,2024-07-04,GBP\n"
    path = saved(tmp_path, text)
    assert asked(path, desk, table="charges") == ["coverage"]
    (row,) = read(path, desk, table="charges", coverage="monthly")
    assert (row["ends_on"], row["term_ends_on"]) == (None, date(2024, 7, 4))


def test_a_status_is_no_subscription_and_its_words_are_known(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer,Recurring Plan,Start Date,Monthly Recurring,Currency,Subscription Status"
    body = "A,Yearly,2024-01-15,250.00,EUR,In Progress\nB,Monthly,2024-02-01,70.00,EUR,Churned\n"
    path = saved(tmp_path, f"{head}\n{body}C,Monthly,2024-03-01,55.00,EUR,Quotation\n")
    rows = read(path, desk, table="charges")
    assert [row["status"] for row in rows] == ["active", "cancelled", "draft"]
    assert {row["interval_unit"] for row in rows} == {"month"}


def test_currencies_stand_in_the_amounts(tmp_path: Path, desk: Workspace) -> None:
    body = "A;€ 100,00;01.01.2024\nB;$ 120,00;15.01.2024\nC;1.050,50 €;01.02.2024\nD;CHF 80,00;13.02.2024\n"
    path = saved(tmp_path, f"Customer;Monthly fee;Start\n{body}")
    assert asked(path, desk, table="charges") == ["missing_currency"]  # of which country the dollars are
    rows = read(path, desk, table="charges", missing_currency="USD")
    told = [("EUR", "100.0000"), ("USD", "120.0000"), ("EUR", "1050.5000"), ("CHF", "80.0000")]
    assert [(row["currency"], str(row["amount"])) for row in rows] == told


def test_an_amount_says_for_how_long_it_is(tmp_path: Path, desk: Workspace) -> None:
    body = 'A,"€1,200.00 per year",Jan 2024,\nB,€99/mo,Feb 2024,\nC,"€4,500.00 p.a.",Mar 2024,Aug 2024\n'
    path = saved(tmp_path, f"Customer,Fee,Since,Until\n{body}D,€300 / 3 months,Jan 2024,\n")
    assert asked(path, desk, table="charges") == ["ends"]
    rows = read(path, desk, table="charges", ends="last_day")
    lengths = [(row["interval_unit"], row["interval_count"]) for row in rows]
    assert lengths == [("year", 1), ("month", 1), ("year", 1), ("month", 3)]
    assert [row["ends_on"] for row in rows] == [None, None, date(2024, 9, 1), None]


def test_a_quarter_that_ends_a_contract_is_asked(tmp_path: Path, desk: Workspace) -> None:
    text = "Client,Monthly amount (EUR),Start quarter,End quarter\nA,100.00,Q1 2024,\nB,200.00,Q2 2024,Q3 2024\n"
    path = saved(tmp_path, text)
    assert asked(path, desk, table="charges") == ["ends"]
    for given, ends in (("last_day", date(2024, 10, 1)), ("day_after", date(2024, 7, 1))):
        assert read(path, desk, table="charges", ends=given)[1]["ends_on"] == ends


def test_contracts_without_an_end_and_seats_at_a_price(tmp_path: Path, desk: Workspace) -> None:
    body = "A,10,20.00,Monthly,3-Jan-24,evergreen,USD\nB,7,30.00,Quarterly,1-Mar-24,until cancelled,USD\n"
    path = saved(tmp_path, f"Client,Seats,Price per seat,Billing frequency,Contract start,Contract end,CCY\n{body}")
    rows = read(path, desk, table="charges")
    assert [(str(row["amount"]), row["ends_on"]) for row in rows] == [("200.0000", None), ("210.0000", None)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Kundennummer;Intervall;Nettobetrag;Währung;Startdatum;Enddatum\n"
            "1;halbjährlich;600,00;€;01.01.2024;laufend\n",
            "cp1252",
        ),
        (
            "Контрагент;Периодичность;Сумма;Валюта;Дата начала;Дата окончания\n"
            "А;ежеквартально;600,00;руб.;13.01.2024;бессрочно\n",
            "cp1251",
        ),
        ("Klient;Częstotliwość;Kwota netto;Waluta;Od;Do\nŻuk;kwartalnie;600,00;zł;13.01.2024;bezterminowo\n", "cp1250"),
    ],
)
def test_intervals_and_open_ends_in_other_languages(text: str, encoding: str, tmp_path: Path, desk: Workspace) -> None:
    (row,) = read(saved(tmp_path, text, encoding=encoding), desk, table="charges")
    assert row["interval_unit"] in ("quarter", "half_year")
    assert (str(row["amount"]), row["ends_on"]) == ("600.0000", None)
    assert row["currency"] in ("EUR", "RUB", "PLN")


def test_what_is_charged_once_is_not_recurring(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer ID,Item Name,Type,Amount,Start Date,End Date,Currency Code"
    body = "1,Platform,Recurring,1200.50,2024-01-01,2025-01-01,USD\n1,Setup,One-time,500.50,2024-01-01,2025-01-01,USD\n"
    rows = read(saved(tmp_path, f"{head}\n{body}"), desk, table="charges")
    assert [row["is_recurring"] for row in rows] == [True, False]


def test_a_deal_is_closed_when_it_was_and_else_when_it_is_expected(tmp_path: Path, desk: Workspace) -> None:
    head = "ID,Title,Value,Currency,Organization,Stage,Status,Deal created,Expected close date,Won time,Lost time"
    body = "1,A,10.50,USD,A,Demo,Open,2024-02-01,2024-09-30,,\n"
    body += "2,B,20.50,USD,B,Demo,Won,2024-01-01,2024-03-30,2024-03-28,\n"
    path = saved(tmp_path, f"{head}\n{body}3,C,5.50,USD,C,Demo,Lost,2024-01-05,2024-03-30,,2024-04-02\n")
    days = [row["closed_on"] for row in read(path, desk, table="deals")]
    assert days == [date(2024, 9, 30), date(2024, 3, 28), date(2024, 4, 2)]


def test_a_stage_with_a_mark_beside_it_is_won(tmp_path: Path, desk: Workspace) -> None:
    head = "Copper ID,Name,Company,Stage,Value,Close Date,Win Probability"
    body = "1,A,A,Won 🎉,€10.50,2024-04-30,100\n2,B,B,6. Closed Lost,€5.50,2024-05-30,0\n"
    rows = read(saved(tmp_path, f"{head}\n{body}"), desk, table="deals")
    assert [(row["deal_id"], row["is_closed"], row["is_won"]) for row in rows] == [
        ("1", True, True),
        ("2", True, False),
    ]
    assert {row["currency"] for row in rows} == {"EUR"}


def test_a_sheet_for_each_year_and_months_below_a_merged_year(tmp_path: Path, desk: Workspace) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year, paid in ((2023, 100), (2024, 110)):
        sheet = book.create_sheet(str(year))
        sheet.append(["Customer", "Jan", "Feb", "Mar", "Total"])
        sheet.append(["Alder", paid, paid, 50, 2 * paid + 50])
        sheet.append(["Total", paid, paid, 50, 2 * paid + 50])
    sheet = book.create_sheet("by region")
    for row in (
        ["MRR by customer"],
        ["Region", "Customer", 2025, None, None],
        [None, None, "Jan", "Feb", "Mar"],
        ["EMEA", "Alder", 120, 120, 60],
        [None, "Birch", 30, 30, 30],
        ["Subtotal EMEA", None, 150, 150, 90],
        ["AMER", "Cedar", 10, 20, 30],
        ["AMER Total", None, 10, 20, 30],
        ["Grand total", None, 160, 170, 120],
    ):
        sheet.append(row)
    sheet.merge_cells("C2:E2")
    book.save(tmp_path / "MRR.xlsx")
    rows = read(tmp_path / "MRR.xlsx", desk)
    assert {str(row["account_id"]) for row in rows} == {"Alder", "Birch", "Cedar"}
    by_year = {
        year: sum(float(str(row["amount"])) for row in rows if str(row["starts_on"])[:4] == str(year))
        for year in (2023, 2024, 2025)
    }
    assert by_year == {2023: 250, 2024: 270, 2025: 450}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Q3 2024", "2024-07-01"),
        ("2024-Q1", "2024-01-01"),
        ("2024W05", "2024-01-29"),
        ("45292", "2024-01-01"),
        ("KW 5 2024", "2024-01-29"),
        ("1704067200000", "2024-01-01"),
        ("3-Jan-24", "2024-01-03"),
    ],
)
def test_days_in_other_forms(text: str, day: str) -> None:
    assert str(read_date(text)) == day


@pytest.mark.parametrize(
    "text", ["sub_1", "INV 1001", "cus12", "Q1 2024", "1E+400000000", "5" + " per " * 20_000 + "x"]
)
def test_an_id_is_not_read_as_money(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        read_amount(text)


@pytest.mark.parametrize(
    ("text", "amount", "length"),
    [
        ("€1,200 per year", 1200, ("year", 1)),
        ("$99/mo", 99, ("month", 1)),
        ("1,500 EUR pro Quartal", 1500, ("quarter", 1)),
        ("£4,500 p.a.", 4500, ("year", 1)),
        ("99 monthly", 99, ("month", 1)),
        ("US$ 5", 5, None),
        ("100 kr", 100, None),
    ],
)
def test_how_long_an_amount_is_for(text: str, amount: int, length: tuple[str, int] | None) -> None:
    assert (read_amount(text), for_how_long(text)[1]) == (amount, length)


@pytest.mark.parametrize(
    ("text", "code"), [("US$ 5", "USD"), ("A$5", "AUD"), ("5 zł", "PLN"), ("$5", None), ("5", None)]
)
def test_currency_beside_an_amount(text: str, code: str | None) -> None:
    assert currency_of(text) == code


@pytest.mark.parametrize(("text", "code"), [("US Dollar", "USD"), ("руб.", "RUB"), ("zł", "PLN"), ("eur", "EUR")])
def test_currencies_by_name(text: str, code: str) -> None:
    assert reader("currency", {})(text) == code


def test_quarters_as_columns_hold_a_level_for_their_months(tmp_path: Path, desk: Workspace) -> None:
    path = saved(
        tmp_path, "Account;Segment;ARR Q1 2024;ARR Q2 2024;ARR Q3 2024\nA;SMB;1200,50;1200,50;\nB;ENT;;6000,00;0\n"
    )
    rows = read(path, desk)
    assert [(str(row["starts_on"])[:7], float(row["amount"])) for row in rows if row["account_id"] == "B"] == [
        ("2024-04", 6000), ("2024-05", 6000), ("2024-06", 6000), ("2024-07", 0)
    ]  # fmt: skip
    assert (len(rows), {row["interval_unit"] for row in rows}) == (10, {"year"})


CHARGES = "id,account_id,plan,starts_on,amount,interval_unit,currency,status"


def load(path: Path, workspace: Workspace) -> tuple[int, int]:
    """Import a file of charges: how many rows are new, and how many changed."""
    (account,) = carry_out(plan([path], workspace, answers={"table": "charges"}), workspace).accounts
    return account.rows_added, account.rows_changed


def test_the_same_table_with_other_columns_is_not_counted_twice(tmp_path: Path, workspace: Workspace) -> None:
    body = "k1,A,Pro,2024-01-01,100.50,month,USD,active\nk2,B,Pro,2024-02-01,50.50,month,USD,active\n"
    assert load(saved(tmp_path, f"{CHARGES}\n{body}"), workspace) == (2, 0)
    head = "currency,amount,id,account_id,starts_on,interval_unit,owner"
    other = "USD,100.50,k1,A,2024-01-01,month,Rae\nUSD,60.50,k2,B,2024-02-01,month,Rae\n"
    other += "USD,9.50,k3,C,2024-02-01,month,Rae\n"
    assert load(saved(tmp_path, f"{head}\n{other}", "other.csv"), workspace) == (1, 2)
    assert workspace.cursor().execute("select sum(amount) from charges").fetchone() == (Decimal("170.5"),)


def test_another_table_with_the_same_ids_replaces_nothing(tmp_path: Path, workspace: Workspace) -> None:
    body = "k1,A,Pro,2024-01-01,100.50,month,USD,active\nk2,B,Pro,2024-02-01,50.50,month,USD,active\n"
    assert load(saved(tmp_path, f"{CHARGES}\n{body}"), workspace) == (2, 0)
    for name, fee in (("first", "11.50"), ("second", "12.50")):
        text = f"id,customer_no,{name}_plan,monthly_fee,begin_date,ccy\n"
        text += f"k1,{name} X,Pro,{fee},2024-01-01,USD\nk2,{name} Y,Pro,{fee},2024-01-01,USD\n"
        assert load(saved(tmp_path, text, f"{name}.csv"), workspace) == (2, 0)
        assert load(saved(tmp_path, text, f"{name} again.csv"), workspace) == (0, 0)
    assert workspace.cursor().execute("select sum(amount) from charges").fetchone() == (Decimal(199),)


def test_sheets_of_two_products_are_two_things(tmp_path: Path, workspace: Workspace) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, paid in (("Product A", 100), ("Product B", 40)):
        sheet = book.create_sheet(name)
        sheet.append(["Customer", "2024-01", "2024-02", "2024-03"])
        sheet.append(["Alder", paid, paid, 50])
    book.save(tmp_path / "MRR.xlsx")
    carry_out(plan([tmp_path / "MRR.xlsx"], workspace), workspace)
    assert workspace.cursor().execute("select sum(amount), count(*) from charges").fetchone() == (Decimal(380), 6)


def test_an_open_end_without_an_interval_is_asked(tmp_path: Path, desk: Workspace) -> None:
    path = saved(tmp_path, "Customer,Amount,Start date,End date\nA,300.50,2024-01-15,\nC,50.50,2024-03-15,2024-05-15\n")
    assert asked(path, desk, table="charges") == ["coverage"]
    rows = read(path, desk, table="charges", coverage="monthly")
    assert [(row["interval_unit"], row["ends_on"]) for row in rows] == [("month", None), ("month", date(2024, 5, 15))]
    rows = read(path, desk, table="charges", coverage="year")
    assert [row["ends_on"] for row in rows] == [date(2025, 1, 15), date(2024, 5, 15)]


def test_months_of_a_billing_period_and_a_discount_in_per_cent(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer,Price,Billing period (months),Discount %,Contract length,Start date"
    path = saved(tmp_path, f"{head}\nA,300.50,3,10,12 months,2024-01-15\nB,50.00,1,0,24 months,2024-02-15\n")
    told = [
        (row["interval_unit"], row["interval_count"], str(row["amount"]), str(row["discount"]))
        for row in read(path, desk, table="charges")
    ]
    assert told == [("month", 3, "300.5000", "30.0500"), ("month", 1, "50.0000", "0.0000")]


def test_what_remains_after_a_share_is_not_lowered_again(tmp_path: Path, desk: Workspace) -> None:
    head = "Customer,Plan,List price,Discount,Net price,Interval,Start"
    (row,) = read(saved(tmp_path, f"{head}\nA,Pro,100.00,20%,80.00,month,2024-01-05\n"), desk, table="charges")
    assert (str(row["amount"]), row["discount"]) == ("80.0000", None)


def test_mrr_beside_a_month_is_that_months_alone(tmp_path: Path, desk: Workspace) -> None:
    text = "month,customer_id,plan,mrr_usd,status\n2024-01-01,c1,Pro,120.50,active\n2024-02-01,c1,Pro,120.50,active\n"
    given = {"column:amount": "mrr_usd", "unmapped_column:starts_on": "month", "table": "charges"}
    rows = read(saved(tmp_path, text), desk, **{each.replace(":", "__"): value for each, value in given.items()})
    assert [(row["ends_on"], row["currency"]) for row in rows] == [(date(2024, 2, 1), "USD"), (date(2024, 3, 1), "USD")]
