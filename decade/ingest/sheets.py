"""Workbooks and Parquet to raw tables: typed cells become the text that a CSV would hold."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine as calamine

from decade.errors import Refused
from decade.ingest.heading import MOST_HEADER_LINES, Heading, heading, joined
from decade.ingest.raw import MOST_COLUMNS, RawTable, Upload, raw_path, raw_schema, write_rows
from decade.ingest.writing import BATCH, writing

MOST_UNPACKED = 2 << 30  # bytes of a workbook's parts
Merged = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, each as row and column from 0
_TOP = 400  # rows from which the header is told


def read_workbook(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """One table for each sheet that holds any cell. Refuses a damaged, locked or monstrous workbook."""
    _refuse_a_bomb(upload)
    tables: list[RawTable] = []
    with _refusing_damage(upload):
        workbook = calamine.CalamineWorkbook.from_path(upload.path)
        sheets = workbook.sheets_metadata
        names = [each.name for each in sheets if each.typ == calamine.SheetTypeEnum.WorkSheet]
        for number, name in enumerate(names):
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_width > MOST_COLUMNS:
                raise Refused(
                    f"the sheet {name!r} has {sheet.total_width:,} columns", where=upload.name, do="Save less."
                )
            above = sheet.start[0] if sheet.start else 0
            rows = enumerate(([as_cell(value) for value in row] for row in sheet.iter_rows()), start=above + 1)
            filled = ((line, row) for line, row in rows if any(cell.strip() for cell in row))
            top = list(islice(filled, _TOP))
            if top:
                label = name if len(names) > 1 else ""
                merged = sorted(sheet.merged_cell_ranges or ())
                tables.append(_from_rows(upload, imports, digest, number, label, top, filled, merged))
    return tables


@contextlib.contextmanager
def _refusing_damage(upload: Upload) -> Iterator[None]:
    try:
        yield
    except Refused:
        raise
    except calamine.PasswordError:
        raise Refused("the workbook is protected by a password", where=upload.name, do="Save it without.") from None
    except BaseException as problem:
        if not isinstance(problem, Exception) and type(problem).__name__ != "PanicException":
            raise
        raise Refused(
            "the workbook is damaged or protected by a password", where=upload.name, do="Save it again without."
        ) from None


def _refuse_a_bomb(upload: Upload) -> None:
    if not zipfile.is_zipfile(upload.path):
        return
    with _refusing_damage(upload), zipfile.ZipFile(upload.path) as archive:
        size = sum(each.file_size for each in archive.infolist())
        if size > MOST_UNPACKED or (size > 100 << 20 and size > 300 * upload.path.stat().st_size):
            raise Refused("the workbook unpacks to more than is allowed", where=upload.name, do="Save it as CSV.")


def read_parquet(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The one table of a Parquet file; row 1 is line 2, as it would be below a header."""
    path = raw_path(imports, digest, 0)
    try:
        with pq.ParquetFile(upload.path) as parquet:
            header = tuple(parquet.schema_arrow.names)
            if len(header) > MOST_COLUMNS:
                raise Refused(f"the file has {len(header):,} columns", where=upload.name, do="Give those that matter.")
            count, schema = 0, raw_schema(len(header))
            with writing(path, schema) as write:
                for batch in parquet.iter_batches(batch_size=BATCH):
                    lines = pa.array(range(count + 2, count + 2 + batch.num_rows), pa.int64())
                    columns = [_as_text(column) for column in batch.columns]
                    write(pa.table([lines, *columns], schema=schema))
                    count += batch.num_rows
    except pa.ArrowInvalid:
        raise Refused("the Parquet file is damaged", where=upload.name, do="Write it again.") from None
    return [RawTable(upload.name, "", digest, path, header, count, written="Parquet")]


def _from_rows(
    upload: Upload,
    imports: Path,
    digest: str,
    number: int,
    sheet: str,
    rows: Sequence[tuple[int, list[str]]],
    following: Iterable[tuple[int, list[str]]],
    merged: Sequence[Merged],
) -> RawTable:
    top = _through_merged([row for _, row in rows], [line for line, _ in rows], merged)
    below = rows[top.below :]
    width = max((at + 1 for _, row in below for at, cell in enumerate(row) if cell.strip()), default=1)
    names = tuple(cell.strip() for cell in (*top.names, *[""] * width)[: max(width, len(top.names))])
    path = raw_path(imports, digest, number)
    count, faults = write_rows(path, len(names), chain(below, following))
    preamble = tuple(" ".join(cell for cell in row if cell) for _, row in rows[: top.first])
    line = rows[top.first][0] if top.is_named else 0
    return RawTable(upload.name, sheet, digest, path, names, count, line, preamble, "workbook", faults)


def _through_merged(rows: Sequence[list[str]], lines: Sequence[int], merged: Sequence[Merged]) -> Heading:
    """The heading, down to the last row that merged cells tie to its first, each group's name over all it covers."""
    top = heading(rows)
    if not top.is_named:
        return top
    last = lines[top.below - 1]
    for (start, _), (end, _) in merged:
        if lines[top.first] <= start + 1 <= last:
            last = max(last, end + 1)
    depth = sum(line <= last for line in lines)
    spans = any(right > left and start + 1 in lines[top.first : depth - 1] for (start, left), (_, right) in merged)
    if depth < top.below or (depth == top.below and not spans):
        return top
    if depth - top.first > MOST_HEADER_LINES + 2 or depth >= len(rows):
        return top
    parts = [list(row) for row in rows[top.first : depth]]
    for (start, left), (end, right) in merged:
        if right > left and (at := start + 1) in lines[top.first : depth] and end < last:
            row = parts[lines[top.first : depth].index(at)]
            row[left : right + 1] = [row[left]] * (right + 1 - left)
    return Heading(tuple(joined(each) for each in zip(*parts, strict=True)), top.first, depth)


def as_cell(value: object) -> str:
    """A typed cell as the text that a CSV would hold."""
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
        if pa.types.is_nested(column.type):
            return pa.array([None if v is None else json_cell(v) for v in column.to_pylist()], pa.string())
        coded = column.dictionary_encode()
        distinct = pa.array([json_cell(v) for v in coded.dictionary.to_pylist()], pa.string())
        return distinct.take(coded.indices)
    if pa.types.is_decimal(column.type):
        return pa.array([None if v is None else f"{v.normalize():f}" for v in column.to_pylist()], pa.string())
    return pc.cast(column, pa.string())


def json_cell(value: Any) -> str:
    """A value of a document as text; what is nested stays JSON."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)
    return "" if value is None or value != value else as_cell(value)
