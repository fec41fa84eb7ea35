"""Months and spans of days as headers and titles write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from decade.ingest.dates import read_date
from decade.ingest.words import MONTHS

_NUMERIC = re.compile(r"(?<!\d)(?:(20\d\d|19\d\d)[-/. ](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.](20\d\d|19\d\d))(?!\d)")
_FULL = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-/.](\d\d)[-/.](\d\d)(?!\d)")
_ENDS = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d|19\d\d)(?!\d)")
_NAMED = re.compile(r"(?i)(?<![^\W\d_])([^\W\d_]{3,12})\.?[\s,'’/_-]*(20\d\d|19\d\d|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?i)(?<!\d)(20\d\d|19\d\d)[\s,/_-]*([^\W\d_]{3,12})\b")
_QUARTER = re.compile(r"(?i)(?<![^\W_])(?:Q[1-4][\s/_'’-]*(?:20)?\d\d|20\d\d[\s/_-]*Q[1-4])$")
_DAYS = re.compile(
    r"(?i)\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d_]{3,12}\.? \d{4}"
)


def month_of(name: str) -> date | None:
    """The month that a name is, by its first day: `2024-01`, `Jan-24`, `MRR 01/2024`, `31.01.2024`; or None."""
    bare = " ".join(name.split())
    if not 4 <= len(bare) <= 30 or not re.search(r"\d\d", bare):
        return None
    if found := _FULL.search(bare):
        year, month, day = (int(part) for part in found.groups())
        return date(year, month, 1) if 1 <= month <= 12 and _is_edge(year, month, day) else None
    if found := _ENDS.search(bare):
        one, two, year = (int(part) for part in found.groups())
        ways = {month for day, month in ((one, two), (two, one)) if 1 <= month <= 12 and _is_edge(year, month, day)}
        return date(year, ways.pop(), 1) if len(ways) == 1 else None
    if found := _NUMERIC.search(bare):
        year_first, month_after, month_first, year_after = found.groups()
        return date(int(year_first or year_after), int(month_after or month_first), 1)
    for form, year_at, name_at in ((_NAMED, 2, 1), (_YEAR_FIRST, 1, 2)):
        for found in form.finditer(bare):
            word = found.group(name_at).lower()
            if word in MONTHS:
                digits = found.group(year_at)
                return date(int(digits) + (2000 if len(digits) == 2 else 0), MONTHS[word], 1)
    return None


def quarter_of(name: str) -> date | None:
    """The quarter that a name ends in, by its first day: `Q1 2024`, `ARR 2024-Q3`, `Q4'24`; or None."""
    words = " ".join(name.split())
    found = _QUARTER.search(words) if len(words) <= 30 else None
    try:
        return read_date(found.group().replace("'", " ")) if found else None
    except ValueError:
        return None


def _is_edge(year: int, month: int, day: int) -> bool:
    """The first or the last day of a month stands for the month."""
    return day in (1, monthrange(year, month)[1])


def span_of(text: str) -> tuple[date, date] | None:
    """The first and the last day that a title names (`September 1, 2026 - September 3, 2026`), or None."""
    named = _DAYS.findall(text)
    orders = ("dmy",) if any("." in each and each[:2].strip(".").isdigit() for each in named) else ("dmy", "mdy")
    ways = {tuple(_day(each, order) for each in named) for order in orders}
    told = {(one, two) for one, two in (way for way in ways if len(way) == 2) if one and two and one <= two}
    if len(told) == 1:
        return told.pop()
    if not named and (month := month_of(text)) is not None:
        return month, month.replace(day=monthrange(month.year, month.month)[1])
    return None


def _day(text: str, order: str) -> date | None:
    try:
        return read_date(text, order)
    except ValueError:
        return None
