"""Delimited text to raw tables: a streaming fast path for regular files, an exact slow one for the rest."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from decade.errors import Refused
from decade.ingest import text
from decade.ingest.ahead import ahead
from decade.ingest.dialect import Dialect, cut, dialect_of
from decade.ingest.headers import normal
from decade.ingest.heading import heading
from decade.ingest.hearing import tell
from decade.ingest.raw import MOST_COLUMNS, RawTable, Upload, raw_path, raw_schema, write_rows
from decade.ingest.records import records
from decade.ingest.repair import Repairer
from decade.ingest.writing import writing

_PIECE = 1 << 24
HEADER_AGAIN = "header lines that come again"
_SAMPLE_ROWS = 400
_MOST_REPAIRS = 10_000
_MOST_TABLES = 20
csv.field_size_limit(min(sys.maxsize, 1 << 28))


class _Irregular(Exception):
    """The fast path met something that only the slow path reads exactly."""


def read_delimited(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The tables of a CSV or TSV file, one below the other. Refuses an empty file or bytes that are not text."""
    with upload.path.open("rb") as opened:
        sample = opened.read(text.SAMPLE)
    encoding = text.encoding_of(sample, upload.name)
    temporary = imports / f"{digest[:16]}.utf8"
    try:
        if encoding == text.UTF8:
            try:
                return _read_utf8(upload.path, upload.name, imports, digest, encoding)
            except UnicodeDecodeError:
                encoding = text.encoding_further_on(upload.path)
        text.transcode(upload.path, temporary, encoding)
        return _read_utf8(temporary, upload.name, imports, digest, encoding)
    finally:
        temporary.unlink(missing_ok=True)


def _read_utf8(source: Path, name: str, imports: Path, digest: str, encoding: str) -> list[RawTable]:
    with source.open("r", encoding="utf-8", errors="replace", newline="") as opened:
        sample = opened.read(text.SAMPLE)
    if len(sample) == text.SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    dialect = dialect_of(sample)
    numbered = list(islice(records(io.StringIO(sample, newline=""), dialect, name=name), _SAMPLE_ROWS))
    rows = [(line, cut(record, dialect).cells) for line, record in numbered]
    if not rows:
        raise Refused("the file holds only blank lines", where=name, do="Export it again.")
    top = heading([row for _, row in rows])
    if len(top.names) > MOST_COLUMNS:
        raise Refused(f"the file has {len(top.names):,} columns", where=name, do="Give the columns that matter.")
    path = raw_path(imports, digest, 0)
    first_line = rows[top.below][0] if top.below < len(rows) else sys.maxsize
    made = {
        "file_name": name,
        "digest": digest,
        "header_line": rows[top.first][0] if top.is_named else first_line - 1,
        "preamble": tuple(dialect.delimiter.join(row).strip(dialect.delimiter) for _, row in rows[: top.first]),
        "written": f"{text.named(encoding)}, {dialect.name}",
    }
    header = tuple(each.strip() for each in top.names)
    try:
        if not dialect.is_plain or first_line == sys.maxsize or "\x00" in sample:
            raise _Irregular
        count = _fast(source, path, dialect.delimiter, first_line - 1, header)
    except (_Irregular, pa.ArrowInvalid):
        return _slow(source, imports, dialect, first_line, header, [row for _, row in rows[top.below :]], made)
    return [RawTable(sheet="", path=path, header=header, rows=count, **made)]  # type: ignore[arg-type]


def _fast(source: Path, path: Path, delimiter: str, skipped_lines: int, header: Sequence[str]) -> int:
    blank, width = _blank_lines(source), len(header)
    names = [f"c{at}" for at in range(width)]
    reading = pacsv.open_csv(
        source,
        read_options=pacsv.ReadOptions(skip_rows=skipped_lines, column_names=names, block_size=1 << 22),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=False, ignore_empty_lines=True),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    count, skipped = 0, blank[blank > skipped_lines]
    with writing(path, raw_schema(width)) as write:
        for piece in ahead(reading):
            if width > 1 and _has_header_again(piece, header):
                raise _Irregular
            lines = np.arange(count, count + piece.num_rows, dtype=np.int64) + skipped_lines + 1
            if len(skipped):
                lines += np.searchsorted(skipped - np.arange(len(skipped)), lines, side="right")
            write(pa.table([pa.array(lines), *piece.columns], schema=raw_schema(width)))
            count += piece.num_rows
            # Without the four bytes that place each cell, and with the one that ends it in the file.
            tell(max(0, piece.nbytes - 3 * width * piece.num_rows))
    return count


def _has_header_again(batch: pa.RecordBatch, header: Sequence[str]) -> bool:
    import pyarrow.compute as pc

    hits = pc.and_(pc.equal(batch.column(0), header[0]), pc.equal(batch.column(1), header[1]))
    return bool(header[0] and header[1] and pc.any(hits).as_py())


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


@dataclass
class _Reader:
    """Rows of one table after another from one text; `header` is that of the table now being read."""

    source: Iterator[tuple[int, str]]
    dialect: Dialect
    header: tuple[str, ...]
    repairer: Repairer
    header_line: int = 0
    again: int = 0
    repairs: dict[int, str] = field(default_factory=dict)
    following: tuple[str, ...] | None = None

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows up to the end or to the header of another table, which is then `following`."""
        names = {normal(name) for name in self.header if name}
        own = [normal(name) for name in self.header]
        for line, record in self.source:
            cells, is_clean = self._cells(record)
            if len(names) > 1 and normal(cells[0]) in names:
                there = [normal(cell) for cell in cells]
                known = sum(cell in names for cell in there if cell)
                if known >= 2 and known >= 0.7 * sum(bool(cell) for cell in there) and known >= 0.7 * len(names):
                    if there == own:
                        self.again += 1
                        continue
                    self.following, self.header_line = tuple(cell.strip() for cell in cells), line
                    return
            if len(cells) != len(self.header) or not is_clean:
                cells, told = self.repairer.row(record, cells)
                if told and len(self.repairs) < _MOST_REPAIRS:
                    self.repairs[line] = told
            yield line, cells

    def _cells(self, record: str) -> tuple[list[str], bool]:
        dialect = self.dialect
        if dialect.is_plain and dialect.quote in record:
            try:
                return next(csv.reader((record,), delimiter=dialect.delimiter, strict=True)), True
            except (csv.Error, StopIteration):
                pass
        parts = cut(record, dialect)
        if not parts.is_clean:
            bare = cut(record, dialect, bare=True)
            parts = bare if bare.is_clean and len(bare.cells) == len(self.header) else parts
        # A quote out of its place in a row of the right width is text: only its neighbours can tell otherwise.
        return parts.cells, parts.is_clean or len(parts.cells) == len(self.header)


def _slow(
    source: Path,
    imports: Path,
    dialect: Dialect,
    first_line: int,
    header: tuple[str, ...],
    sample: Sequence[Sequence[str]],
    made: dict[str, object],
) -> list[RawTable]:
    tables: list[RawTable] = []
    name, digest = str(made["file_name"]), str(made["digest"])
    with source.open("r", encoding="utf-8", newline="") as opened:
        found = records(opened, dialect, name=name, width=len(header))
        below = ((line, record) for line, record in found if line >= first_line)
        following: tuple[str, ...] | None = header
        while following is not None and len(tables) < _MOST_TABLES:
            reader = _Reader(below, dialect, following, Repairer(len(following), dialect, sample))
            path = raw_path(imports, digest, len(tables))
            count, faults = write_rows(path, len(following), reader.rows())
            about = {
                **made,
                "path": path,
                "header": following,
                "rows": count,
                "faults": faults,
                "repairs": reader.repairs,
                "left_out": {HEADER_AGAIN: reader.again} if reader.again else {},
            }
            tables.append(RawTable(sheet=f"table {len(tables) + 1}" if tables else "", **about))  # type: ignore[arg-type]
            following, made = reader.following, {**made, "header_line": reader.header_line, "preamble": ()}
    return tables
