"""The sample company, written under each vendor's shape in each encoding and locale, gives the same canonical rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.conventions import UNSTATED
from decade.ingest import Doubt, canonical_tables, plan
from decade.warehouse import Workspace
from support.company import company
from support.manners import MANNERS, Manner, Moment
from support.shapes_billing import BILLING, Row, Shape
from support.shapes_crm import CRM

SHAPES = {**BILLING, **CRM}


def written(shape: Shape, manner: Manner, folder: Path) -> list[Path]:
    """The files of a shape, written in a manner."""
    folder.mkdir()
    for name, table in shape.files.items():
        manner.write(table, folder / name)
    return sorted(folder.iterdir())


def answers_for(shape: Shape, manner: Manner) -> dict[str, str]:
    """What a person would say of this file."""
    return {**shape.answers, "date_order": "mdy" if manner.day.startswith("%m") else "dmy"}


def canonical(rows: Iterable[Row], table: str) -> list[tuple[str, ...]]:
    """Rows as texts in the order of the canonical columns, sorted: what two tellings of the same facts share."""
    names = canonical_tables()[table].names
    return sorted(tuple(_text(row.get(name)) for name in names) for row in rows)


def _text(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda each: each.name)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_gives_the_facts_it_was_written_from(
    shape: str, manner: Manner, tmp_path: Path, desk: Workspace
) -> None:
    made = SHAPES[shape](company().spoken(manner.language))
    files = written(made, manner, tmp_path / "export")
    ready = plan(files, desk)
    assert {each.kind for each in ready.doubts} - {"date_order"} == set(made.answers)
    assert all(_is_open(each, made, manner) for each in ready.doubts if each.kind == "date_order")
    if ready.doubts:
        ready = plan(files, desk, answers=answers_for(made, manner))
        assert ready.doubts == ()
    found: dict[str, list[Row]] = {}
    for each in ready.files:
        assert each.staged is not None
        assert each.staged.rows_refused == 0, each.staged.refusals[0]
        if each.staged.typed_path is not None:
            found.setdefault(each.staged.table_name, []).extend(pq.read_table(each.staged.typed_path).to_pylist())
    assert set(found) == set(made.rows)
    for name, rows in made.rows.items():
        assert canonical(found[name], name) == canonical([_with_its_sign(each, manner) for each in rows], name)


def _with_its_sign(row: Row, manner: Manner) -> Row:
    """Amounts that are written with a sign have its currency, where the shape itself names none."""
    return {**row, "currency": "EUR"} if "€" in manner.money and row.get("currency") == UNSTATED else row


def _is_open(doubt: Doubt, shape: Shape, manner: Manner) -> bool:
    """Whether no day of a column is above 12, or its vendor always writes them the other way."""
    table = next(each for name, each in shape.files.items() if doubt.file == name)
    days = [row[table.header.index(doubt.column)] for row in table.rows]
    days = [each.day if isinstance(each, Moment) else each for each in days]
    undecided = all(each.day <= 12 for each in days if isinstance(each, date))
    return undecided or ("should be written" in doubt.question and not manner.day.startswith("%m"))
