"""Raw text tables: one Parquet of text for each file or sheet, cells by position, with the line of each row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from decade.ingest.writing import BATCH, writing

EXAMPLES = 5_000
_MOST = 50  # examples that are kept at least, for whoever asks for fewer
MOST_COLUMNS = 16_384  # as many as a sheet can have


@dataclass(frozen=True)
class RawTable:
    """One file or sheet as text: `path` holds `line`, `c0`, `c1`, … for each filled row below the header."""

    file_name: str
    sheet: str
    digest: str
    path: Path
    header: tuple[str, ...]
    rows: int
    header_line: int = 1
    preamble: tuple[str, ...] = ()
    written: str = ""  # how the file was written, for people: "UTF-8, comma"
    faults: dict[int, str] = field(default_factory=dict)  # line → why the row has no cells to read
    repairs: dict[int, str] = field(default_factory=dict)  # line → what was put right in the row
    left_out: dict[str, int] = field(default_factory=dict)  # reason → rows that are no data and are not held

    @property
    def label(self) -> str:
        """File and sheet, as a person names them."""
        return f"{self.file_name} [{self.sheet}]" if self.sheet else self.file_name

    def batches(
        self, columns: Sequence[int] | None = None, *, coded: Sequence[int] = (), size: int = BATCH
    ) -> Iterator[pa.RecordBatch]:
        """The rows in pieces of bounded size, all columns or those at the positions, `line` always first.

        Columns at the positions in `coded` come as codes and distinct texts.
        """
        names = None if columns is None else ["line", *(f"c{at}" for at in columns)]
        as_codes = [f"c{at}" for at in coded]
        with pq.ParquetFile(self.path, memory_map=True, read_dictionary=as_codes) as parquet:
            yield from parquet.iter_batches(batch_size=size, columns=names)

    def examples(self, column: int, count: int = 5) -> list[str]:
        """The first distinct filled cells of a column, read once: a column that is empty is read to its end."""
        there = self.path.stat()
        return list(_examples(self.path, (there.st_mtime_ns, there.st_size), column, max(count, _MOST)))[:count]


@lru_cache(maxsize=4096)
def _examples(path: Path, _written: tuple[int, int], column: int, count: int) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    with pq.ParquetFile(path, memory_map=True) as parquet:
        for batch in parquet.iter_batches(batch_size=EXAMPLES, columns=[f"c{column}"]):
            for cell in batch.column(0).unique().to_pylist():
                if cell and cell.strip():
                    seen.setdefault(cell.strip())
                if len(seen) >= count:
                    return tuple(seen)
    return tuple(seen)


@dataclass(frozen=True)
class Upload:
    """A file to import: where its bytes are, and what its owner calls it."""

    path: Path
    name: str


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes, in hex."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def raw_path(imports: Path, digest: str, number: int) -> Path:
    """Where the raw text of a file's table goes; nothing of the upload's own name is in it."""
    return imports / f"{digest[:16]}-{number}.raw.parquet"


def raw_schema(width: int) -> pa.Schema:
    """The columns of a raw table of that many cells."""
    return pa.schema([("line", pa.int64()), *((f"c{at}", pa.string()) for at in range(width))])


def write_rows(path: Path, width: int, rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, dict[int, str]]:
    """Writes numbered rows as raw text; returns how many, and the lines with more cells than the header."""
    count, faults = 0, {}
    schema = raw_schema(width)
    with writing(path, schema) as write:
        lines: list[int] = []
        cells: list[list[str]] = [[] for _ in range(width)]

        def flush() -> None:
            arrays = [pa.array(lines, pa.int64()), *(pa.array(column, pa.string()) for column in cells)]
            write(pa.table(arrays, schema=schema))
            lines.clear()
            for column in cells:
                column.clear()

        for line, row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                faults[line] = f"has {len(row)} cells where the header has {width}"
            lines.append(line)
            for at in range(width):
                cells[at].append(row[at] if at < len(row) else "")
            count += 1
            if len(lines) >= 50_000:
                flush()
        flush()
    return count, faults
