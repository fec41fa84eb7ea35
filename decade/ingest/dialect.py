"""How a delimited text is written: delimiter, quote, escape; and one line of it taken apart."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", " ")
_NEVER_IN_A_CELL = (";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", "^": "caret", "~": "tilde"}
_LINES = 400


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written; a doubled quote inside quotes always stands for one."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    is_spaced: bool = False  # blanks follow the delimiter and are no part of the cell

    @property
    def is_plain(self) -> bool:
        """True when the fast reader reads it exactly."""
        return self.quote == '"' and not self.escape and not self.is_spaced

    @property
    def name(self) -> str:
        """The dialect in words."""
        extras = ["single quotes"] if self.quote == "'" else []
        extras += ["backslash escapes"] if self.escape == "\\" else []
        return ", ".join([_NAMES.get(self.delimiter, "unit separator"), *extras])


@dataclass(frozen=True)
class Cut:
    """A line taken apart: its cells, whether every quote was in its place, whether the last one is still open."""

    cells: list[str]
    is_clean: bool
    is_open: bool
    quoted: frozenset[int] = frozenset()  # positions of the cells that stood in quotes


def cut(line: str, dialect: Dialect, *, bare: bool = False, only_clean: bool = False) -> Cut:
    """The cells of one line. A quote out of its place is text; `bare` takes quotes inside quotes for text too.

    With `only_clean`, what follows the first quote out of its place is not looked at.
    """
    delimiter, quote, escape = dialect.delimiter, dialect.quote, dialect.escape
    if quote not in line and not (escape and escape in line):
        cells = line.split(delimiter)
        return Cut([cell.strip(" ") for cell in cells] if dialect.is_spaced else cells, True, False)
    cells, at, end = [], 0, len(line)
    is_clean, is_open, quoted = True, False, set()
    while True:
        start = at
        while dialect.is_spaced and start < end and line[start] == " ":
            start += 1
        closed = _quoted(line, start, dialect, bare) if line.startswith(quote, start) else None
        if closed is not None:
            cell, at = closed
            quoted.add(len(cells))
        else:
            if line.startswith(quote, start):
                if only_clean:
                    return Cut(cells, False, False)
                is_clean, is_open = False, is_open or not _closes(line, start + 1, dialect)
            stop = line.find(delimiter, start)
            at = end if stop < 0 else stop
            cell = line[start:at]
        cells.append(cell.strip(" ") if dialect.is_spaced else cell)
        if at >= end:
            return Cut(cells, is_clean, is_open, frozenset(quoted))
        at += len(delimiter)


def _quoted(line: str, start: int, dialect: Dialect, bare: bool) -> tuple[str, int] | None:
    """The text of the quoted cell that opens at `start` and where it ends, or None when it is not one."""
    quote, escape, end = dialect.quote, dialect.escape, len(line)
    parts, begin, at = [], start + 1, start + 1
    while True:
        stop = line.find(quote, at)
        slash = line.find(escape, at, end if stop < 0 else stop) if escape else -1
        while slash >= 0 and line[slash + 1 : slash + 2] not in (quote, escape):
            slash = line.find(escape, slash + 1, end if stop < 0 else stop)
        if slash >= 0:
            parts.append(line[begin:slash] + line[slash + 1])
            begin = at = slash + 2
            continue
        if stop < 0:
            return None
        after = stop + 1
        while dialect.is_spaced and after < end and line[after] == " ":
            after += 1
        if after >= end or line.startswith(dialect.delimiter, after):
            return "".join([*parts, line[begin:stop]]), min(after, end)
        if line.startswith(quote, stop + 1) and not bare:
            parts.append(line[begin : stop + 1])
            begin = at = stop + 2
        elif bare:
            at = stop + 1
        else:
            return None


def _closes(line: str, at: int, dialect: Dialect) -> bool:
    """Whether a quoted cell finds any closing quote on this line: if not, it may go on on the next."""
    quote, escape = dialect.quote, dialect.escape
    while (stop := line.find(quote, at)) >= 0:
        if escape and stop and line[stop - 1] == escape:
            at = stop + 1
        elif line.startswith(quote, stop + 1):
            at = stop + 2
        else:
            return True
    return False


def dialect_of(sample: str) -> Dialect:
    """The dialect under which most lines of a sample have the same number of cells, more than one."""
    lines = [line for line in sample.splitlines()[:_LINES] if line.strip()]
    best, score = Dialect(), 0.0
    for dialect in _candidates(sample):
        cuts = [cut(line, dialect) for line in lines]
        here = max(_score([each.cells for each in cuts], dialect), _score(_read(sample, dialect), dialect))
        here *= 0.5 if _is_mixed(cuts, dialect) else 1.0
        if here > score + 1e-9:
            best, score = dialect, here
    return best


def _candidates(sample: str) -> Iterator[Dialect]:
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        plain = Dialect(delimiter)
        yield plain
        if '\\"' in sample:
            yield replace(plain, escape="\\")
        if delimiter != " " and (
            f'{delimiter} "' in sample or sample.count(delimiter) == sample.count(f"{delimiter} ")
        ):
            yield replace(plain, is_spaced=True)
        if sum(sample.count(mark) for mark in (f"'{delimiter}", f"{delimiter}'", "\n'")) >= 4:
            if sample.count('"') == 2 * sample.count('""') > 0 or "\"'" in sample:
                yield replace(plain, quote="'", escape='"')
            yield replace(plain, quote="'")


def _read(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    reader = csv.reader(
        io.StringIO(sample, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        skipinitialspace=dialect.is_spaced,
    )
    try:
        for row, _ in zip(reader, range(_LINES), strict=False):
            yield row
    except csv.Error:
        return


def _is_mixed(cuts: Sequence[Cut], dialect: Dialect) -> bool:
    """Whether most lines hold another delimiter outside quotes: then that one may be the delimiter."""
    others = [mark for mark in _NEVER_IN_A_CELL if mark != dialect.delimiter]
    bare = ([cell for at, cell in enumerate(each.cells) if at not in each.quoted] for each in cuts)
    mixed = sum(any(mark in cell for cell in cells for mark in others) for cells in bare)
    return mixed > 0.5 * len(cuts)


def _score(rows: Iterable[list[str]], dialect: Dialect) -> float:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    widths = Counter(len(row) for row in filled)
    if not widths:
        return 0.0
    width, lines = max(widths.items(), key=lambda item: (item[0] > 1) * item[1])
    share = lines / sum(widths.values())
    if dialect.delimiter == " ":  # words of a cell may not be quoted: then rows are wider than the header
        width = len(filled[0])
        share = sum(len(row) == width for row in filled) / len(filled)
        if width < 4 or share < 0.25 or sum(len(row) >= width for row in filled) < 0.95 * len(filled):
            return 0.0
        return float(0.6 * width**0.25 * max(share, 0.8))
    if width < 2:
        return 0.0
    usual = [cell for row in filled if len(row) == width for cell in row]
    stray = sum(cell.strip(" ")[:1] in ('"', "'") or cell[:1] == " " for cell in usual) / max(1, len(usual))
    return float(share * min(width, 12) ** 0.25 * (1 - 0.5 * stray))
