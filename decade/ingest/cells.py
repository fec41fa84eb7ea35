"""The cells of a column in a batch: values, what could not be read, and how columns are put together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest.words import MISSING

_SPACE, _BEYOND_ASCII = 32, 128
_BLANKS = pa.array(sorted({form for word in MISSING for form in (word, word.upper(), word.title())}))
_LONGEST_BLANK = pc.max(pc.binary_length(_BLANKS)).as_py()


@dataclass(frozen=True)
class Cells:
    """A column of a batch: its values, and for the rows that could not be read, what stood there and why."""

    values: pa.Array
    bad: npt.NDArray[np.bool_] | None = None
    texts: pa.Array | None = None  # what was read, where a row may be bad
    reasons: dict[str, str] | None = None


def decoded(values: pa.Array) -> pa.Array:
    """The values themselves of an array that may be held by codes."""
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def coded(texts: pa.Array) -> pa.DictionaryArray:
    """The texts as codes and distinct texts."""
    return texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()


def first_filled(cells: list[Cells]) -> Cells:
    """Row by row the first reading that found a value; a row is bad where its reading failed."""
    result = cells[0]
    for following in cells[1:]:
        values, more = decoded(result.values), decoded(following.values)
        open_rows = values.is_null().to_numpy(zero_copy_only=False)
        if result.bad is not None:
            open_rows &= ~result.bad
        if not open_rows.any():
            break
        bad, texts, reasons = result.bad, result.texts, result.reasons
        if following.bad is not None:
            new = following.bad & open_rows
            texts = (
                following.texts
                if texts is None
                else pc.if_else(pa.array(new), decoded(following.texts), decoded(texts))
            )
            bad = new if bad is None else bad | new
            reasons = {**(reasons or {}), **(following.reasons or {})}
        fill = pc.if_else(pa.array(open_rows), more, pa.scalar(None, more.type))
        result = Cells(pc.coalesce(values, fill), bad, texts, reasons)
    return result


def _letters_of(texts: pa.Array) -> npt.NDArray[np.uint8]:
    """The UTF-8 bytes of all texts, one after the other, as they lie there."""
    letters = texts.buffers()[2]
    if letters is None or not len(texts):
        return np.empty(0, np.uint8)
    ends = _ends_of(texts)
    return np.frombuffer(letters, np.uint8)[ends[0] : ends[-1]]


def _ends_of(texts: pa.Array) -> npt.NDArray[np.int32]:
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]


def one_may_match(texts: pa.Array, pattern: str) -> bool:
    """False when none of the texts holds the pattern: asked of all of them at once, as if they were one."""
    letters = _letters_of(texts)
    ends = pa.py_buffer(np.array([0, letters.size], np.int32))
    whole = pa.Array.from_buffers(pa.string(), 1, [None, ends, pa.py_buffer(letters)])
    return bool(pc.match_substring_regex(whole, pattern)[0].as_py())


def trimmed(texts: pa.Array) -> pa.Array:
    """The texts without space around them; most have none at all, which their bytes tell at once."""
    letters = _letters_of(texts)
    is_bare = not letters.size or (letters.min() > _SPACE and letters.max() < _BEYOND_ASCII)
    return texts if is_bare else pc.utf8_trim_whitespace(texts)


def missing_as_null(texts: pa.Array) -> pa.Array:
    """The texts, with the words that stand for a missing value as nulls."""
    if len(texts) and np.diff(_ends_of(texts)).min() > _LONGEST_BLANK:
        return texts
    blank = pc.is_in(texts, _BLANKS)
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts) if pc.any(blank).as_py() else texts


def combined(left: Cells, right: Cells, operation: Any, neutral: int) -> Cells:
    """Two columns under an operation, such as a sum; `neutral` stands for what the right one lacks."""
    one, other = decoded(left.values), decoded(right.values)
    whole = (
        pa.scalar(Decimal(neutral), other.type) if pa.types.is_decimal(other.type) else pa.scalar(neutral, other.type)
    )
    values = operation(one, other.fill_null(whole))
    if left.bad is None and right.bad is None:
        return Cells(values)
    none = np.zeros(len(one), dtype=bool)
    in_right = right.bad if right.bad is not None else none
    bad = (left.bad if left.bad is not None else none) | in_right
    source = [each.texts for each in (left, right) if each.texts is not None]
    texts = (
        decoded(source[0])
        if len(source) == 1
        else pc.if_else(pa.array(in_right), decoded(source[1]), decoded(source[0]))
    )
    return Cells(values, bad, texts, {**(left.reasons or {}), **(right.reasons or {})})
