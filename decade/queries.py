"""The questions in `queries/`: their SQL, and what its header promises."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb

from decade.errors import Refused
from decade.months import parse_month

ROOT = Path(__file__).resolve().parent.parent / "queries"
HEADER_LINE = re.compile(r"-- (?:(?P<text>title|question|grain|formula|note):|(?P<item>parameter|column) (?=\w+ \|))")
UNITS = ("text", "date", "month", "money", "count", "rate", "ratio", "flag", "months", "days", "hours")


@dataclass(frozen=True)
class Column:
    """A promised column: its unit (one of UNITS) and its meaning."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Parameter:
    """A parameter: what it may be (a kind, or a closed choice), its default as text, its meaning."""

    name: str
    kind: str
    choices: tuple[str, ...]
    default: str
    meaning: str

    def read(self, text: str) -> object:
        """The value of a text; raises Refused when it is none of what is allowed."""
        if text not in self.choices and text.lower() in ("", "none"):
            return None
        if self.choices and text not in self.choices:
            raise Refused(f"{self.name} cannot be {text!r}", do=f"Choose one of: {', '.join(self.choices)}.")
        try:
            match self.kind:
                case "count":
                    return int(text)
                case "rate":
                    return float(text)
                case "month":
                    return parse_month(text)
                case "date":
                    return date.fromisoformat(text)
                case "flag":
                    return text.lower() in ("true", "yes", "1")
        except ValueError:
            raise Refused(f"{self.name} cannot be {text!r}", do=f"Give a {self.kind}.") from None
        return text


@dataclass(frozen=True)
class Question:
    """One SQL file: the definition of what it returns, and its text."""

    name: str
    folder: str
    title: str
    question: str
    grain: str
    formula: str
    note: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    sql: str

    def values(self, given: Mapping[str, object], settings: Mapping[str, str] | None = None) -> dict[str, object]:
        """The values that the SQL names: `given`, texts in `settings` read by kind, else the defaults."""
        texts = dict(settings or {})
        named = {parameter.name: parameter for parameter in self.parameters}
        for name in texts:
            if name not in named:
                known = ", ".join(named) or "none"
                raise Refused(f"{self.name} has no parameter {name!r}", do=f"It has: {known}.")
        values = {name: each.read(texts.get(name, each.default)) for name, each in named.items()}
        for name in named.keys() & given.keys():
            value = given[name]
            values[name] = named[name].read(value) if isinstance(value, str) else value
        values |= {name: value for name, value in given.items() if name not in named}
        return {name: values[name] for name in _named_parameters(self.sql)}


@functools.cache
def catalogue() -> Mapping[str, Question]:
    """Every question by name: of `queries/metrics` and `queries/checks` by file name, others as folder/name."""
    found: dict[str, Question] = {}
    for path in sorted(ROOT.rglob("*.sql")):
        question = _read(path)
        is_asked = question.folder in ("metrics", "checks")
        key = question.name if is_asked or question.folder == "." else f"{question.folder}/{question.name}"
        found[key] = question
    return MappingProxyType(found)


def metric(name: str) -> Question:
    """A metric by name; raises Refused naming all there are."""
    question = catalogue().get(name)
    if question is None or question.folder != "metrics":
        raise Refused(f"there is no metric {name!r}", do=f"Choose one of: {', '.join(metrics())}.")
    return question


def metrics() -> dict[str, Question]:
    """The metrics, by name."""
    return {name: each for name, each in catalogue().items() if each.folder == "metrics"}


def in_folder(folder: str) -> dict[str, Question]:
    """The files of one folder of `queries/`, by name."""
    return {each.name: each for each in catalogue().values() if each.folder == folder}


def _read(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    header = _header(text)
    return Question(
        name=path.stem,
        folder=path.parent.relative_to(ROOT).as_posix(),
        title=" ".join(header.get("title", [path.stem])),
        question=" ".join(header.get("question", [])),
        grain=" ".join(header.get("grain", [])),
        formula=" ".join(header.get("formula", [])),
        note=" ".join(header.get("note", [])),
        parameters=tuple(_parameter(line) for line in header.get("parameter", [])),
        columns=tuple(Column(*_parts(line, 3)) for line in header.get("column", [])),
        sql=text,
    )


def _header(text: str) -> dict[str, list[str]]:
    """The header's lines by kind; a line that begins no new one goes on with the line before."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        begun = HEADER_LINE.match(line)
        if begun:
            kind = begun["text"] or begun["item"]
            found.setdefault(kind, []).append(line[begun.end() :].strip())
        elif kind:
            found[kind][-1] += " " + line[3:].strip()
    return found


def _parameter(line: str) -> Parameter:
    name, kind, default, meaning = _parts(line, 4)
    choices = tuple(part.strip() for part in kind.split(",")) if "," in kind else ()
    return Parameter(name, "text" if choices else kind, choices, default, meaning)


def _parts(line: str, count: int) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != count:
        raise ValueError(f"a header line has {len(parts)} parts instead of {count}: {line}")
    return parts


@functools.cache
def _named_parameters(sql: str) -> tuple[str, ...]:
    return tuple(sorted(duckdb.extract_statements(sql)[0].named_parameters))
