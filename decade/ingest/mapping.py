"""A mapping: for each canonical column, where a file holds it and how it is read; the waist of every import.

A mapping is written as a *specification* (the tables of `sources/*.toml`, of `--map`, of a saved mapping),
which names columns by header, and is bound to one file's header, where they become positions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from decade.errors import Refused
from decade.ingest.readings import LeaveOut, Reading, Spec, bind_filter, bind_readings
from decade.ingest.schema import canonical_tables
from decade.ingest.toml_text import dumps


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
        """The mapping that a TOML text gives for a header. Refuses one that names what is not there."""
        try:
            spec = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise Refused(f"the mapping is not TOML ({problem})", do="See docs/cookbook.md for one.") from None
        return bind(spec, header, must=True)


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
    """A specification bound to a header: columns that it lacks are dropped, or refused if they `must` be."""
    table = str(spec.get("table", ""))
    if table and table not in canonical_tables():
        raise Refused(
            f"there is no table {table!r}",
            where="the mapping",
            do=f"Choose one of: {', '.join(canonical_tables())}.",
        )
    columns: dict[str, tuple[Reading, ...]] = {}
    usual: Spec = {key: spec[key] for key in ("decimal", "order") if key in spec}
    for column, readings in spec.get("columns", {}).items():
        bound = bind_readings(table, column, readings, header, must=must, usual=usual)
        if bound:
            columns[column] = bound
    filters = [bind_filter(each, header) for each in spec.get("leave_out", ())]
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
