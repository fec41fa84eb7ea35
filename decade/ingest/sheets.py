"""Workbooks, Parquet and JSON lines to raw tables: typed cells become the text that a CSV would hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine as calamine

from decade.errors import Refused
from decade.ingest.raw import BATCH, RawTable, Upload, raw_path, raw_schema, replacing, write_rows
from decade.ingest.text import header_position


def read_workbook(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """One table for each sheet that holds any cell. Refuses a damaged or locked workbook."""
    try:
        workbook = calamine.CalamineWorkbook.from_path(upload.path)
        names = workbook.sheet_names
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in names]
    except (calamine.CalamineError, ValueError, OSError):
        raise Refused(
            "the workbook is damaged or protected by a password",
            where=upload.name,
            do="Save it again without.",
        ) from None
    tables = []
    for number, (name, sheet) in enumerate(sheets):
        rows = [
            (line, [_cell(value) for value in row])
            for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        ]
        filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
        if filled:
            label = name if len(sheets) > 1 else ""
            tables.append(_from_rows(upload, imports, digest, number, label, filled, "workbook"))
    return tables


def read_parquet(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The one table of a Parquet file; row 1 is line 2, as it would be below a header."""
    path = raw_path(imports, digest, 0)
    try:
        with pq.ParquetFile(upload.path) as parquet:
            header = tuple(parquet.schema_arrow.names)
            count, schema = 0, raw_schema(len(header))
            with (
                replacing(path) as unfinished,
                pq.ParquetWriter(unfinished, schema, compression="lz4") as writer,
            ):
                for batch in parquet.iter_batches(batch_size=BATCH):
                    lines = pa.array(range(count + 2, count + 2 + batch.num_rows), pa.int64())
                    columns = [_as_text(column) for column in batch.columns]
                    writer.write_batch(pa.record_batch([lines, *columns], schema=schema))
                    count += batch.num_rows
    except pa.ArrowInvalid:
        raise Refused("the Parquet file is damaged", where=upload.name, do="Write it again.") from None
    return [RawTable(upload.name, "", digest, path, header, count, written="Parquet")]


def read_json_lines(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The one table of a file with a JSON object a line; its columns are all names met, in order."""
    header: dict[str, int] = {}
    for _, record in _records(upload):
        for name in record:
            header.setdefault(name, len(header))
    path = raw_path(imports, digest, 0)
    rows = ((line, [_json_cell(record.get(name)) for name in header]) for line, record in _records(upload))
    count, faults = write_rows(path, len(header), rows)
    return [RawTable(upload.name, "", digest, path, tuple(header), count, 0, written="JSON lines", faults=faults)]


def _from_rows(
    upload: Upload,
    imports: Path,
    digest: str,
    number: int,
    sheet: str,
    rows: Sequence[tuple[int, list[str]]],
    written: str,
) -> RawTable:
    at = header_position([row for _, row in rows[:60]])
    line, header = rows[at]
    width = max((position + 1 for _, row in rows[at:] for position, cell in enumerate(row) if cell.strip()), default=1)
    header = (header + [""] * width)[:width]
    path = raw_path(imports, digest, number)
    count, faults = write_rows(path, width, rows[at + 1 :])
    preamble = tuple(" ".join(cell for cell in row if cell) for _, row in rows[:at])
    names = tuple(cell.strip() for cell in header)
    return RawTable(upload.name, sheet, digest, path, names, count, line, preamble, written, faults)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date | time | timedelta):
        return str(value)
    return "" if value is None else str(value)


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type) or pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.array([None if v is None else _json_cell(v) for v in column.to_pylist()], pa.string())
    if pa.types.is_decimal(column.type):
        return pa.array([None if v is None else f"{v.normalize():f}" for v in column.to_pylist()], pa.string())
    return pc.cast(column, pa.string())


def _json_cell(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)
    return "" if value is None or value != value else _cell(value)


def _records(upload: Upload) -> Iterator[tuple[int, dict[str, Any]]]:
    with upload.path.open("r", encoding="utf-8-sig") as opened:
        for line, text in enumerate(opened, start=1):
            if not text.strip():
                continue
            try:
                record = json.loads(text)
            except (ValueError, UnicodeDecodeError):
                raise Refused(
                    "this line is not JSON", where=f"{upload.name}, line {line}", do="Give JSON lines."
                ) from None
            if isinstance(record, dict):
                yield line, record
