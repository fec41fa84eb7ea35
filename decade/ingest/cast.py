"""Raw text to typed rows: every row is taken, left out or refused, and its money is counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest.ahead import ahead
from decade.ingest.cells import Cells, decoded, first_filled
from decade.ingest.columns import ColumnReader
from decade.ingest.fingerprint import fingerprint
from decade.ingest.headers import shape
from decade.ingest.links import Links
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.readings import Reading
from decade.ingest.schema import NATURAL_KEY, CanonicalTable, canonical_tables
from decade.ingest.tally import Count, Flags, add_money, left_out_rows, money_lines, refused_rows
from decade.ingest.writing import writing
from decade.warehouse import Staged

Progress = Callable[[int], None]


def cast(raw: RawTable, mapping: Mapping, links: Links, progress: Progress | None = None) -> Staged:
    """The file typed into its canonical table, beside its raw text, with the account of rows and money."""
    table = canonical_tables()[mapping.table]
    readers = {
        name: [ColumnReader(table.column(name), each, links) for each in readings]
        for name, readings in mapping.columns.items()
    }
    money = _money_readings(mapping, table)
    money_readers = [ColumnReader(table.column(column), reading, links) for column, reading in money]
    read_already = [_read_already(mapping, column, reading) for column, reading in money]
    names = tuple(_named(raw, reading) for _, reading in money)
    path = raw.path.with_name(raw.path.name.replace(".raw.parquet", f".{table.name}.parquet"))
    count, seen = Count(), 0
    schema = _schema(table, len(money))
    # What tells typed files apart: the file, how it was read, and every row's line and values.
    told = hashlib.sha256(json.dumps([raw.digest, mapping.as_spec()]).encode())
    with writing(path, schema) as write:
        for batch in ahead(raw.batches(coded=_repeated_positions(mapping))):
            left_out = left_out_rows(batch, raw, mapping, seen, count)
            cells = _read_columns(batch, table, readers)
            amounts = [
                decoded(cells[same].values if same else each.read(batch).values)
                for each, same in zip(money_readers, read_already, strict=True)
            ]
            refused = refused_rows(batch, raw, mapping, table, cells, left_out, count)
            currency = cells["currency"].values if "currency" in cells else pa.nulls(batch.num_rows, pa.string())
            add_money(count, names, amounts, decoded(currency), left_out, refused)
            typed = _typed(batch, table, cells, amounts, currency, ~(left_out | refused), schema)
            for name in ("source_row", "content_hash"):
                told.update(typed.column(name).to_numpy())
            write(typed)
            seen += batch.num_rows
            if progress is not None:
                progress(batch.num_rows)
    pa.default_memory_pool().release_unused()  # the database needs the room next
    path = path.replace(path.with_name(f"{told.hexdigest()[:16]}.{table.name}.parquet"))
    aside = {**raw.left_out, **count.left_out}
    return Staged(
        file_name=raw.file_name,
        sheet=raw.sheet,
        source_name=mapping.source_name,
        table_name=table.name,
        digest=raw.digest,
        raw_path=raw.path,
        typed_path=path,
        rows_read=raw.rows + sum(raw.left_out.values()),
        rows_refused=count.refused,
        rows_left_out=sum(aside.values()),
        left_out=aside,
        money_columns=names,
        money=money_lines(count, names),
        refusals=tuple(sorted(count.refusals, key=lambda each: each.line)),
        header=raw.header,
        mapping=mapping.as_spec(),
        shape=shape(raw.header),
    )


def _named(raw: RawTable, reading: Reading) -> str:
    """What an amount is called in the account: by its columns."""
    name = raw.header[reading.source] if reading.source is not None else ""
    if reading.via:
        return f"{name} → {reading.via[-1].value[0]}" + (f" × {raw.header[reading.times]}" if reading.times else "")
    return name if reading.minus is None else f"{name} − {raw.header[reading.minus]}"


def kept_aside(raw: RawTable, mapping: Mapping) -> Staged:
    """The account of a file that fills no table: every row left out, with the reason."""
    return Staged(
        file_name=raw.file_name,
        sheet=raw.sheet,
        source_name=mapping.source_name,
        table_name="",
        digest=raw.digest,
        raw_path=raw.path,
        typed_path=None,
        rows_read=raw.rows,
        rows_refused=0,
        rows_left_out=raw.rows,
        left_out={mapping.reason: raw.rows},
        header=raw.header,
        mapping=mapping.as_spec(),
        shape=shape(raw.header),
    )


def _read_columns(
    batch: pa.RecordBatch, table: CanonicalTable, readers: dict[str, list[ColumnReader]]
) -> dict[str, Cells]:
    cells: dict[str, Cells] = {}
    for column in table.columns:
        found = readers.get(column.name)
        if found:
            needs_floor = "starts_on" in cells and any(each.needs_floor for each in found)
            floor = decoded(cells["starts_on"].values) if needs_floor else None
            cells[column.name] = first_filled([each.read(batch, floor) for each in found])
        else:
            cells[column.name] = Cells(pa.nulls(batch.num_rows, column.type))
    return cells


def _repeated_positions(mapping: Mapping) -> list[int]:
    """The columns that are read text by text: those are best read as codes."""
    readings = [each for found in mapping.columns.values() for each in found]
    plain = {each.source for each in readings if each.reader == "text" and not each.via}
    joined = {at for each in readings for at in (*each.join, *(place for _, place in each.gather))}
    filters = {each.source for each in mapping.leave_out}
    wanted = {at for each in readings for at in each.positions if each.reader != "money" or each.via}
    return sorted(wanted - plain - joined - filters - {0, 1})


def _read_already(mapping: Mapping, column: str, money: Reading) -> str:
    """The canonical column that is just this cell, or what is looked up by it; else nothing."""
    if money.via:
        return column
    readings = mapping.columns[column]
    first = readings[0]
    is_same = (
        len(readings) == 1
        and first.source == money.source
        and first.plus is None
        and first.times is None
        and first.percent is None
    )
    return column if is_same and not first.options.get("sign") else ""


def _money_readings(mapping: Mapping, table: CanonicalTable) -> list[tuple[str, Reading]]:
    found: dict[int, tuple[str, Reading]] = {}
    for name in table.money:
        # Of prices in other files one line: what the column holds, wherever it was found.
        looked_up = [each for each in mapping.columns.get(name, ()) if each.reader == "money" and each.via]
        found |= {-1 - at: (name, each) for at, each in enumerate(looked_up[:1], start=len(found))}
        for reading in mapping.columns.get(name, ()):
            if reading.reader == "money" and reading.source is not None and not reading.via:
                for at in (reading.source, reading.plus):
                    if at is not None:
                        bare = replace(
                            reading,
                            source=at,
                            plus=None,
                            times=None,
                            percent=None,
                            options={**reading.options, "sign": None},
                        )
                        found.setdefault(at, (name, bare))
    return list(found.values())


def _schema(table: CanonicalTable, money: int) -> pa.Schema:
    kinds = {each.name: each.type for each in table.columns if each.unit == "money"}
    widest = next(iter(kinds.values()), pa.decimal128(18, 4))
    return pa.schema(
        [
            *((each.name, each.type) for each in table.columns),
            ("source_row", pa.int64()),
            ("natural_key", pa.string()),
            ("content_hash", pa.uint64()),
            *((f"money_{at}", widest) for at in range(money)),
            ("money_currency", pa.string()),
        ]
    )


def _typed(
    batch: pa.RecordBatch,
    table: CanonicalTable,
    cells: dict[str, Cells],
    amounts: list[pa.Array],
    currency: pa.Array,
    taken: Flags,
    schema: pa.Schema,
) -> pa.Table:
    columns = [cells[name].values for name in table.names]
    lines = batch.column("line")
    if not taken.all():
        mask = pa.array(taken)
        columns = [each.filter(mask) for each in columns]
        amounts = [each.filter(mask) for each in amounts]
        lines, currency = lines.filter(mask), currency.filter(mask)
    by_name = dict(zip(table.names, columns, strict=True))
    whole = [decoded(each) for each in columns]
    hashes = fingerprint(columns) if len(lines) else pa.array([], pa.uint64())
    arrays = [*whole, lines, _natural_key(table, by_name), hashes, *amounts, decoded(currency)]
    return pa.Table.from_arrays(
        [pc.cast(each, kind.type) for each, kind in zip(arrays, schema, strict=True)], schema=schema
    )


def _natural_key(table: CanonicalTable, columns: dict[str, pa.Array]) -> pa.Array:
    parts = [pc.cast(decoded(columns[name]), pa.string()) for name in NATURAL_KEY.get(table.name, ())]
    if not parts:
        return pa.nulls(len(next(iter(columns.values()))), pa.string())
    # A currency's one rate for all months has no month, and is still the same row in another export.
    key = [parts[0], *(each.fill_null("") for each in parts[1:])]
    return pc.binary_join_element_wise(*key, "|") if len(key) > 1 else key[0]
