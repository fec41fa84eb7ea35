"""Rows of the wrong width, put right when the other rows leave exactly one way to do it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from decade.ingest.dialect import DELIMITERS, Dialect, cut

Row = Sequence[str]
_FEWEST = 8  # rows to learn from
_MOST_FORMS = 12  # a column with more forms than these is free text


class Repairer:
    """What the cells of each column look like, learnt from rows of the right width."""

    def __init__(self, width: int, dialect: Dialect, rows: Iterable[Row]) -> None:
        self._width, self._dialect = width, dialect
        known = [row for row in rows if len(row) == width]
        enough = len(known) >= _FEWEST
        self._forms, self._loose = (
            [_forms([row[at] for row in known], form) if enough else None for at in range(width)]
            for form in (_form, _loose_form)
        )

    def row(self, line: str, cells: list[str]) -> tuple[list[str], str]:
        """The cells of a row whose width or quotes are wrong, and what was wrong with it ("" when all is well).

        A row that cannot be put right in exactly one way is given back as it was read.
        """
        width = self._width
        if len(cells) < width and self._fits_loosely(padded := cells + [""] * (width - len(cells))):
            return padded, ""
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]) and self._fits_loosely(cells[:width]):
            return cells[:width], ""
        for told, ways in (
            ("a quote inside a cell was not doubled", self._bare(line)),
            ("its cells were delimited in another way", self._delimited(line)),
            ("an empty cell too many was left out", self._without_blanks(cells)),
            ("a delimiter inside a cell was not quoted", self._rejoined(line, self._dialect)),
            ("a delimiter was missing", self._split(cells)),
        ):
            found = list(dict.fromkeys(tuple(way) for way in ways if len(way) == width))
            fitting = [way for way in found if self._fits(way)] or [way for way in found if self._fits_loosely(way)]
            if len(fitting) == 1:
                return list(fitting[0]), told
        return cells, ""

    def _fits(self, cells: Row) -> bool:
        return _all_fit(cells, self._forms, _form)

    def _fits_loosely(self, cells: Row) -> bool:
        return _all_fit(cells, self._loose, _loose_form)

    def _bare(self, line: str) -> Iterator[list[str]]:
        yield cut(line, self._dialect, bare=True).cells

    def _delimited(self, line: str) -> Iterator[list[str]]:
        for delimiter in DELIMITERS:
            if delimiter != self._dialect.delimiter and delimiter in line:
                other = replace(self._dialect, delimiter=delimiter)
                yield cut(line, other).cells
                if delimiter == " ":
                    yield from self._rejoined(line, other)

    def _without_blanks(self, cells: list[str]) -> Iterator[list[str]]:
        extra = len(cells) - self._width
        blanks = [at for at, cell in enumerate(cells) if not cell.strip()]
        if 0 < extra <= 2 and len(blanks) <= 40:
            for left in combinations(blanks, extra):
                yield [cell for at, cell in enumerate(cells) if at not in left]

    def _rejoined(self, line: str, dialect: Dialect) -> Iterator[list[str]]:
        parts = cut(line, dialect)
        extra = len(parts.cells) - self._width
        if 0 < extra <= 8 and self._width > 1:
            for at in range(self._width):
                if parts.quoted.isdisjoint(range(at, at + extra + 1)):
                    whole = dialect.delimiter.join(parts.cells[at : at + extra + 1])
                    yield [*parts.cells[:at], whole, *parts.cells[at + extra + 1 :]]

    def _split(self, cells: list[str]) -> Iterator[list[str]]:
        if len(cells) != self._width - 1:
            return
        for at, cell in enumerate(cells):
            if self._forms[at] is None or self._forms[at + 1] is None or len(cell) > 200:
                continue
            for place in range(1, len(cell)):
                yield [*cells[:at], cell[:place], cell[place:], *cells[at + 1 :]]


def _all_fit(cells: Row, forms: Sequence[frozenset[str] | None], form: Callable[[str], str]) -> bool:
    known = [(cell, each) for cell, each in zip(cells, forms, strict=False) if each is not None]
    return bool(known) and all(form(cell) in each for cell, each in known)


def _forms(cells: Sequence[str], form: Callable[[str], str]) -> frozenset[str] | None:
    """The forms of a column's cells, or None when it holds free text."""
    counted = Counter(form(cell) for cell in cells)
    return frozenset(counted) if len(counted) <= min(_MOST_FORMS, 2 + len(cells) // 4) else None


def _form(cell: str) -> str:
    """A cell with every digit as 9 and every word as a: `MG-8769` is `a-9999`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", cell.strip()))


def _loose_form(cell: str) -> str:
    """The same with every number as 9, however long."""
    return re.sub(r"9+([.,]9+)*", "9", _form(cell))
