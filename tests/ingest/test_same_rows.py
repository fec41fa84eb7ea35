"""One table written in many ways gives the same canonical rows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from decade.ingest import plan
from decade.warehouse import Workspace

HEADER = ["subscription_id", "customer_id", "plan", "start_date", "end_date", "monthly_amount", "currency"]
ROWS = [
    ["s1", "Müller & Söhne", "Größe M", "2024-01-01", "2024-04-01", "1234.50", "EUR"],
    ["s2", "Żółw, Sp. z o.o.", "", "2024-02-15", "", "99", "EUR"],
    ["s3", '"Quoted" Ltd', "Pro", "2024-02-29", "2024-03-31", "0.5", "EUR"],
]
LATIN = [[cell.replace("Żółw", "Zoe") for cell in row] for row in ROWS]


def typed(path: Path, desk: Workspace) -> pa.Table:
    ready = plan([path], desk)
    assert not ready.doubts, ready.doubts
    (only,) = ready.files
    assert only.staged is not None
    assert only.staged.rows_refused == 0
    table = pq.read_table(only.staged.typed_path)
    return table.drop_columns(["source_row"])


def written(rows: list[list[str]], delimiter: str = ",", decimal: str = ".", end: str = "\n") -> str:
    def cell(text: str) -> str:
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if any(mark in text for mark in (delimiter, '"')) else text

    body = [[*row[:5], row[5].replace(".", decimal), row[6]] for row in rows]
    return end.join(delimiter.join(cell(text) for text in row) for row in [HEADER, *body]) + end


@pytest.fixture
def expected(tmp_path: Path, desk: Workspace) -> pa.Table:
    path = tmp_path / "plain.csv"
    path.write_text(written(ROWS), encoding="utf-8")
    return typed(path, desk)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(
    encoding: str, delimiter: str, tmp_path: Path, desk: Workspace, expected: pa.Table
) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(written(ROWS, delimiter).encode(encoding))
    assert typed(path, desk).equals(expected)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_western_encodings(encoding: str, tmp_path: Path, desk: Workspace) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(written(LATIN), encoding="utf-8")
    other.write_bytes(written(LATIN).encode(encoding))
    assert typed(other, desk).equals(typed(plain, desk))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_line_ends_and_blank_lines(end: str, tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(written(ROWS, end=end).encode())
    assert typed(path, desk).equals(expected)


def test_decimal_comma_and_preamble(tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Our export\n\n" + written(ROWS, ";", ","), encoding="utf-8")
    assert typed(path, desk).equals(expected)


def test_a_workbook(tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for row in ROWS:
        days = [datetime.fromisoformat(text) if text else None for text in row[3:5]]
        sheet.append([*row[:3], *days, float(row[5]), row[6]])
    book.save(tmp_path / "other.xlsx")
    assert typed(tmp_path / "other.xlsx", desk).equals(expected)


def test_parquet_with_types(tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    from datetime import date
    from decimal import Decimal

    columns = list(zip(*ROWS, strict=True))
    days = [[date.fromisoformat(text) if text else None for text in columns[at]] for at in (3, 4)]
    amounts = pa.array([Decimal(text) for text in columns[5]], pa.decimal128(18, 2))
    arrays = [
        *(pa.array(columns[at]) for at in range(3)),
        *(pa.array(each) for each in days),
        amounts,
        pa.array(columns[6]),
    ]
    pq.write_table(pa.table(arrays, names=HEADER), tmp_path / "other.parquet")
    assert typed(tmp_path / "other.parquet", desk).equals(expected)


def test_json_lines(tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    import json

    lines = [json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS]
    (tmp_path / "other.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert typed(tmp_path / "other.jsonl", desk).equals(expected)


def test_columns_in_another_order_with_others_between(tmp_path: Path, desk: Workspace, expected: pa.Table) -> None:
    order = [6, 5, 4, 3, 2, 1, 0]
    rows = [[HEADER[at].upper().replace("_", " ") for at in order] + ["note"]]
    rows += [[row[at] for at in order] + ["x"] for row in ROWS]
    path = tmp_path / "other.csv"
    path.write_text(
        "\n".join(";".join(f'"{c}"'.replace('""Quoted" Ltd"', '"""Quoted"" Ltd"') for c in r) for r in rows)
    )
    assert typed(path, desk).equals(expected)
