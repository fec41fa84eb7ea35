"""Rows to Parquet, written behind the work that makes them, in groups as large as those that the database keeps."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from decade.ingest.ahead import behind

BATCH = 122_880  # rows that the database keeps together: it takes them as they come
WIDEST = 1 << 26  # bytes held for a group: rows that are very long come in smaller ones
_LOOKED_AT = 2_000
_NUMBERS = ("line", "source_row")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` once all is written: it may be in use."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def writing(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Something to hand tables of that schema to, in order; the file is there when all of them are written."""
    held: list[pa.Table] = []
    writer: pq.ParquetWriter | None = None

    def put(table: pa.Table) -> None:
        nonlocal writer
        if writer is None:
            writer = _opened(unfinished, table)
        writer.write_table(table)

    def hand_over(table: pa.Table) -> None:
        held.append(table)
        while sum(each.num_rows for each in held) >= BATCH or sum(each.nbytes for each in held) >= WIDEST:
            whole = pa.concat_tables(held)
            write(whole.slice(0, BATCH))
            held[:] = [whole.slice(BATCH)]

    with replacing(path) as unfinished:
        try:
            with behind(put) as write:
                yield hand_over
                write(pa.concat_tables([schema.empty_table(), *held]))
        finally:
            if writer is not None:
                writer.close()


def _opened(path: Path, first: pa.Table) -> pq.ParquetWriter:
    """A writer that keeps as codes the texts of which some come again among the first rows."""
    numbers = [name for name in _NUMBERS if name in first.column_names]
    return pq.ParquetWriter(
        path,
        first.schema,
        compression="lz4",
        use_dictionary=[name for name in first.column_names if _comes_again(first.column(name).slice(0, _LOOKED_AT))],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_statistics=False,
        store_decimal_as_integer=True,
    )


def _comes_again(cells: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(cells.type) and pc.count_distinct(cells).as_py() <= 0.9 * len(cells))
