"""Doubts: questions that only a person can answer, each with examples, options and a key for the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from decade.ingest.headers import normal, shape
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.raw import RawTable
from decade.ingest.schema import canonical_tables

Answers = Mapping[str, str]
REFUSE = "refuse"


@dataclass(frozen=True)
class Pair:
    """An id that nothing knows, the known one that it probably means with its name, and what it carries."""

    id: str
    twin: str
    name: str
    rows: int
    money: tuple[tuple[str, float], ...]  # by currency

    def row(self) -> dict[str, object]:
        """The pair as plain values, for JSON."""
        return {**asdict(self), "money": {currency: round(amount, 2) for currency, amount in self.money}}


@dataclass(frozen=True)
class Doubt:
    """One question about one file. `answer_key` is stable: the same file later asks under the same key."""

    kind: str
    file: str
    column: str
    question: str
    examples: tuple[str, ...]
    options: tuple[str, ...]
    answer_key: str
    pairs: tuple[Pair, ...] = ()

    def row(self) -> dict[str, object]:
        """The doubt as plain values, for JSON."""
        told = {**asdict(self), "examples": list(self.examples), "options": list(self.options)}
        del told["pairs"]
        return {**told, "pairs": [each.row() for each in self.pairs]} if self.pairs else told


def key_of(raw: RawTable, kind: str, column: str = "") -> str:
    """The key under which a doubt about a file of this shape is answered."""
    return ":".join(part for part in (shape(raw.header)[:8], kind, normal(column)) if part)


def answer(answers: Answers, key: str) -> str | None:
    """The answer to a key: to it alone, to its kind and column in every file, or to its kind everywhere."""
    _, *parts = key.split(":")
    for form in (key, *(":".join(parts[:end]) for end in range(len(parts), 0, -1))):
        for written in (form, form.replace(" ", "_")):  # a canonical column as it is called
            if written in answers:
                return str(answers[written])
    return None


def unmapped(raw: RawTable, mapping: FileMapping) -> list[Doubt]:
    """One doubt for each required column that nothing fills."""
    table = canonical_tables()[mapping.table]
    return [
        Doubt(
            "unmapped_column",
            raw.label,
            name,
            f"Which column of {raw.label} holds {table.column(name).asked_for} ({mapping.table}.{name})?",
            (),
            tuple(each for each in raw.header if each),
            key_of(raw, "unmapped_column", name),
        )
        for name in mapping.missing
    ]


def rows(doubts: Sequence[Doubt]) -> list[dict[str, object]]:
    """Doubts as plain values, for JSON and for `decade.errors.Doubts`."""
    return [each.row() for each in doubts]
