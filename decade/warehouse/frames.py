"""Answers with the same column types whatever the rows: dates, whole numbers, floats, flags and texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from decade.queries import Question

KINDS = {
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "count": "Int64",
    "flag": "boolean",
    "money": "float64",
    "rate": "float64",
    "ratio": "float64",
    "months": "float64",
    "days": "float64",
    "hours": "float64",
    "text": "str",
}
HELD = {
    "datetime64[us]": pa.timestamp("us"),
    "Int64": pa.int64(),
    "boolean": pa.bool_(),
    "float64": pa.float64(),
    "str": pa.large_string(),
}
TEXT = pd.StringDtype(storage="pyarrow", na_value=np.nan)
TEXTS: Any = pd.arrays.ArrowStringArray
SMALL = pd.StringDtype(storage="python", na_value=np.nan)
FEW = 20_000  # rows: up to here texts are chosen and joined quicker as objects; beyond, Arrow sorts them quicker


def normalise(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The frame with each column in the type of its promised unit; missing stays missing."""
    found = frame.dtypes
    kinds = {
        each.name: KINDS[each.unit]
        for each in question.columns
        if each.name in frame.columns and str(found[each.name]) != KINDS[each.unit]
    }
    return frame.astype(kinds) if kinds else frame


def framed(table: pa.Table, question: Question) -> pd.DataFrame:
    """The same out of an Arrow table, without an object for each text: several times quicker than by way of objects."""
    kinds = {each.name: KINDS[each.unit] for each in question.columns}
    columns = {
        name: _column(column, kinds[name]) if name in kinds else column.to_pandas()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pd.DataFrame(columns, copy=False)


def _column(column: pa.ChunkedArray, kind: str) -> Any:
    """A column in one of the KINDS."""
    if kind == "float64" and pa.types.is_decimal(column.type):
        return _floats(column)
    found = column if column.type == HELD[kind] else column.cast(HELD[kind])
    if kind == "str" and len(found) <= FEW:
        texts = np.array(found.to_pylist(), dtype=object)
        texts[_writable(found.is_null())] = np.nan
        return pd.array(texts, dtype=SMALL)
    if kind == "str":
        return TEXTS(found.combine_chunks(), dtype=TEXT)
    if kind in ("Int64", "boolean"):
        missing = _writable(found.is_null())
        known = _writable(found.fill_null(0 if kind == "Int64" else False))
        make = pd.arrays.IntegerArray if kind == "Int64" else pd.arrays.BooleanArray
        return make(known, missing)
    return _writable(found)


def _writable(column: pa.ChunkedArray) -> np.ndarray:
    """An array of its own: Arrow's memory cannot be written to."""
    return np.array(column.to_numpy())


def _floats(column: pa.ChunkedArray) -> np.ndarray:
    """Decimals as the nearest floats; Arrow's own cast multiplies by a power of ten, and misses them by a digit."""
    array = column.combine_chunks()
    if not pa.types.is_decimal128(array.type) or not len(array):
        return _writable(column.cast(pa.float64()))
    words = np.frombuffer(array.buffers()[1], dtype=np.int64).reshape(-1, 2)[array.offset :][: len(array)]
    missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False))
    low, high = words[:, 0], words[:, 1]
    if ((high != low >> 63) & ~missing).any():  # beyond nine quintillion units of the last digit
        return _writable(column.cast(pa.float64()))
    values = low / 10.0**array.type.scale
    values[missing] = np.nan
    return np.asarray(values)
