"""Periods written in one cell (`01.01.2024 - 31.03.2024`): their first and last day become columns of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest.cells import missing_as_null
from decade.ingest.dates import orders_that_fit, read_date
from decade.ingest.headers import MOST_NAMES, normal
from decade.ingest.raw import RawTable, raw_schema
from decade.ingest.values import is_missing
from decade.ingest.words import OPEN_ENDED
from decade.ingest.writing import writing

_BETWEEN = r"\s*(?:\s[-–—/]+\s|[–—]|\s(?:to|until|till|through|thru|bis|au|al|hasta|do|по)\s|\.\.+|→)\s*"
_SPAN = rf"^\s*(?P<first>\S(?:.*?\S)?){_BETWEEN}(?P<last>\S.*?)\s*$"
_ENDS = (  # how the names of the first and the last day of one period end
    ("from", "to"), ("from", "until"), ("from", "through"), ("von", "bis"), ("ab", "bis"), ("du", "au"),
    ("desde", "hasta"), ("od", "do"), ("с", "по"), ("del", "al"),
)  # fmt: skip
_LOOKED_AT = 64
_LONGEST = 60  # characters of a period


def with_spans_apart(raw: RawTable) -> RawTable:
    """The table with the two days of each column of periods beside it; the table itself where no column holds any."""
    first = next(raw.batches(size=_LOOKED_AT), None)
    found = [at for at in range(len(raw.header)) if first is not None and _holds_spans(first.column(f"c{at}"))]
    if not found:
        return raw
    path = raw.path.with_name(raw.path.name.replace(".raw.", ".spans.raw."))
    schema = raw_schema(len(raw.header) + 2 * len(found))
    with writing(path, schema) as write:
        for batch in raw.batches():
            apart = [part for at in found for part in _apart(batch.column(f"c{at}"))]
            write(pa.Table.from_arrays([*batch.columns, *apart], schema=schema))
    names = [f"{raw.header[at]} {end}" for at in found for end in ("start", "end")]
    return replace(raw, path=path, header=(*raw.header, *names))


def is_span(text: str) -> bool:
    """Whether a cell holds two days with a word or a dash between them."""
    return _are_spans([text])


def from_until(raw: RawTable) -> list[tuple[int, int]]:
    """The columns of days that are named alike but for their last word (`Umowa od`, `Umowa do`): first and last day."""
    named = {tuple(normal(name).split()): at for at, name in enumerate(raw.header[:MOST_NAMES])}
    found = [
        (at, named[(*words[:-1], last)])
        for words, at in named.items()
        for first, last in _ENDS
        if words[-1:] == (first,) and (*words[:-1], last) in named
    ]
    return [pair for pair in found if all(_holds_days(raw, at) for at in pair)]


def _holds_days(raw: RawTable, at: int) -> bool:
    texts = [text for text in raw.examples(at, 20) if not is_missing(text) and text.strip().lower() not in OPEN_ENDED]
    return any(_are_days(texts, order) for order in orders_that_fit(texts))


def _holds_spans(cells: pa.Array) -> bool:
    return _are_spans([text for text in missing_as_null(cells.fill_null("")).to_pylist() if text])


def _are_spans(texts: Sequence[str]) -> bool:
    if not texts or any(len(text) > _LONGEST for text in texts):
        return False
    parts = [re.match(_SPAN, text) for text in texts]
    days = [part[end] for part in parts if part for end in ("first", "last")]
    return all(parts) and any(_are_days(days, order) for order in orders_that_fit(days))


def _are_days(texts: Sequence[str], order: str) -> bool:
    try:
        return all(read_date(text, order) is not None and not text.isdigit() for text in texts)
    except ValueError:
        return False


def _apart(cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """First and last day of each period as text; a cell that is no period gives itself and nothing."""
    found = pc.extract_regex(cells, _SPAN)
    first, last = (pc.struct_field(found, end) for end in ("first", "last"))
    return pc.coalesce(first, cells), last.fill_null("")
