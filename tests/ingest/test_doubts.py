"""What only a person can say is asked, under a stable key, and asked once."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.errors import Doubts, Refused
from decade.ingest import Mapping, candidates, carry_out, guess, plan
from decade.ingest.mapping import bind
from decade.warehouse import Workspace

TWO_WAYS = "customer_id,start_date,end_date,monthly_amount\n1,03/04/2020,05/06/2020,10\n2,01/02/2020,05/06/2020,20\n"
GERMAN = (
    "Kunde;Von;Bis;Betrag;Turnus;Währung\n"
    "Müller;01.02.2020;14.03.2020;1.234,50;monatlich;EUR\n"
    "Weiß;15.02.2020;15.03.2020;99,5;monatlich;EUR\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def starts(ready: object) -> list[str]:
    (only,) = ready.files  # type: ignore[attr-defined]
    return [str(day) for day in pq.read_table(only.staged.typed_path).column("starts_on").to_pylist()]


def test_dates_that_can_be_read_two_ways_are_asked_for_each_column(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "a.csv", TWO_WAYS)
    ready = plan([path], workspace)
    assert [(each.kind, each.column) for each in ready.doubts] == [
        ("date_order", "start_date"),
        ("date_order", "end_date"),
    ]
    assert ready.doubts[0].options == ("dmy", "mdy")
    with pytest.raises(Doubts):
        carry_out(ready, workspace)
    assert workspace.is_empty
    keys = {each.answer_key: "dmy" for each in ready.doubts}
    assert starts(plan([path], workspace, answers=keys)) == ["2020-04-03", "2020-02-01"]
    assert starts(plan([path], workspace, answers={"date_order": "mdy"})) == ["2020-03-04", "2020-01-02"]


def test_an_answer_is_kept_and_the_next_export_of_that_shape_asks_nothing(tmp_path: Path, workspace: Workspace) -> None:
    carry_out(plan([write(tmp_path, "a.csv", TWO_WAYS)], workspace, answers={"date_order": "dmy"}), workspace)
    later = write(tmp_path, "b.csv", TWO_WAYS.replace("10", "11"))
    assert starts(plan([later], workspace)) == ["2020-04-03", "2020-02-01"]


def test_columns_of_one_file_damaged_in_opposite_orders_are_told_apart(tmp_path: Path, workspace: Workspace) -> None:
    text = "customer_id,start_date,end_date,monthly_amount\n1,13/04/2020,05/16/2020,10\n2,01/02/2020,05/06/2020,20\n"
    assert starts(plan([write(tmp_path, "a.csv", text)], workspace)) == ["2020-04-13", "2020-02-01"]


def test_one_column_in_two_orders_is_asked(tmp_path: Path, workspace: Workspace) -> None:
    text = "customer_id,start_date,end_date,monthly_amount\n1,13/04/2020,2021-01-01,10\n2,04/13/2020,2021-01-01,20\n"
    ready = plan([write(tmp_path, "a.csv", text)], workspace)
    assert [each.kind for each in ready.doubts] == ["date_order"]
    assert "two orders" in ready.doubts[0].question


def test_cents_or_units_are_asked_where_the_source_does_not_say(tmp_path: Path, workspace: Workspace) -> None:
    text = "id,customer_id,period_start,period_end,amount,currency\nL1,K1,2024-01-01,2024-02-01,4990,EUR\n"
    path = write(tmp_path, "a.csv", text)
    assert [each.kind for each in plan([path], workspace).doubts] == ["cents"]
    (only,) = plan([path], workspace, answers={"cents": "cents"}).files
    assert only.staged is not None
    assert str(only.staged.money[0].read) == "49.9000"


def test_an_ambiguous_decimal_sign_is_asked(tmp_path: Path, workspace: Workspace) -> None:
    text = 'customer_id,start_date,end_date,monthly_amount\n1,2024-01-01,2024-02-01,"1,234"\n'
    path = write(tmp_path, "a.csv", text)
    assert [each.kind for each in plan([path], workspace).doubts] == ["decimal_sign"]
    (only,) = plan([path], workspace, answers={"decimal_sign": ","}).files
    assert only.staged is not None
    assert str(only.staged.money[0].read) == "1.2340"


def test_money_without_a_currency_among_rows_that_have_one_is_asked(tmp_path: Path, workspace: Workspace) -> None:
    text = "customer_id,start_date,end_date,mrr,currency\n1,2024-01-01,,10,EUR\n2,2024-01-01,,20,\n"
    path = write(tmp_path, "a.csv", text)
    ready = plan([path], workspace)
    assert [(each.kind, each.options) for each in ready.doubts] == [("missing_currency", ("EUR", "refuse"))]
    (taken,) = plan([path], workspace, answers={"missing_currency": "EUR"}).files
    (refused,) = plan([path], workspace, answers={"missing_currency": "refuse"}).files
    assert taken.staged is not None
    assert taken.staged.rows_refused == 0
    assert refused.staged is not None
    assert refused.staged.rows_refused == 1


def test_a_status_nobody_knows_is_asked(tmp_path: Path, workspace: Workspace) -> None:
    text = "customer_id,start,end,mrr,currency,status\n1,2024-01-01,,10,EUR,Active\n2,2024-01-01,,20,EUR,zombie\n"
    path = write(tmp_path, "a.csv", text)
    ready = plan([path], workspace)
    assert [(each.kind, each.examples) for each in ready.doubts] == [("word", ("zombie",))]
    answered = plan([path], workspace, answers={ready.doubts[0].answer_key: "expired"})
    (only,) = answered.files
    assert only.staged is not None
    assert pq.read_table(only.staged.typed_path).column("status").to_pylist() == ["active", "expired"]


def test_an_unknown_file_is_offered_by_its_names_and_values(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "export.csv", GERMAN)
    ready = plan([path], workspace)
    (doubt,) = ready.doubts
    assert doubt.kind == "unknown_file"
    assert doubt.options[0] == "charges"
    (only,) = plan([path], workspace, answers={doubt.answer_key: "charges"}).files
    assert only.staged is not None
    table = pq.read_table(only.staged.typed_path)
    assert [str(each) for each in table.column("starts_on").to_pylist()] == ["2020-02-01", "2020-02-15"]
    assert [str(each) for each in table.column("amount").to_pylist()] == ["1234.5000", "99.5000"]
    assert table.column("interval_unit").to_pylist() == ["month", "month"]
    known = write(tmp_path, "known.csv", TWO_WAYS.replace("/", "-").replace("03-04-2020", "2020-04-03"))
    ready = plan([path, known], workspace, answers={doubt.answer_key: "leave_out", "date_order": "dmy"})
    assert [each.mapping.table for each in ready.files] == ["", "charges"]


def test_candidates_for_a_page(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "export.csv", GERMAN)
    raw = plan([path], workspace, answers={"table": "charges"}).files[0].raw
    by_name = {each.column: each for each in candidates(raw, "charges")}
    assert by_name["account_id"].header == "Kunde"
    assert by_name["account_id"].is_required
    assert by_name["amount"].examples == ("1.234,50", "99,5")
    assert by_name["discount"].position is None


def test_a_mapping_file_answers_everything(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "export.csv", GERMAN)
    written = write(
        tmp_path,
        "map.toml",
        'table = "charges"\n[columns]\naccount_id = "Kunde"\nstarts_on = "Von"\n'
        'ends_on = { from = "Bis", plus_days = 1 }\n'
        'amount = { from = "Betrag", decimal = "," }\ninterval_unit = "Turnus"\ncurrency = { value = "CHF" }\n',
    )
    (only,) = plan([path], workspace, map_file=written).files
    assert only.staged is not None
    table = pq.read_table(only.staged.typed_path)
    assert [str(each) for each in table.column("ends_on").to_pylist()] == ["2020-03-15", "2020-03-16"]
    assert set(table.column("currency").to_pylist()) == {"CHF"}


def test_a_mapping_that_names_what_is_not_there_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "export.csv", GERMAN)
    for wrong in (
        'account_id = "Nobody"',
        'nonsense = "Kunde"',
        'account_id = { from = "Kunde", read = "magic" }',
    ):
        written = write(tmp_path, "map.toml", f'table = "charges"\n[columns]\n{wrong}\n')
        with pytest.raises(Refused):
            plan([path], workspace, map_file=written)


def test_a_mapping_survives_being_written_down(tmp_path: Path, workspace: Workspace) -> None:
    raw = plan([write(tmp_path, "export.csv", GERMAN)], workspace, answers={"table": "charges"}).files[0].raw
    mapping = guess(raw, "charges").with_column("plan", {"value": 'a "plan" \\ with everything'})
    again = Mapping.from_toml(mapping.to_toml(), raw.header)
    assert {name: [each.positions for each in readings] for name, readings in again.columns.items()} == {
        name: [each.positions for each in readings] for name, readings in mapping.columns.items()
    }
    assert again.columns["plan"][0].value == 'a "plan" \\ with everything'
    assert bind(again.as_spec(), raw.header).as_spec() == again.as_spec()


def test_a_mapping_corrected_on_screen_is_taken(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "a.csv", "customer_id,other,start_date,end_date,monthly_amount\n1,x,2024-01-01,,5\n")
    first = plan([path], workspace).files[0]
    corrected = first.mapping.with_column("account_id", "other")
    ready = plan([path], workspace, mappings={first.raw.label: corrected})
    carry_out(ready, workspace)
    again = plan([path], workspace).files[0]
    assert again.staged is not None
    assert pq.read_table(again.staged.typed_path).column("account_id").to_pylist() == ["x"]
