"""Tables that do not have one row a fact: months as columns become rows, headings between rows become a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from decade.ingest.cells import missing_as_null
from decade.ingest.headers import normal
from decade.ingest.periods import month_of, quarter_of
from decade.ingest.raw import RawTable, raw_schema
from decade.ingest.words import MONTHS
from decade.ingest.writing import writing

MONTH, KEY, SECTION = "month", "row and month", "section"
UNTOLD = "amount of the month"  # what the months hold is not said: it has to be asked
MEANINGS = {"mrr": "mrr", "arr": "arr", "active_users": "active users", "licences": "licences"}
HEADINGS = "headings between rows"
_FEWEST_MONTHS = 3
_HINTS = (
    ("mrr", r"\b(mrr|monthly recurring revenue|monthly recurring)\b"),
    ("arr", r"\b(arr|annual recurring revenue|annualis?z?ed recurring)\b"),
    ("active users", r"\b(active users|mau|monthly active)\b"),
    ("licences", r"\b(licen[cs]es|seats)\b"),
)
_NOTHING = r"^[^\d]*0*([.,]0+)?[^\d]*$"
_TOTAL = re.compile(r"(?i)(grand )?(sub)?totals?\b")


def reshaped(raw: RawTable) -> RawTable:
    """The same facts with one row for each, or the table itself when it already is so."""
    raw = _with_sections(raw)
    months = _month_columns(raw.header) or _month_columns(_with_year(raw)) or _quarter_columns(raw.header)
    return _long(raw, months) if months else raw


def _with_year(raw: RawTable) -> tuple[str, ...]:
    """A header of months without a year (`Jan`, `Feb`), with the one that the sheet, its title or its file names."""
    is_month = [name.strip(" .").lower() in MONTHS for name in raw.header]
    numbers = [MONTHS[name.strip(" .").lower()] for name, told in zip(raw.header, is_month, strict=True) if told]
    if numbers != sorted(set(numbers)):
        return ()
    for text in (raw.sheet, *raw.preamble, raw.file_name):
        if years := set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)):
            year = years.pop() if len(years) == 1 else ""
            named = zip(raw.header, is_month, strict=True)
            return tuple(f"{name.strip(' .')} {year}" if told else name for name, told in named) if year else ()
    return ()


def _quarter_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """The positions of the columns that are quarters, each for its three months: a level holds throughout."""
    found = {at: day for at, name in enumerate(header) if (day := quarter_of(name)) is not None}
    days = list(found.values())
    in_order = days == sorted(set(days)) or days == sorted(set(days))[::-1]
    if len(found) < _FEWEST_MONTHS or not in_order or len(found) == len(header):
        return []
    return [(at, f"{day.replace(month=day.month + more):%Y-%m-%d}") for at, day in found.items() for more in range(3)]


def _month_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """The positions of the columns that are months, one after another, with the first day of each; none if few."""
    found = {at: day for at, name in enumerate(header) if (day := month_of(name)) is not None}
    days = list(found.values())
    in_order = days == sorted(set(days)) or days == sorted(set(days))[::-1]
    if len(found) < _FEWEST_MONTHS or not in_order or len(found) == len(header):
        return []
    return [(at, f"{day:%Y-%m-%d}") for at, day in found.items()]


def _meaning(raw: RawTable, months: Sequence[tuple[int, str]]) -> str:
    """What the months hold, as the file itself says: in its months' names, its sheet, its title or its name."""
    others = [name for at, name in enumerate(raw.header) if at not in {place for place, _ in months}]
    for text in (raw.header[months[0][0]], raw.sheet, *raw.preamble, *others[:1], raw.file_name):
        bare = normal(text)
        for name, form in _HINTS:
            if re.search(form, bare):
                return name
    return UNTOLD


def _long(raw: RawTable, months: Sequence[tuple[int, str]]) -> RawTable:
    kept = [at for at in range(len(raw.header)) if at not in {place for place, _ in months}]
    keys, sheet = _key_columns(raw, kept), _words_of(raw.sheet)
    path = raw.path.with_name(raw.path.name.replace(".raw.", ".long.raw."))
    schema, count = raw_schema(len(kept) + 3), 0
    seen: dict[str, int] = {}
    with writing(path, schema) as write:
        for batch in raw.batches():
            rows, width = batch.num_rows, len(months)
            named = _names(batch, keys, seen, sheet)
            cells = pa.concat_arrays([missing_as_null(batch.column(f"c{at}").fill_null("")) for at, _ in months])
            there = _is_told(cells, width, is_ascending=months[0][1] < months[-1][1])
            order = np.arange(rows * width).reshape(width, rows).T.ravel()  # by row, then by month
            order = order[there[order]]
            row, month = pa.array(order % rows), pa.array(order // rows)
            day = pa.array([each for _, each in months]).take(month)
            columns = [batch.column(f"c{at}").take(row) for at in kept]
            key = pc.binary_join_element_wise(named.take(row), day, " ")
            arrays = [batch.column("line").take(row), *columns, day, key, cells.take(pa.array(order))]
            write(pa.table(arrays, schema=schema))
            count += len(order)
    header = (*(raw.header[at] for at in kept), MONTH, KEY, _meaning(raw, months))
    written = f"{raw.written}; {raw.rows:,} rows with {len(months)} months each became {count:,}"
    return replace(raw, path=path, header=header, rows=count, written=written, faults={})


def _is_told(cells: pa.Array, months: int, *, is_ascending: bool) -> NDArray[np.bool_]:
    """Which cells, month after month, say something: an amount, and the 0 that comes after one."""
    is_nothing = pc.match_substring_regex(cells, _NOTHING).fill_null(True).to_numpy(zero_copy_only=False)
    is_zero = pc.match_substring_regex(cells, "0").fill_null(False).to_numpy(zero_copy_only=False) & is_nothing
    is_amount = ~is_nothing.reshape(months, -1)
    before = np.roll(is_amount, 1 if is_ascending else -1, axis=0)
    before[0 if is_ascending else -1] = False
    return np.asarray((is_amount | (is_zero.reshape(months, -1) & before)).ravel())


def _key_columns(raw: RawTable, kept: Sequence[int]) -> list[int]:
    """The columns that tell the rows apart: who, what and in which currency; the first one when none says so."""
    told = re.compile(
        r"\b(id|customer|client|account|company|name|kunde|client|cliente|klient|клиент|firma|nom|nombre|nazwa"
        r"|product|plan|subscription|currency|produkt|tarif|währung|waluta|devise|moneda|валюта)\b"
    )
    return [at for at in kept if told.search(normal(raw.header[at]))] or list(kept[:1])


def _words_of(sheet: str) -> str:
    """What a workbook's sheet is called, without its days and months: those change with every export."""
    return " ".join(word for word in normal(sheet).split() if word.isalpha() and word not in MONTHS)


def _names(batch: pa.RecordBatch, keys: Sequence[int], seen: dict[str, int], sheet: str) -> pa.Array:
    """A name for each row, from its sheet and key columns; the second row of the same name is `name #2`."""
    names = []
    for cells in zip(*(batch.column(f"c{at}").to_pylist() for at in keys), strict=True):
        name = " · ".join(cell.strip() for cell in (*cells, sheet) if cell and cell.strip())
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return pa.array(names, pa.string())


def _with_sections(raw: RawTable) -> RawTable:
    """A report whose rows stand under headings (QuickBooks): the headings fill the first column, which has no name."""
    if len(raw.header) < 4 or raw.header[0] or not any(raw.header[1:]):
        return raw
    first = [cell for batch in raw.batches([0]) for cell in batch.column(1).to_pylist()]
    filled = [bool(cell and cell.strip()) for cell in first]
    if not any(filled) or sum(filled) > 0.8 * len(filled):
        return raw
    path: Path = raw.path.with_name(raw.path.name.replace(".raw.", ".filled.raw."))
    held, dropped = 0, 0
    with writing(path, raw_schema(len(raw.header))) as write:
        stack: list[str] = []
        for batch in raw.batches():
            kept, names = _filled_down(batch, stack)
            dropped += batch.num_rows - len(kept)
            held += len(kept)
            chosen = batch.take(pa.array(kept, pa.int64()))
            write(pa.Table.from_batches([chosen.set_column(1, "c0", pa.array(names, pa.string()))]))
    header = (SECTION, *raw.header[1:])
    left_out = {**raw.left_out, HEADINGS: dropped} if dropped else raw.left_out
    return replace(raw, path=path, header=header, rows=held, left_out=left_out)


def _filled_down(batch: pa.RecordBatch, stack: list[str]) -> tuple[list[int], list[str]]:
    kept, names = [], []
    for at, cells in enumerate(_rows(batch)):
        first = cells[0]
        if not first:
            kept.append(at)
            names.append(stack[-1] if stack else "")
        elif _TOTAL.match(first):
            kept.append(at)
            names.append(first)
            bare = re.sub(r"(?i)^(grand )?totals?( for)?:?\s*", "", first)
            if bare in stack:
                del stack[stack.index(bare) :]
        elif not any(cells[1:]):
            stack.append(first)
        else:
            kept.append(at)
            names.append(first)
    return kept, names


def _rows(batch: pa.RecordBatch) -> Iterator[list[str]]:
    columns = [batch.column(at).to_pylist() for at in range(1, batch.num_columns)]
    for cells in zip(*columns, strict=True):
        yield [(cell or "").strip() for cell in cells]
