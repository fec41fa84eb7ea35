"""Which lines above the data name its columns, and the names that they give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from decade.ingest.amounts import read_amount
from decade.ingest.dates import has_two_way_shape, read_date
from decade.ingest.headers import normal
from decade.ingest.one_more_name import one_more_name
from decade.ingest.values import is_missing
from decade.ingest.words import MONTHS

MOST_HEADER_LINES = 4
LOOKED_AT = 60  # rows
_NUMERIC = re.compile(r"[-+($€£]*\d[\d.,\s%)]*|\d{4}-\d\d-\d\d.*")
_TIME = re.compile(r"\d{1,2}:\d\d(:\d\d)?")

Row = Sequence[str]


@dataclass(frozen=True)
class Heading:
    """The names of the columns; `first` is the position of the header's first row, `below` that of the first data row.

    Without a header `first` equals `below`, and the names are "column 1", "column 2", …
    """

    names: tuple[str, ...]
    first: int
    below: int

    @property
    def is_named(self) -> bool:
        """False when the file has no header."""
        return self.below > self.first


def heading(rows: Sequence[Row]) -> Heading:
    """The heading of a file's first rows (blank ones left out). Of one row, the header is that row."""
    first, is_named = _first_row(rows[:LOOKED_AT])
    if not is_named:
        width = max((len(row) for row in rows), default=1)
        return Heading(tuple(f"column {at}" for at in range(1, width + 1)), first, first)
    last = _last_row(rows, first)
    width = max(len(row) for row in rows[first : last + 1])
    names = [joined([row[at] if at < len(row) else "" for row in rows[first : last + 1]]) for at in range(width)]
    names = _with_names_above(names, rows[first - 1] if first and first == last else ())
    names = _with_groups(names, rows[first - 1] if first and first == last else ())
    names = one_more_name(names, rows[last + 1 : last + 200])
    names = _without_gap(names, rows[last + 1 : last + 200])
    names = _without_trailing_blanks(names, rows[last + 1 : last + 200])
    return Heading(tuple(names), first, last + 1)


def usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows fill, of those with more than one."""
    widths = Counter(width for row in rows if (width := _width(row)) > 1)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 1


def is_value(cell: str) -> bool:
    """True for a number or a date: what a name of a column is not. A bare year can be either."""
    bare = cell.strip()
    if re.fullmatch(r"(19|20)\d\d", bare):
        return False
    return bool(_NUMERIC.fullmatch(bare) or _TIME.fullmatch(bare)) or has_two_way_shape(bare)


def _first_row(rows: Sequence[Row]) -> tuple[int, bool]:
    usual = usual_width(rows)
    for at, row in enumerate(rows):
        filled = [cell for cell in row if not is_missing(cell)]
        # A header names nearly every column that the rows below fill, and no name is a number or a date:
        # but the names of a wide sheet are its months, one after another.
        if len(filled) >= max(1, 0.6 * usual) and (not any(is_value(cell) for cell in filled) or _names_months(row)):
            return at, True
    at = next((at for at, row in enumerate(rows) if _width(row) >= 0.6 * usual), 0)
    return at, not rows or not _looks_like_data(rows, at)


def _looks_like_data(rows: Sequence[Row], at: int) -> bool:
    """Whether a row is data like those below it: a value wherever they have values."""
    below = rows[at + 1 :]
    valued = _valued_columns(below)
    top = rows[at]
    return bool(valued) and all(
        column < len(top) and (is_value(top[column]) or is_missing(top[column])) for column in valued
    )


def _valued_columns(rows: Sequence[Row]) -> list[int]:
    """The columns in which nearly every filled cell is a number or a date."""
    found = []
    for at in range(max((len(row) for row in rows), default=0)):
        cells = [row[at] for row in rows if at < len(row) and not is_missing(row[at])]
        if cells and sum(is_value(cell) or _is_amount(cell) or _is_date(cell) for cell in cells) >= 0.8 * len(cells):
            found.append(at)
    return found


def _last_row(rows: Sequence[Row], first: int) -> int:
    """The last of the rows that name columns: those with words where the rows below have values."""
    last = first
    while last + 1 < len(rows) - 1 and last + 1 - first < MOST_HEADER_LINES:
        row, below = rows[last + 1], rows[last + 2 : last + 2 + LOOKED_AT]
        if not _is_second_header(row, below, rows[first]):
            break
        last += 1
    return last


def _is_second_header(row: Row, below: Sequence[Row], top: Row) -> bool:
    filled = [cell for cell in row if not is_missing(cell)]
    if not filled or any(is_value(cell) for cell in filled):
        return False
    valued = [at for at in _valued_columns(below) if at < len(row) and not _is_amount(row[at])]
    words = [at for at in valued if not is_missing(row[at]) and not _is_date(row[at])]
    if not valued or len(words) < max(1, 0.5 * len(valued)):
        return False
    same = [normal(cell) for cell in row] == [normal(cell) for cell in top]
    return same or len(valued) >= 2 or len(filled) >= 0.6 * len(top)


def joined(parts: Sequence[str]) -> str:
    """A name from its parts, one above the other."""
    return " ".join(" ".join(part.split()) for part in parts if part.strip())


def _with_names_above(names: list[str], above: Row) -> list[str]:
    """Months below their year, in a row that leaves the names of the columns before them to the row above."""
    group, result = "", []
    for at, name in enumerate(names):
        over = above[at].strip() if at < len(above) else ""
        group = over or group
        is_month = name.strip(" .").lower() in MONTHS
        result.append(f"{group} {name}" if is_month and re.fullmatch(r"(19|20)\d\d", group) else name.strip() or over)
    filled = any(not name.strip() and new for name, new in zip(names, result, strict=True))
    dated = sum(name != new for name, new in zip(names, result, strict=True) if name.strip())
    return result if dated >= 2 and (filled or all(name.strip() for name in names)) else names


def _with_groups(names: list[str], above: Row) -> list[str]:
    """Names that come twice, told apart by the groups of the row above (`2024` over `Jan`, `Feb`)."""
    counted = Counter(normal(name) for name in names if name.strip())
    if not any(times > 1 for times in counted.values()) or sum(bool(cell.strip()) for cell in above) < 2:
        return names
    group, result = "", []
    for at, name in enumerate(names):
        group = above[at].strip() if at < len(above) and above[at].strip() else group
        result.append(f"{group} {name}".strip() if group and counted[normal(name)] > 1 else name)
    return result


def _without_gap(names: list[str], below: Sequence[Row]) -> list[str]:
    """The names without blank ones in between, when rows have exactly that many cells fewer."""
    usual = Counter(len(row) for row in below).most_common(1)
    blanks = [at for at, name in enumerate(names) if not name.strip()]
    if usual and blanks and len(names) - len(blanks) == usual[0][0] and blanks[0] < len(names) - 1:
        return [name for name in names if name.strip()]
    return names


def _without_trailing_blanks(names: list[str], below: Sequence[Row]) -> list[str]:
    width = len(names)
    while (
        width > 1 and not names[width - 1].strip() and not any(r[width - 1].strip() for r in below if len(r) >= width)
    ):
        width -= 1
    return names[:width]


def _names_months(row: Row) -> bool:
    """Whether a row names a column and then months, one after another: the header of a wide sheet."""
    first = next((cell for cell in row if cell.strip()), "")
    days = [_day(cell) for cell in row if is_value(cell)]
    told = [day for day in days if day is not None]
    return (
        not is_value(first)
        and len(told) >= 2
        and len(told) == len(days)
        and told in (sorted(set(told)), sorted(set(told))[::-1])
    )


def _day(cell: str) -> int | None:
    if cell.strip().isdigit() and len(cell.strip()) == 5:  # a day number of a workbook, or just a number
        return None
    for order in (None, "dmy", "mdy"):
        try:
            return read_date(cell, order).toordinal()
        except ValueError:
            continue
    return None


def _is_date(cell: str) -> bool:
    return any(mark.isdigit() for mark in cell) and _day(cell) is not None


def _is_amount(cell: str) -> bool:
    try:
        read_amount(cell)
    except ValueError:
        return False
    return True


def _width(row: Row) -> int:
    return max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)
