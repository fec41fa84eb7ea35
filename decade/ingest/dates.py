"""Dates as exports write them; day and month are told apart by the values, never by a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from decade.ingest.words import MONTHS

Order = Literal["dmy", "mdy"]
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_TWO_WAYS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_QUARTER = re.compile(r"(?i)(?:[QTK]|кв\.?\s?)([1-4])[\s/_-]*(?:')?(\d{4}|\d{2})|(\d{4})[\s/_-]*[QTK]([1-4])")
_WEEK = re.compile(r"(?i)(\d{4})[\s/_-]*(?:W|KW)\s?(\d{1,2})|(?:W|KW)\s?(\d{1,2})[\s/_-]+(\d{4})")
_SERIAL = re.compile(r"([34567]\d{4})(?:\.\d+)?")  # of a workbook, from 1982 to 2119
_BEFORE_SERIALS = date(1899, 12, 30)
_NAMED = re.compile(
    r"(?:[^\W\d_]+,\s*)?(?:(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+)?(?:de\s+)?([^\W\d_]{3,})\.?"
    r"(?:[\s-]+(\d{1,2})(?:st|nd|rd|th)?,)?[\s,-]+(?:de\s+)?(\d{4}|\d{2})(?:[ ,T].*)?"
)


def read_date(text: str, order: str | None = None) -> date:
    """The day that a text names; a month is its first day. Raises ValueError with the reason."""
    bare = text.strip()
    if found := _YEAR_FIRST.fullmatch(bare):
        return _day(*(int(part) for part in found.groups()))
    if found := _TWO_WAYS.fullmatch(bare):
        return _two_ways(int(found.group(1)), int(found.group(3)), _year(found.group(4)), order)
    if found := _COMPACT.fullmatch(bare):
        return _day(*(int(part) for part in found.groups()))
    if found := _MONTH.fullmatch(bare):
        return _day(int(found.group(1)), int(found.group(2)), 1)
    if found := _MONTH_YEAR.fullmatch(bare):
        return _day(int(found.group(2)), int(found.group(1)), 1)
    if found := _QUARTER.fullmatch(bare):
        return _day(_year(found.group(2) or found.group(3)), 3 * int(found.group(1) or found.group(4)) - 2, 1)
    if found := _WEEK.fullmatch(bare):
        return _monday(int(found.group(1) or found.group(4)), int(found.group(2) or found.group(3)))
    if found := _SERIAL.fullmatch(bare):
        return _BEFORE_SERIALS + timedelta(days=int(found.group(1)))
    if _EPOCH.fullmatch(bare):
        seconds = float(bare) / (1000 if len(bare.partition(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, tz=UTC).date()
    if (found := _NAMED.fullmatch(bare)) and found.group(2).lower() in MONTHS:
        before, name, after, year = found.groups()
        return _day(_year(year), MONTHS[name.lower()], int(before or after or 1))
    raise ValueError("is not a date")


def period_after(text: str, day: date) -> date | None:
    """For a text that names a week, month or quarter and no day in it, the first day after that; or None."""
    bare = text.strip()
    if _WEEK.fullmatch(bare):
        return day + timedelta(days=7)
    named = _NAMED.fullmatch(bare)
    is_month = _MONTH.fullmatch(bare) or _MONTH_YEAR.fullmatch(bare) or (named and not (named[1] or named[3]))
    months = 3 if _QUARTER.fullmatch(bare) else 1 if is_month else 0
    if not months:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def orders_that_fit(texts: Iterable[str]) -> set[Order]:
    """Which of day first and month first read every text: both if none decides, none if they clash."""
    fits: set[Order] = {"dmy", "mdy"}
    for text in texts:
        found = _TWO_WAYS.fullmatch(text.strip())
        if not found:
            continue
        first, second = int(found.group(1)), int(found.group(3))
        if first > 12 >= second:
            fits.discard("mdy")
        elif second > 12 >= first:
            fits.discard("dmy")
    return fits


def can_be_read_two_ways(text: str) -> bool:
    """True when day and month can change places and give another valid day."""
    found = _TWO_WAYS.fullmatch(text.strip())
    return (
        bool(found)
        and found is not None
        and found.group(1) != found.group(3)
        and (1 <= int(found.group(1)) <= 12 and 1 <= int(found.group(3)) <= 12)
    )


def has_two_way_shape(text: str) -> bool:
    """True for a date written with numbers whose order is a convention (`3/4/2024`)."""
    return _TWO_WAYS.fullmatch(text.strip()) is not None


def is_a_day(text: str) -> bool:
    """True for a day of the calendar as numbers write it, in any order."""
    return _YEAR_FIRST.fullmatch(text.strip()) is not None or has_two_way_shape(text)


def _two_ways(first: int, second: int, year: int, order: str | None) -> date:
    if order == "dmy":
        return _day(year, second, first)
    if order == "mdy":
        return _day(year, first, second)
    if first > 12 or first == second:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    raise ValueError("can be read two ways")


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 80 else 1900)


def _monday(year: int, week: int) -> date:
    try:
        return date.fromisocalendar(_day(year, 1, 1).year, week, 1)
    except ValueError:
        raise ValueError("is not a week of the calendar") from None


def _day(year: int, month: int, day: int) -> date:
    if not 1900 <= year <= 2199:
        raise ValueError("has an impossible year")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
