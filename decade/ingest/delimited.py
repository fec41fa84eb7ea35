"""Delimited text to a raw table: a streaming fast path for regular files, an exact slow one for the rest."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from decade.errors import Refused
from decade.ingest import text
from decade.ingest.ahead import ahead
from decade.ingest.raw import RawTable, Upload, raw_path, raw_schema, replacing, write_rows

_PIECE = 1 << 24
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
csv.field_size_limit(min(sys.maxsize, 1 << 28))


class _Irregular(Exception):
    """The fast path met something that only the slow path reads exactly."""


def read_delimited(upload: Upload, imports: Path, digest: str) -> RawTable:
    """The one table of a CSV or TSV file. Refuses an empty file or bytes that are not text."""
    with upload.path.open("rb") as opened:
        sample = opened.read(text.SAMPLE)
    encoding = text.encoding_of(sample, upload.name)
    source, temporary = upload.path, imports / f"{digest[:16]}.utf8"
    try:
        if encoding != "utf-8":
            text.transcode(upload.path, temporary, encoding)
            source = temporary
        return _read_utf8(source, upload.name, imports, digest, encoding)
    finally:
        temporary.unlink(missing_ok=True)


def _read_utf8(source: Path, name: str, imports: Path, digest: str, encoding: str) -> RawTable:
    with source.open("r", encoding="utf-8", errors="replace", newline="") as opened:
        sample = opened.read(text.SAMPLE)
    if not opened.closed or len(sample) == text.SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    delimiter = text.delimiter_of(sample)
    rows = text.rows_of(sample, delimiter)
    if not rows:
        raise Refused("the file holds only blank lines", where=name, do="Export it again.")
    at = text.header_position([row for _, row in rows[:60]])
    header_line, header = rows[at]
    header = _without_trailing_blanks(header, [row for _, row in rows[at + 1 : at + 200]])
    path = raw_path(imports, digest, 0)
    faults: dict[int, str] = {}
    try:
        count = _fast(source, path, delimiter, header_line, len(header))
    except (_Irregular, pa.ArrowInvalid):
        count, faults = write_rows(path, len(header), _slow(source, delimiter, header_line))
    return RawTable(
        file_name=name,
        sheet="",
        digest=digest,
        path=path,
        header=tuple(cell.strip() for cell in header),
        rows=count,
        header_line=header_line,
        preamble=tuple(delimiter.join(row).strip(delimiter) for _, row in rows[:at]),
        written=f"{encoding.replace('_', '-').upper()}, {_NAMES.get(delimiter, delimiter)}",
        faults=faults,
    )


def _without_trailing_blanks(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    width = len(header)
    while (
        width > 1 and not header[width - 1].strip() and not any(r[width - 1].strip() for r in rows if len(r) >= width)
    ):
        width -= 1
    return list(header[:width])


def _fast(source: Path, path: Path, delimiter: str, header_line: int, width: int) -> int:
    blank = _blank_lines(source)
    names = [f"c{at}" for at in range(width)]
    reading = pacsv.open_csv(
        source,
        read_options=pacsv.ReadOptions(skip_rows=header_line, column_names=names, block_size=1 << 24),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=False, ignore_empty_lines=True),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    count, skipped = 0, blank[blank > header_line]
    with (
        replacing(path) as unfinished,
        pq.ParquetWriter(unfinished, raw_schema(width), compression="lz4", write_statistics=False) as writer,
    ):
        for batch in ahead(reading):
            lines = np.arange(count, count + batch.num_rows, dtype=np.int64) + header_line + 1
            if len(skipped):
                lines += np.searchsorted(skipped - np.arange(len(skipped)), lines, side="right")
            writer.write_batch(pa.record_batch([pa.array(lines), *batch.columns], schema=raw_schema(width)))
            count += batch.num_rows
    return count


def _blank_lines(source: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers of the blank lines of a file whose lines are its rows. Raises when they are not."""
    blank: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    line, length, quotes = 0, 0, 0  # lines ended so far; since the last end: bytes, and whether the quotes are odd
    last = 0
    with source.open("rb") as opened:
        while piece := opened.read(_PIECE):
            data = np.frombuffer(piece, dtype=np.uint8)
            if (line == 0 and b"\n" not in piece and b"\r" in piece) or b"\x00" in piece:
                raise _Irregular
            ends = np.flatnonzero(data == 10)
            if b'"' in piece:
                bounds = np.concatenate([[0], ends + 1])
                is_quote = (data == 34).view(np.uint8)
                odd = np.bitwise_xor.reduceat(is_quote, bounds[bounds < len(data)])
                odd[0] ^= quotes
                whole = len(ends)
                if odd[:whole].any():
                    raise _Irregular
                quotes = int(odd[whole]) if whole < len(odd) else 0
            elif quotes and len(ends):
                raise _Irregular
            if len(ends):
                starts = np.concatenate([[-length], ends[:-1] + 1])
                lengths = ends - starts
                previous = np.where(ends > 0, data[np.maximum(ends - 1, 0)], last)
                lengths = lengths - ((previous == 13) & (lengths > 0))
                blank.append(np.flatnonzero(lengths == 0).astype(np.int64) + line + 1)
                line += len(ends)
                length = len(data) - int(ends[-1]) - 1
            else:
                length += len(data)
            last = piece[-1]
    return np.concatenate(blank) if blank else np.empty(0, dtype=np.int64)


def _slow(source: Path, delimiter: str, header_line: int) -> Iterator[tuple[int, Sequence[str]]]:
    with source.open("r", encoding="utf-8", errors="replace", newline="") as opened:
        reader = csv.reader(opened, delimiter=delimiter)
        line = 1
        for row in reader:
            if line > header_line:
                yield line, row
            line = reader.line_num + 1
