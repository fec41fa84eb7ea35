"""The twelve years of the sample company: first and last day, months, the shock, price lists."""

import calendar
from datetime import date, timedelta

FIRST_DAY = date(2014, 11, 1)
LAST_DAY = date(2026, 10, 31)
EXPORT_DAY = date(2026, 11, 1)
SHOCK = (date(2020, 4, 1), date(2020, 6, 30))

# Share of a year's new business by month, January first: quarter ends and December close more.
SEASON = (0.75, 0.85, 1.1, 0.9, 0.95, 1.15, 0.85, 0.7, 1.15, 1.0, 1.05, 1.55)

# A price list: the day from which it holds, its mark in the price id, its level.
PRICE_LISTS = (
    (date(2000, 1, 1), "", 1.0),
    (date(2018, 1, 1), "-2018", 1.06),
    (date(2022, 4, 1), "-2022", 1.15),
    (date(2024, 1, 1), "-2024", 1.21),
)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_ends() -> list[date]:
    """The last day of each month from the first to the last."""
    ends, month = [], FIRST_DAY
    while month <= LAST_DAY:
        month = add_months(month, 1)
        ends.append(month - timedelta(days=1))
    return ends


def months_between(start: date, end: date) -> int:
    """Whole months from start to end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day >= start.day or add_months(start, months) <= end else months - 1


def in_shock(day: date) -> bool:
    """True in the quarter in which orders stopped."""
    return SHOCK[0] <= day <= SHOCK[1]


def price_list(day: date) -> int:
    """Position of the price list that holds on a day."""
    return max(position for position, (since, _, _) in enumerate(PRICE_LISTS) if since <= day)
