"""Months, named by their first day."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> date:
    """The month that holds a day."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` months later (earlier when negative); the day is clamped to the month's length."""
    number = month.year * 12 + month.month - 1 + count
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(month.day, last_day(first).day))


def last_day(month: date) -> date:
    """The last day of the month that holds a day."""
    following = month.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def parse_month(text: str) -> date:
    """A month from YYYY-MM or YYYY-MM-DD. Raises ValueError otherwise."""
    return date.fromisoformat(text if len(text) > 7 else f"{text}-01").replace(day=1)


def written(month: date) -> str:
    """YYYY-MM, as months are written in URLs and sentences."""
    return f"{month:%Y-%m}"
