"""One way to fill a canonical column: which cell, what is looked up with it, and how the result is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from decade.errors import Refused
from decade.ingest.amounts import currency_of
from decade.ingest.headers import find, normal
from decade.ingest.schema import CanonicalColumn, canonical_tables
from decade.ingest.values import reader_names

Spec = dict[str, Any]
MAY_BE_OPEN = ("ends_on", "term_ends_on")
_OF_A_READING = {
    "from",
    "value",
    "currency_in_header",
    "via",
    "plus",
    "minus",
    "times",
    "percent",
    "join",
    "gather",
    "after",
    "read",
}


@dataclass(frozen=True)
class Link:
    """Look a text up in another file: the row whose `key` is the text gives its `value`."""

    source: str
    key: tuple[str, ...]
    value: tuple[str, ...]
    where: dict[str, tuple[str, ...]]
    unless_listed: tuple[str, str] | None = None  # rows whose first column is listed in the second do not count


@dataclass(frozen=True)
class Reading:
    """One way to fill a column: a cell or a constant, what is looked up with it, the reader of the result."""

    spec: Spec
    reader: str
    options: Spec
    source: int | None = None
    value: str | None = None
    via: tuple[Link, ...] = ()
    plus: int | None = None
    minus: int | None = None
    times: int | None = None
    percent: int | None = None  # of the result, that many hundredths
    join: tuple[int, ...] = ()
    gather: tuple[tuple[str, int], ...] = ()
    after: str = ""

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the cells that it needs."""
        own = () if self.source is None else (self.source,)
        sums = tuple(each for each in (self.plus, self.minus, self.times, self.percent) if each is not None)
        return own + sums + self.join + tuple(at for _, at in self.gather)


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are not for us: those whose cell is one of the words (or none of them, or missing)."""

    reason: str
    source: int
    words: frozenset[str]
    unless: bool = False


def bind_readings(
    table: str, column: str, specs: Any, header: Sequence[str], *, must: bool, usual: Spec | None = None
) -> tuple[Reading, ...]:
    """The readings of one column, bound to a header; `usual` is how the source writes dates and amounts."""
    try:
        canonical = canonical_tables()[table].column(column)
    except KeyError:
        raise Refused(f"{table or 'a file without table'} has no column {column!r}", where="the mapping") from None
    listed = specs if isinstance(specs, list) else [specs]
    written = ({**(usual or {}), **({"from": each} if isinstance(each, str) else each)} for each in listed)
    bound = (_bind_reading(canonical, each, header, must) for each in written)
    return tuple(each for each in bound if each is not None)


def _bind_reading(column: CanonicalColumn, spec: Spec, header: Sequence[str], must: bool) -> Reading | None:
    read = str(spec.get("read", default_reader(column)))
    if read not in (*reader_names(), "answers"):
        raise Refused(
            f"there is no reader {read!r}",
            where=column.name,
            do=f"Choose one of: {', '.join(reader_names())}.",
        )
    options = {
        **_default_options(column),
        **{key: value for key, value in spec.items() if key not in _OF_A_READING},
    }
    if "value" in spec:
        return Reading(spec, read, options, value=str(spec["value"]))
    if "currency_in_header" in spec:
        at = find(header, spec["currency_in_header"])
        code = currency_of(header[at]) if at is not None else None
        return Reading(spec, read, options, value=code) if code else None
    if "gather" in spec:
        prefix = normal(str(spec["gather"]))
        found = [
            (normal(name)[len(prefix) :].strip(), at)
            for at, name in enumerate(header)
            if normal(name).startswith(prefix)
        ]
        return Reading(spec, "answers", options, gather=tuple(found)) if found else None
    at = find(header, spec.get("from", column.name))
    if at is None:
        if must:
            raise Refused(f"the file has no column {spec.get('from')!r}", where=column.name, do="Correct the mapping.")
        return None
    if "percent" in spec and find(header, spec["percent"]) is None:
        return None
    joined = tuple(each for name in spec.get("join", ()) if (each := find(header, name)) is not None)
    return Reading(
        spec={**spec, "from": header[at]},
        reader=read,
        options=options,
        source=at,
        via=tuple(_link(each) for each in spec.get("via", ())),
        plus=find(header, spec["plus"]) if "plus" in spec else None,
        minus=find(header, spec["minus"]) if "minus" in spec else None,
        times=find(header, spec["times"]) if "times" in spec else None,
        percent=find(header, spec["percent"]) if "percent" in spec else None,
        join=joined,
        after=str(spec.get("after", "")),
    )


def default_reader(column: CanonicalColumn) -> str:
    """The reader that a column's unit asks for."""
    if column.name in ("currency", "domain", "interval_unit"):
        return column.name
    if column.name in ("status", "role"):
        return "word"
    if column.name == "rate":
        return "exchange_rate"
    by_unit = {
        "money": "money",
        "date": "date",
        "month": "month",
        "count": "integer",
        "rate": "number",
        "flag": "flag",
    }
    if column.unit == "count" and not _is_whole(column):
        return "number" if str(column.type) == "double" else "money"
    return {**by_unit, "hours": "number"}.get(column.unit, "text")


def _is_whole(column: CanonicalColumn) -> bool:
    return str(column.type) in ("int32", "int64")


def _default_options(column: CanonicalColumn) -> Spec:
    if column.name in MAY_BE_OPEN:
        return {"may_be_open": True}
    return {"vocabulary": column.name} if column.name in ("status", "role") else {}


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _link(spec: Spec) -> Link:
    where = {name: tuple(str(word).lower() for word in _names(words)) for name, words in spec.get("where", {}).items()}
    unless = spec.get("unless_listed")
    return Link(
        str(spec["source"]),
        _names(spec["key"]),
        _names(spec["value"]),
        where,
        tuple(unless) if unless else None,
    )


def bind_filter(spec: Spec, header: Sequence[str]) -> LeaveOut | None:
    """A rule about rows that are not for us, bound to a header; None when the header lacks its column."""
    at = find(header, spec["from"])
    if at is None:
        return None
    unless = "unless" in spec
    words = frozenset(str(word).lower() for word in spec["unless" if unless else "words"])
    return LeaveOut(str(spec["reason"]), at, words, unless)
