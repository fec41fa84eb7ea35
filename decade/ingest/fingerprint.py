"""Fingerprints: the same canonical values give the same 64 bits, today and in any later import."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

U64 = npt.NDArray[np.uint64]
_LONG = 1024  # bytes: beyond this a text is hashed by itself
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MISSING = np.uint64(0xD1B54A32D192ED03)
_PIECE = 1 << 14


def mix(values: U64) -> U64:
    """Splitmix64 of each value: every input bit reaches every output bit."""
    return _mixed(values.copy())


def _mixed(values: U64, more: U64 | np.uint64 | None = None) -> U64:
    """The values mixed where they lie; with `more`, three times each of them and that: row upon row.

    Piece by piece, so that what is worked on stays in the processor's cache.
    """
    spare = np.empty(min(len(values), _PIECE), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(0, len(values), _PIECE):
            z = values[at : at + _PIECE]
            shifted = spare[: len(z)]
            if more is not None:
                z *= np.uint64(3)
                z += more[at : at + _PIECE] if isinstance(more, np.ndarray) else more
            z += _GOLDEN
            z ^= np.right_shift(z, np.uint64(30), out=shifted)
            z *= np.uint64(0xBF58476D1CE4E5B9)
            z ^= np.right_shift(z, np.uint64(27), out=shifted)
            z *= np.uint64(0x94D049BB133111EB)
            z ^= np.right_shift(z, np.uint64(31), out=shifted)
    return values


def fingerprint(columns: list[pa.Array]) -> pa.Array:
    """One uint64 per row over all columns, in their order; a missing value counts as a value of its own."""
    result = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        is_empty = column.null_count == len(column)
        result = _mixed(result, _MISSING if is_empty else _of_column(column))
    return pa.array(result, type=pa.uint64())


def _of_column(column: pa.Array) -> U64:
    if column.null_count == len(column):
        return np.full(len(column), _MISSING, dtype=np.uint64)
    if pa.types.is_dictionary(column.type):
        codes = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
        values = _of_column(column.dictionary)
        hashed = values[codes] if len(values) else np.zeros(len(column), dtype=np.uint64)
        return _with_missing(hashed, column.indices)
    if pa.types.is_string(column.type):
        return _with_missing(_of_text(column.fill_null("")), column)
    if pa.types.is_decimal(column.type):
        words = np.frombuffer(column.buffers()[1], dtype=np.uint64)
        low = words[2 * column.offset : 2 * (column.offset + len(column)) : 2]
        return _with_missing(mix(low), column)
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    if pa.types.is_date32(column.type):
        column = pc.cast(column, pa.int32())
    zero = pa.scalar(0, type=column.type)
    numbers = column.fill_null(zero).to_numpy(zero_copy_only=False)
    if pa.types.is_floating(column.type):
        bits = (numbers.astype(np.float64) + 0.0).view(np.uint64)
    else:
        bits = numbers.astype(np.int64).view(np.uint64)
    return _with_missing(_mixed(bits), column)


def _with_missing(hashed: U64, column: pa.Array) -> U64:
    if column.null_count == 0:
        return hashed
    missing = column.is_null().to_numpy(zero_copy_only=False)
    return np.where(missing, _MISSING, hashed)


def _of_text(column: pa.Array) -> U64:
    """Chained mix over the UTF-8 bytes, eight at a time, for all rows at once."""
    rows = len(column)
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[column.offset : column.offset + rows + 1]
    lengths = np.diff(offsets).astype(np.int64)
    result = _mixed(lengths.astype(np.uint64))
    long = np.flatnonzero(lengths > _LONG)
    for at in long.tolist():
        digest = hashlib.blake2b(column[at].as_py().encode(), digest_size=8).digest()
        result[at] = int.from_bytes(digest, "little")
    lengths = np.where(lengths > _LONG, 0, lengths)
    longest = int(lengths.max()) if rows else 0
    if longest == 0:
        return result
    shortest = int(lengths.min())
    data = bytes(memoryview(column.buffers()[2])[offsets[0] : offsets[-1]]) + bytes(8)
    words: U64 = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    starts = (offsets[:-1] - offsets[0]).astype(np.int64)
    with np.errstate(over="ignore"):
        for at in range(0, longest, 8):
            if at + 8 <= shortest:
                result = _mixed(result, words[starts + at])
                continue
            rows_left = slice(None) if at < shortest else np.flatnonzero(lengths > at)
            spare = np.uint64(8) * (8 - np.minimum(lengths[rows_left] - at, 8)).astype(np.uint64)
            word = (words[starts[rows_left] + at] << spare) >> spare
            result[rows_left] = _mixed(result[rows_left], word)
    return result
