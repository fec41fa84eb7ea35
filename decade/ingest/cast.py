"""Raw text to typed rows: every row is taken, left out or refused with its reason, and its money is counted."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from decade.ingest.columns import Cells, ColumnReader, decoded, first_filled
from decade.ingest.files import RawTable
from decade.ingest.fingerprint import fingerprint
from decade.ingest.links import Links
from decade.ingest.mapping import Mapping, Reading, shape
from decade.ingest.schema import NATURAL_KEY, CanonicalTable, canonical_tables
from decade.warehouse import MoneyLine, Refusal, Staged

Flags = npt.NDArray[np.bool_]
MOST_REFUSALS = 100_000
TOTAL = "totals and subtotals"
FOOTER = "footer lines below the data"
NO_CURRENCY = "has money and no currency"
_TOTALS = r"(?i)^(grand )?(sub)?totals?( for .+)?$|^(grand )?totals?\s*[:(].*$|^(gesamt|summe|razem|итого|suma)\b\s*(:.*)?$"
_FOOTER_ROWS = 12
Progress = Callable[[int], None]


@dataclass
class _Count:
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    money: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)  # column, currency, state


def cast(raw: RawTable, mapping: Mapping, links: Links, progress: Progress | None = None) -> Staged:
    """The file read into its canonical table as Parquet beside its raw text, with the account of its rows and money."""
    table = canonical_tables()[mapping.table]
    readers = {
        name: [ColumnReader(table.column(name), each, links) for each in readings]
        for name, readings in mapping.columns.items()
    }
    money = _money_readings(mapping, table)
    money_readers = [ColumnReader(table.column(column), reading, links) for column, reading in money]
    names = tuple(raw.header[reading.source] for _, reading in money if reading.source is not None)
    path = raw.path.with_name(raw.path.name.replace(".raw.parquet", f".{table.name}.parquet"))
    count, seen = _Count(), 0
    schema = _schema(table, len(money))
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for batch in raw.batches():
            left_out = _left_out(batch, raw, mapping, table, seen, count)
            cells = _read_columns(batch, table, readers)
            amounts = [decoded(each.read(batch).values) for each in money_readers]
            refused = _refused(batch, raw, mapping, table, cells, left_out, count)
            currency = cells["currency"].values if "currency" in cells else pa.nulls(batch.num_rows, pa.string())
            _add_money(count, names, amounts, decoded(currency), left_out, refused)
            writer.write_table(_typed(batch, table, cells, amounts, currency, ~(left_out | refused), schema))
            seen += batch.num_rows
            if progress is not None:
                progress(batch.num_rows)
    return Staged(
        file_name=raw.file_name,
        sheet=raw.sheet,
        source_name=mapping.source_name,
        table_name=table.name,
        digest=raw.digest,
        raw_path=raw.path,
        typed_path=path,
        rows_read=raw.rows,
        rows_refused=count.refused,
        rows_left_out=sum(count.left_out.values()),
        left_out=dict(count.left_out),
        money_columns=names,
        money=_money_lines(count, names),
        refusals=tuple(count.refusals),
        header=raw.header,
        mapping=mapping.as_spec(),
        shape=shape(raw.header),
    )


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
            floor = decoded(cells["starts_on"].values) if "starts_on" in cells else None
            cells[column.name] = first_filled([each.read(batch, floor) for each in found])
        else:
            empty = pa.array([], column.type)
            nothing = pa.nulls(batch.num_rows, pa.int32())
            cells[column.name] = Cells(pa.DictionaryArray.from_arrays(nothing, empty))
    return cells


def _left_out(
    batch: pa.RecordBatch, raw: RawTable, mapping: Mapping, table: CanonicalTable, seen: int, count: _Count
) -> Flags:
    result = np.zeros(batch.num_rows, dtype=bool)
    first = batch.column("c0")
    if len(raw.header) > 1:
        first = pc.if_else(pc.equal(first, ""), batch.column("c1"), first)
    texts = first.fill_null("").dictionary_encode()
    is_total = pc.match_substring_regex(pc.utf8_trim_whitespace(texts.dictionary), _TOTALS)
    _leave(result, _by_code(texts, is_total), TOTAL, count)
    last = batch.num_rows - max(0, raw.rows - _FOOTER_ROWS - seen)
    if last > 0 and len(raw.header) > 2:
        filled = sum(
            (pc.utf8_length(pc.utf8_trim_whitespace(batch.column(f"c{at}").fill_null(""))).to_numpy() > 0).astype(int)
            for at in range(len(raw.header))
        )
        tail = np.arange(batch.num_rows) >= batch.num_rows - last
        _leave(result, tail & (filled == 1) & _first_filled(batch), FOOTER, count)
    for rule in mapping.leave_out:
        cells = pc.utf8_lower(pc.utf8_trim_whitespace(batch.column(f"c{rule.source}").fill_null(""))).dictionary_encode()
        hit = pc.is_in(cells.dictionary, pa.array(sorted(rule.words), pa.string()))
        _leave(result, _by_code(cells, pc.invert(hit) if rule.unless else hit), rule.reason, count)
    return result


def _first_filled(batch: pa.RecordBatch) -> Flags:
    filled: Flags = pc.not_equal(batch.column("c0").fill_null(""), "").to_numpy(zero_copy_only=False)
    return filled


def _by_code(texts: pa.DictionaryArray, hit: pa.Array) -> Flags:
    flags = hit.to_numpy(zero_copy_only=False)
    result: Flags = flags[texts.indices.to_numpy(zero_copy_only=False)] if len(flags) else np.zeros(len(texts), dtype=bool)
    return result


def _leave(result: Flags, hit: Flags, reason: str, count: _Count) -> None:
    fresh = int((hit & ~result).sum())
    if fresh:
        count.left_out[reason] += fresh
        result |= hit


def _refused(
    batch: pa.RecordBatch,
    raw: RawTable,
    mapping: Mapping,
    table: CanonicalTable,
    cells: dict[str, Cells],
    left_out: Flags,
    count: _Count,
) -> Flags:
    refused = np.zeros(batch.num_rows, dtype=bool)

    def refuse(rows: Flags, column: str, reason: Callable[[int], tuple[str, str]]) -> None:
        for at in np.flatnonzero(rows & ~left_out & ~refused):
            count.refused += 1
            if len(count.refusals) < MOST_REFUSALS:
                value, why = reason(int(at))
                line = int(batch.column("line")[int(at)].as_py())
                count.refusals.append(Refusal(line, column, value, why, _raw_text(batch, int(at))))
        refused[rows & ~left_out] = True

    if raw.faults:
        lines = batch.column("line").to_pylist()
        refuse(np.isin(lines, list(raw.faults)), "", lambda at: ("", raw.faults[lines[at]]))
    for column in table.columns:
        read = cells[column.name]
        if read.bad is not None and read.texts is not None:
            texts, reasons = decoded(read.texts), read.reasons or {}
            refuse(read.bad, column.name, lambda at, t=texts, r=reasons: (t[at].as_py(), r[t[at].as_py()]))
        if column.is_required and read.values.null_count:
            absent = read.values.is_null().to_numpy(zero_copy_only=False)
            refuse(absent, column.name, lambda at, name=column.name: _why_missing(batch, mapping, name, at))
    if "currency" in cells and "amount" in cells and cells["currency"].values.null_count:
        amount, currency = decoded(cells["amount"].values), decoded(cells["currency"].values)
        lacking = pc.and_(pc.is_null(currency), pc.is_valid(amount)).to_numpy(zero_copy_only=False)
        refuse(lacking, "currency", lambda at: ("", NO_CURRENCY))
    return refused


def _why_missing(batch: pa.RecordBatch, mapping: Mapping, name: str, at: int) -> tuple[str, str]:
    for reading in mapping.columns.get(name, ()):
        if reading.via and reading.source is not None:
            text = (batch.column(f"c{reading.source}")[at].as_py() or "").strip()
            if text:
                return text, f"is not among the {reading.via[-1].source} that were imported"
    return "", "is missing"


def _raw_text(batch: pa.RecordBatch, at: int) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([column[at].as_py() or "" for column in batch.columns[1:]])
    return re.sub(r"[\r\n]+", " ", line.getvalue())[:2000]


def _money_readings(mapping: Mapping, table: CanonicalTable) -> list[tuple[str, Reading]]:
    found: dict[int, tuple[str, Reading]] = {}
    for name in table.money:
        for reading in mapping.columns.get(name, ()):
            if reading.reader == "money" and reading.source is not None and not reading.via:
                for at in (reading.source, reading.plus):
                    if at is not None:
                        bare = replace(reading, source=at, plus=None, times=None, options={**reading.options, "sign": None})
                        found.setdefault(at, (name, bare))
    return list(found.values())


def _add_money(
    count: _Count, names: tuple[str, ...], amounts: list[pa.Array], currency: pa.Array, left_out: Flags, refused: Flags
) -> None:
    if not names:
        return
    state = pa.DictionaryArray.from_arrays(
        pa.array(np.where(left_out, 2, np.where(refused, 1, 0)).astype(np.int8)), pa.array(["taken", "refused", "left_out"])
    )
    columns = {"currency": currency.fill_null(""), "state": state.dictionary_decode()}
    columns |= {f"m{at}": amount for at, amount in enumerate(amounts)}
    sums = pa.table(columns).group_by(["currency", "state"]).aggregate([(f"m{at}", "sum") for at in range(len(amounts))])
    for row in sums.to_pylist():
        for at, name in enumerate(names):
            key = (name, row["currency"], row["state"])
            count.money[key] = count.money.get(key, Decimal(0)) + (row[f"m{at}_sum"] or Decimal(0))


def _money_lines(count: _Count, names: tuple[str, ...]) -> tuple[MoneyLine, ...]:
    lines = []
    for name in names:
        for currency in sorted({code for column, code, _ in count.money if column == name}):
            taken, refused, left = (
                count.money.get((name, currency, state), Decimal(0)) for state in ("taken", "refused", "left_out")
            )
            if currency or taken or refused or left:
                lines.append(MoneyLine(name, currency, taken + refused + left, refused, left))
    return tuple(lines)


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
    return pa.Table.from_arrays([pc.cast(each, kind.type) for each, kind in zip(arrays, schema, strict=True)], schema=schema)


def _natural_key(table: CanonicalTable, columns: dict[str, pa.Array]) -> pa.Array:
    parts = [pc.cast(decoded(columns[name]), pa.string()) for name in NATURAL_KEY.get(table.name, ())]
    if not parts:
        return pa.nulls(len(next(iter(columns.values()))), pa.string())
    # A currency's one rate for all months has no month, and is still the same row in another export.
    key = [parts[0], *(each.fill_null("") for each in parts[1:])]
    return pc.binary_join_element_wise(*key, "|") if len(key) > 1 else key[0]
