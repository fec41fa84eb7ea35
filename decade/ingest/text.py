"""What a text file is before it is a table: encoding, delimiter, the line that holds the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
import numpy as np

from decade.errors import Refused
from decade.ingest.dates import has_two_way_shape
from decade.ingest.values import is_missing

SAMPLE = 1 << 18
DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NUMERIC = re.compile(r"[-+($€£]*\d[\d.,\s%)]*|\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written."""

    encoding: str
    delimiter: str
    quote: str = '"'


def encoding_of(sample: bytes, name: str) -> str:
    """The encoding of a text file's first bytes. Refuses what is not text."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\x00" in sample:
        zeros = np.frombuffer(sample, dtype=np.uint8) == 0
        even, odd = zeros[0::2].mean(), zeros[1::2].mean()
        if max(even, odd) > 0.3 and min(even, odd) < 0.05:
            return "utf-16-le" if odd > even else "utf-16-be"
        raise Refused("this is not a table that can be read", where=name, do="Give CSV, Excel or Parquet.")
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as problem:
        if problem.start > len(sample) - 4:
            return "utf-8"
    controls = sum(sample.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if controls > len(sample) // 100:
        raise Refused("this is not a table that can be read", where=name, do="Give CSV, Excel or Parquet.")
    return _one_byte_encoding(sample)


def _one_byte_encoding(sample: bytes) -> str:
    telling = b"\n".join(line for line in sample.splitlines() if any(byte > 127 for byte in line))
    best = charset_normalizer.from_bytes(telling, cp_isolation=["cp1252", "cp1250", "cp1251"], threshold=0.6).best()
    return best.encoding if best is not None else "latin-1"


def delimiter_of(sample: str) -> str:
    """The delimiter under which most lines of a sample have the same number of cells, more than one."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _rows(sample, delimiter)[:200] if row)
        if not widths:
            continue
        width, lines = max(widths.items(), key=lambda item: (item[0] > 1) * item[1])
        here = (width > 1) * lines / sum(widths.values()) * min(width, 12) ** 0.25
        if here > score:
            best, score = delimiter, here
    return best


def rows_of(sample: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows of a sample with the physical line on which each starts, 1-based; blank lines are left out."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        return rows
    return rows


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    return [row for _, row in rows_of(sample, delimiter)]


def header_position(rows: Sequence[Sequence[str]]) -> int:
    """The position among a file's first rows of the one that names the columns."""
    widths = Counter(_width(row) for row in rows if _width(row) > 1)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 1
    for at, row in enumerate(rows):
        filled = [cell for cell in row if not is_missing(cell)]
        # A header names nearly every column that the rows below fill, and no name is a number or a date.
        if len(filled) >= max(1, 0.6 * usual) and not any(_is_value(cell) for cell in filled):
            return at
    return next((at for at, row in enumerate(rows) if _width(row) >= 0.6 * usual), 0)


def _width(row: Sequence[str]) -> int:
    return max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)


def _is_value(cell: str) -> bool:
    bare = cell.strip()
    return (bool(_NUMERIC.fullmatch(bare)) and not re.fullmatch(r"\d{4}", bare)) or has_two_way_shape(bare)


def transcode(source: Path, target: Path, encoding: str) -> None:
    """Writes the text as plain UTF-8, a piece at a time; bytes without meaning become U+FFFD."""
    with (
        source.open("r", encoding=encoding, errors="replace", newline="") as reading,
        target.open("w", encoding="utf-8", newline="") as writing,
    ):
        while piece := reading.read(1 << 22):
            writing.write(piece)
