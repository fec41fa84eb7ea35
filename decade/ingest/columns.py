"""One canonical column from raw text: readers applied once per distinct text, results spread by code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest.cells import Cells, coded, combined, decoded, missing_as_null, trimmed
from decade.ingest.links import Links
from decade.ingest.readings import Reading
from decade.ingest.schema import CanonicalColumn
from decade.ingest.values import Reader, is_missing, reader

_PLAIN_MONEY = r"^-?\d{1,12}(\.\d{1,4})?$"
_CENT = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
_WHOLE = r"^-?\d{1,12}$"
_PLAIN_DAY = r"^(19|20|21)\d\d-\d\d-\d\d$"
_MOVES = ("plus_days", "plus_months", "month")
_FEW = 64  # texts that are read one by one


class ColumnReader:
    """Reads one column by one reading, batch after batch, remembering every text met."""

    def __init__(self, column: CanonicalColumn, reading: Reading, links: Links) -> None:
        self._column, self._reading = column, reading
        self._type = pa.bool_() if reading.reader == "flag" and column.unit == "flag" else column.type
        self._read: Reader = reader(reading.reader, reading.options) if not reading.gather else lambda text: text
        self._lookups = [links.lookup(link) for link in reading.via]
        self._is_day = reading.reader == "date" and not any(reading.options.get(each) for each in _MOVES)
        self._known: dict[str, Any] = {}
        self._reasons: dict[str, str] = {}

    @property
    def needs_floor(self) -> bool:
        """True when what it finds depends on a day of the row."""
        return bool(self._reading.after and self._lookups)

    def read(self, batch: pa.RecordBatch, floor: pa.Array | None = None) -> Cells:
        """The column's values in a batch; `floor` are the dates on or after which a looked-up date counts."""
        reading = self._reading
        if reading.gather:
            return Cells(_answers(batch, reading))
        if reading.source is None:
            same = pa.array(np.zeros(batch.num_rows, dtype=np.int32))
            value = pa.array([reading.value], pa.string())
            return Cells(self._spread(pa.DictionaryArray.from_arrays(same, value)).values)
        texts = self._texts(batch)
        if reading.reader == "text" and not self._lookups:
            return Cells(texts)
        if self.needs_floor:
            return Cells(self._dates_after(decoded(texts), floor))
        cells = self._spread(self._looked_up(coded(texts)))
        if reading.plus is not None:
            cells = combined(cells, self._spread(coded(self._at(batch, reading.plus))), pc.add, 0)
        if reading.minus is not None:
            cells = combined(cells, self._spread(coded(self._at(batch, reading.minus))), pc.subtract, 0)
        if reading.times is not None:
            count = coded(self._at(batch, reading.times))
            read = ColumnReader(self._column, _plain_number(reading), Links([], _nothing_earlier))
            cells = combined(cells, read._spread(count), pc.multiply, 1)
        cells = self._fitted(cells)
        if reading.percent is not None:
            share = ColumnReader(
                self._column, replace(_plain_number(reading), reader="share"), Links([], _nothing_earlier)
            )
            cells = combined(cells, share._spread(coded(self._at(batch, reading.percent))), _hundredths, 0)
        return self._fitted(cells)

    def _texts(self, batch: pa.RecordBatch) -> pa.Array:
        reading = self._reading
        assert reading.source is not None
        texts = self._at(batch, reading.source)
        if reading.join:
            parts = [decoded(each) for each in (texts, *(self._at(batch, at) for at in reading.join))]
            filled = [part.fill_null("") for part in parts]
            texts = missing_as_null(
                pc.utf8_trim_whitespace(pc.binary_join_element_wise(*filled, reading.options.get("between", " ")))
            )
        return _bare_days(texts) if reading.reader in ("date", "month") else texts

    def _at(self, batch: pa.RecordBatch, position: int) -> pa.Array:
        cells = batch.column(f"c{position}")
        if pa.types.is_dictionary(cells.type):
            distinct = missing_as_null(trimmed(cells.dictionary))
            return pa.DictionaryArray.from_arrays(cells.indices, distinct)
        return missing_as_null(trimmed(cells))

    def _looked_up(self, texts: pa.DictionaryArray) -> pa.DictionaryArray:
        if not self._lookups:
            return texts
        found = []
        for text in texts.dictionary.to_pylist():
            for lookup in self._lookups:
                values = lookup.get(text) if text is not None else None
                text = values[-1] if values else None
            found.append(text if text is None or not is_missing(text) else None)
        distinct = pa.array(found, pa.string())
        return pa.DictionaryArray.from_arrays(texts.indices, distinct)

    def _spread(self, texts: pa.DictionaryArray) -> Cells:
        fast = self._fast_days(texts.dictionary) if self._is_day else self._fast_money(texts.dictionary)
        if fast is not None:
            return Cells(pa.DictionaryArray.from_arrays(texts.indices, fast))
        values: list[Any] = []
        bad_codes: list[int] = []
        for code, text in enumerate(texts.dictionary.to_pylist()):
            if text is None:
                values.append(None)
                continue
            if text not in self._known and text not in self._reasons:
                try:
                    self._known[text] = self._fit(self._read(text))
                except (ValueError, OverflowError) as problem:
                    self._reasons[text] = str(problem)
            if text in self._reasons:
                bad_codes.append(code)
            values.append(self._known.get(text))
        spread = pa.DictionaryArray.from_arrays(texts.indices, pa.array(values, self._type))
        if not bad_codes:
            return Cells(spread)
        bad = np.isin(texts.indices.fill_null(-1).to_numpy(zero_copy_only=False), bad_codes)
        return Cells(spread, bad, texts, self._reasons)

    def _fast_days(self, distinct: pa.Array) -> pa.Array | None:
        """The days, when each is written year first and is one of the calendar."""
        if len(distinct) < _FEW or not pc.all(pc.match_substring_regex(distinct, _PLAIN_DAY).fill_null(True)).as_py():
            return None
        try:
            return pc.cast(distinct, pa.date32())
        except pa.ArrowInvalid:
            return None

    def _fast_money(self, distinct: pa.Array) -> pa.Array | None:
        options = self._reading.options
        scale = Decimal(str(options.get("scale", 1)))
        if (
            self._reading.reader != "money"
            or options.get("sign")
            or options.get("zero")
            or options.get("decimal", ".") != "."
            or len(distinct) < _FEW
        ):
            return None
        if not pa.types.is_decimal(self._type):
            return None
        if not pc.all(
            pc.match_substring_regex(distinct, _PLAIN_MONEY if scale == 1 else _WHOLE).fill_null(True)
        ).as_py():
            return None
        if scale == 1:
            return pc.cast(pc.cast(distinct, pa.decimal128(20, 4)), self._type) if self._type.scale == 4 else None
        if scale != Decimal("0.01"):
            return None
        whole = pc.cast(pc.cast(distinct, pa.int64()), pa.decimal128(19, 0))
        return pc.cast(pc.multiply(whole, pa.scalar(scale, pa.decimal128(3, 2))), self._type)

    def _fit(self, value: Any) -> Any:
        if isinstance(value, Decimal | int) and not isinstance(value, bool) and pa.types.is_decimal(self._type):
            fitted = Decimal(value).quantize(Decimal(1).scaleb(-self._type.scale), ROUND_HALF_EVEN)
            if abs(fitted) >= Decimal(10) ** (self._type.precision - self._type.scale):
                raise ValueError("is too large")
            return fitted
        if isinstance(value, int) and pa.types.is_integer(self._type) and abs(value) >= 2 ** (self._type.bit_width - 1):
            raise ValueError("is too large")
        return value

    def _fitted(self, cells: Cells) -> Cells:
        if cells.values.type == self._type or pa.types.is_dictionary(cells.values.type):
            return cells
        return Cells(
            pc.cast(pc.round(cells.values, self._type.scale), self._type),
            cells.bad,
            cells.texts,
            cells.reasons,
        )

    def _dates_after(self, texts: pa.Array, floor: pa.Array | None) -> pa.Array:
        floors = floor.to_pylist() if floor is not None else [None] * len(texts)
        days: dict[str, list[date]] = {}
        result: list[date | None] = []
        for text, start in zip(texts.to_pylist(), floors, strict=True):
            if text is not None and text not in days:
                days[text] = self._days(text)
            fitting = [day for day in days.get(text, ()) if start is None or day >= start]
            result.append(fitting[0] if fitting else None)
        return pa.array(result, self._type)

    def _days(self, text: str) -> list[date]:
        values: tuple[str, ...] = (text,)
        for lookup in self._lookups:
            values = tuple(found for value in values for found in lookup.get(value, ()))
        days = []
        for value in values:
            try:
                day = self._read(value)
            except ValueError:
                continue
            if isinstance(day, date):
                days.append(day)
        return sorted(days)


def _bare_days(texts: pa.Array) -> pa.Array:
    """Year-first dates without their time: as many texts as there are days, not as there are seconds."""
    if pa.types.is_dictionary(texts.type):
        return pa.DictionaryArray.from_arrays(texts.indices, _bare_days(texts.dictionary))
    if not len(texts) or (pc.max(pc.binary_length(texts)).as_py() or 0) <= 10:
        return texts
    is_timed = pc.match_substring_regex(texts, r"^\d{4}-\d\d-\d\d[ T]")
    return pc.if_else(is_timed, pc.utf8_slice_codeunits(texts, 0, 10), texts)


def _hundredths(amount: pa.Array, share: pa.Array) -> pa.Array:
    return pc.multiply(pc.cast(amount, pa.decimal128(18, 4)), pc.multiply(pc.cast(share, pa.decimal128(9, 4)), _CENT))


def _nothing_earlier(_: str) -> tuple[()]:
    return ()


def _plain_number(reading: Reading) -> Reading:
    options = {key: value for key, value in reading.options.items() if key == "decimal"}
    return Reading(spec={}, reader="money", options=options, source=reading.times)


def _answers(batch: pa.RecordBatch, reading: Reading) -> pa.Array:
    columns = [batch.column(f"c{at}").to_pylist() for _, at in reading.gather]
    names = [name for name, _ in reading.gather]
    rows = []
    for cells in zip(*columns, strict=True):
        found = {
            name: int(cell)
            for name, cell in zip(names, cells, strict=True)
            if cell and cell.strip() in ("-1", "0", "1")
        }
        rows.append(json.dumps(found) if found else None)
    return pa.array(rows, pa.string())
