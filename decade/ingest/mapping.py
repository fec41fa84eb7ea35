"""A mapping: for each canonical column, where a file holds it and how it is read; the waist of every import.

A mapping is written as a *specification* (the tables of `sources/*.toml`, of `--map`, of a saved mapping), which
names columns by header, and is bound to one file's header, where they become positions.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from decade.errors import Refused
from decade.ingest.amounts import currency_of
from decade.ingest.schema import CanonicalColumn, canonical_tables
from decade.ingest.toml_text import dumps
from decade.ingest.values import reader_names

Spec = dict[str, Any]
_OF_A_READING = {"from", "value", "currency_in_header", "via", "plus", "times", "join", "gather", "after", "read"}


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
    """One way to fill a column: a cell (or a constant), what is looked up with it, and the reader of the result."""

    spec: Spec
    reader: str
    options: Spec
    source: int | None = None
    value: str | None = None
    via: tuple[Link, ...] = ()
    plus: int | None = None
    times: int | None = None
    join: tuple[int, ...] = ()
    gather: tuple[tuple[str, int], ...] = ()
    after: str = ""

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the cells that it needs."""
        own = () if self.source is None else (self.source,)
        sums = tuple(each for each in (self.plus, self.times) if each is not None)
        return own + sums + self.join + tuple(at for _, at in self.gather)


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are not for us: those whose cell is one of the words (or none of them, or missing)."""

    reason: str
    source: int
    words: frozenset[str]
    unless: bool = False


@dataclass(frozen=True)
class Mapping:
    """How one file is read: into which table, each column by its readings, the first that finds a value."""

    source_name: str
    title: str
    table: str  # canonical table; "" when the file only links others or is left out
    header: tuple[str, ...]
    columns: dict[str, tuple[Reading, ...]]
    leave_out: tuple[LeaveOut, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""  # why the file fills no table
    yields_to: tuple[str, ...] = ()
    confidence: dict[str, float] | None = None  # per column, where names and values were weighed
    spec: Spec | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The required columns of the table that nothing fills."""
        if not self.table:
            return ()
        wanted = (each for each in canonical_tables()[self.table].columns if each.is_required)
        return tuple(each.name for each in wanted if each.name not in self.columns)

    @property
    def links(self) -> tuple[str, ...]:
        """The sources in which something is looked up."""
        found = [link.source for readings in self.columns.values() for each in readings for link in each.via]
        return tuple(dict.fromkeys(found))

    def with_options(self, column: str, at: int, **options: Any) -> Mapping:
        """The same mapping with options added to one reading."""
        readings = list(self.columns[column])
        old = readings[at]
        readings[at] = replace(old, options={**old.options, **options}, spec={**old.spec, **options})
        return replace(self, columns={**self.columns, column: tuple(readings)})

    def with_column(self, column: str, spec: Spec | Sequence[Spec] | str | None) -> Mapping:
        """The same mapping with a column read another way, or not at all."""
        columns = {name: each for name, each in self.columns.items() if name != column}
        if spec is not None:
            readings = bind_readings(self.table, column, spec, self.header, must=True)
            columns[column] = readings
        return replace(self, columns=columns)

    def as_spec(self) -> Spec:
        """The specification that gives this mapping again for any file with this header."""
        columns = {name: [dict(each.spec) for each in readings] for name, readings in self.columns.items()}
        kept = {key: value for key, value in (self.spec or {}).items() if key in ("leave_out", "notes", "yields_to")}
        return {
            "name": self.source_name,
            "title": self.title,
            "table": self.table,
            **({"reason": self.reason} if self.reason else {}),
            "header": list(self.header),
            **kept,
            "columns": columns,
        }

    def to_toml(self) -> str:
        """The specification as TOML."""
        return dumps(self.as_spec())

    @classmethod
    def from_toml(cls, text: str, header: Sequence[str]) -> Mapping:
        """The mapping that a TOML specification gives for a header. Refuses one that names what is not there."""
        try:
            spec = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise Refused(f"the mapping is not TOML ({problem})", do="See docs/cookbook.md for one.") from None
        return bind(spec, header, must=True)


def normal(name: str) -> str:
    """A header as it is compared: case, accents of width, punctuation and spacing do not count."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()


def shape(header: Sequence[str]) -> str:
    """A fingerprint of a header, order and spelling as normalised: files of one shape are read one way."""
    return hashlib.sha256("\x1f".join(normal(name) for name in header).encode()).hexdigest()[:16]


def find(header: Sequence[str], names: Sequence[str] | str) -> int | None:
    """The position of the first of the names that the header holds; a trailing `*` stands for anything."""
    there = [normal(each) for each in header]
    for name in [names] if isinstance(names, str) else names:
        if name.endswith("*"):
            start = normal(name[:-1])
            match = next((at for at, each in enumerate(there) if each.startswith(start)), None)
        else:
            match = there.index(normal(name)) if normal(name) in there else None
        if match is not None:
            return match
    return None


def load_specs(path: Path) -> list[Spec]:
    """The specifications of a TOML file: its `[[source]]` tables, or the file itself."""
    with path.open("rb") as opened:
        try:
            document = tomllib.load(opened)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise Refused(f"this is not TOML ({problem})", where=path.name) from None
    if "source" in document:
        return [dict(each) for each in document["source"]]
    return [document] if "table" in document or "columns" in document else []


def bind(spec: Spec, header: Sequence[str], *, must: bool = False) -> Mapping:
    """A specification bound to a header: columns that the header lacks are dropped, or refused when they must be there."""
    table = str(spec.get("table", ""))
    if table and table not in canonical_tables():
        raise Refused(
            f"there is no table {table!r}", where="the mapping", do=f"Choose one of: {', '.join(canonical_tables())}."
        )
    columns: dict[str, tuple[Reading, ...]] = {}
    usual = {key: spec[key] for key in ("decimal", "order") if key in spec}
    for column, readings in spec.get("columns", {}).items():
        bound = bind_readings(table, column, readings, header, must=must, usual=usual)
        if bound:
            columns[column] = bound
    filters = [_bind_filter(each, header) for each in spec.get("leave_out", ())]
    return Mapping(
        source_name=str(spec.get("name", "mapping")),
        title=str(spec.get("title", "your own mapping")),
        table=table,
        header=tuple(header),
        columns=columns,
        leave_out=tuple(each for each in filters if each is not None),
        notes=tuple(spec.get("notes", ())),
        reason=str(spec.get("reason", "")),
        yields_to=tuple(spec.get("yields_to", ())),
        spec=spec,
    )


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
        raise Refused(f"there is no reader {read!r}", where=column.name, do=f"Choose one of: {', '.join(reader_names())}.")
    options = {**_default_options(column), **{key: value for key, value in spec.items() if key not in _OF_A_READING}}
    if "value" in spec:
        return Reading(spec, read, options, value=str(spec["value"]))
    if "currency_in_header" in spec:
        at = find(header, spec["currency_in_header"])
        code = currency_of(header[at]) if at is not None else None
        return Reading(spec, read, options, value=code) if code else None
    if "gather" in spec:
        prefix = normal(str(spec["gather"]))
        found = [(normal(name)[len(prefix) :].strip(), at) for at, name in enumerate(header) if normal(name).startswith(prefix)]
        return Reading(spec, "answers", options, gather=tuple(found)) if found else None
    at = find(header, spec.get("from", column.name))
    if at is None:
        if must:
            raise Refused(f"the file has no column {spec.get('from')!r}", where=column.name, do="Correct the mapping.")
        return None
    joined = tuple(each for name in spec.get("join", ()) if (each := find(header, name)) is not None)
    return Reading(
        spec={**spec, "from": header[at]},
        reader=read,
        options=options,
        source=at,
        via=tuple(_link(each) for each in spec.get("via", ())),
        plus=find(header, spec["plus"]) if "plus" in spec else None,
        times=find(header, spec["times"]) if "times" in spec else None,
        join=joined,
        after=str(spec.get("after", "")),
    )


def default_reader(column: CanonicalColumn) -> str:
    """The reader that a column's unit asks for."""
    if column.name in ("currency", "domain", "interval_unit"):
        return column.name
    if column.name in ("status", "role"):
        return "word"
    by_unit = {"money": "money", "date": "date", "month": "month", "count": "integer", "rate": "number", "flag": "flag"}
    if column.unit == "count" and not _is_whole(column):
        return "number" if str(column.type) == "double" else "money"
    return {**by_unit, "hours": "number"}.get(column.unit, "text")


def _is_whole(column: CanonicalColumn) -> bool:
    return str(column.type) in ("int32", "int64")


def _default_options(column: CanonicalColumn) -> Spec:
    return {"vocabulary": column.name} if column.name in ("status", "role") else {}


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _link(spec: Spec) -> Link:
    where = {name: tuple(str(word).lower() for word in _names(words)) for name, words in spec.get("where", {}).items()}
    unless = spec.get("unless_listed")
    return Link(str(spec["source"]), _names(spec["key"]), _names(spec["value"]), where, tuple(unless) if unless else None)


def _bind_filter(spec: Spec, header: Sequence[str]) -> LeaveOut | None:
    at = find(header, spec["from"])
    if at is None:
        return None
    unless = "unless" in spec
    words = frozenset(str(word).lower() for word in spec["unless" if unless else "words"])
    return LeaveOut(str(spec["reason"]), at, words, unless)
