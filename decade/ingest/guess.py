"""The best mapping for a file that nobody knows, from names compared loosely and values tried."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from decade.ingest.headers import normal
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind
from decade.ingest.raw import RawTable
from decade.ingest.readings import Spec, default_reader
from decade.ingest.recognise import SOURCES
from decade.ingest.schema import CanonicalColumn, canonical_tables
from decade.ingest.values import reader

LEAST = 0.75  # below this a name is not taken for another
_TRIED = 40
# A required id alone says little: one of these has to be there before a file is taken for the table.
_TELLING = {
    "accounts": ("name", "lane", "employees", "domain"),
    "contacts": ("title", "role", "last_contacted_on"),
    "deals": ("stage", "closed_on", "probability"),
    "leads": ("source", "sales_ready_on", "demo_on", "bant_qualified"),
    "activities": ("kind", "by"),
    "products": ("list_price", "family"),
}


@dataclass(frozen=True)
class Candidate:
    """One canonical column as it is shown to a person, with the best guess of its place in the file."""

    column: str
    unit: str
    meaning: str
    is_required: bool
    position: int | None
    header: str
    confidence: float
    examples: tuple[str, ...]


def candidates(raw: RawTable, table: str) -> list[Candidate]:
    """Every column of a canonical table with the best guess for it, each column of the file used once."""
    columns = canonical_tables()[table].columns
    scores = [
        (_confidence(column, name, table, at, raw), -order, column.name, at)
        for order, column in enumerate(columns)
        for at, name in enumerate(raw.header)
        if name
    ]
    chosen: dict[str, tuple[int, float]] = {}
    for score, _, name, at in sorted(scores, reverse=True):
        if score >= LEAST and name not in chosen and at not in {taken for taken, _ in chosen.values()}:
            chosen[name] = (at, score)
    result = []
    for column in columns:
        found = chosen.get(column.name)
        at, score = found if found is not None else (-1, 0.0)
        result.append(
            Candidate(
                column.name,
                column.unit,
                column.meaning,
                column.is_required,
                at if found else None,
                raw.header[at] if found else "",
                round(score, 2),
                tuple(raw.examples(at, 3)) if found else (),
            )
        )
    return result


def guess(raw: RawTable, table: str) -> FileMapping:
    """The mapping of a file into a table by the best candidates, with their confidence."""
    found = [each for each in candidates(raw, table) if each.position is not None]
    spec: Spec = {
        "name": "mapping",
        "title": f"read by its column names as {table}",
        "table": table,
        "columns": {each.column: [_spec(each)] for each in found},
    }
    return replace(bind(spec, raw.header), confidence={each.column: each.confidence for each in found})


def likely_tables(raw: RawTable) -> list[tuple[str, float]]:
    """Canonical tables that could take the file, best first: all their required columns have a candidate."""
    scores = []
    for table in canonical_tables():
        found = candidates(raw, table)
        required = [each.confidence for each in found if each.is_required]
        told = {each.column for each in found if each.position is not None}
        if all(required) and (table not in _TELLING or told & set(_TELLING[table])):
            used = sum(each.confidence for each in found) / max(1, len([name for name in raw.header if name]))
            scores.append((table, round(min(required) * 0.6 + min(1.0, used) * 0.4, 3)))
    return sorted(scores, key=lambda item: -item[1])


def _spec(candidate: Candidate) -> Spec:
    spec: Spec = {"from": candidate.header}
    if candidate.unit == "money" or candidate.column == "amount":
        spec["unit"] = "ask" if "cent" not in normal(candidate.header) else "cents"
        if spec["unit"] == "cents":
            spec = {"from": candidate.header, "scale": "0.01"}
    return spec


def _confidence(column: CanonicalColumn, header: str, table: str, at: int, raw: RawTable) -> float:
    name = normal(header)
    words = [
        normal(column.name),
        *(_synonyms().get(table, {}).get(column.name, ())),
        *_synonyms()["any"].get(column.name, ()),
    ]
    best = max(fuzz.ratio(name, word) * 0.6 + fuzz.token_sort_ratio(name, word) * 0.4 for word in words) / 100
    if best < LEAST:
        return 0.0
    return best * _values_fit(column, raw, at)


def _values_fit(column: CanonicalColumn, raw: RawTable, at: int) -> float:
    kind = default_reader(column)
    if kind in ("text", "word", "domain"):
        return 1.0
    examples = raw.examples(at, _TRIED)
    if not examples:
        return 0.8
    tries = [reader(kind, {"order": order, "decimal": sign}) for order in ("dmy", "mdy") for sign in (".", ",")]
    fitting = max(sum(_reads(read, text) for text in examples) for read in tries)
    return 1.0 if fitting >= 0.8 * len(examples) else 0.0


def _reads(read: object, text: str) -> bool:
    try:
        return callable(read) and read(text) is not None
    except (ValueError, OverflowError):
        return False


@lru_cache(maxsize=1)
def _synonyms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with (SOURCES / "names" / "synonyms.toml").open("rb") as opened:
        tables = tomllib.load(opened)
    return {
        table: {column: [normal(word) for word in words] for column, words in columns.items()}
        for table, columns in tables.items()
    }
