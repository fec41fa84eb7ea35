"""Numbers in words: money, rates and ratios as people read them; a missing number is a dash."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from decade.conventions import UNSTATED

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
DASH = "–"


def money(value: float | None, currency: str = "", *, digits: int = 3) -> str:
    """Short money: $1.23M, €950k, $87. A currency that was never stated shows no sign."""
    if is_missing(value):
        return DASH
    assert value is not None
    size, suffix = abs(value), ""
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= limit * 0.9995:
            size, suffix = size / limit, letter
            break
    places = max(0, digits - len(str(int(size)))) if suffix else (2 if size < 100 and size != int(size) else 0)
    return f"{'-' if value < 0 else ''}{sign(currency)}{size:,.{places}f}{suffix}"


def sign(currency: str) -> str:
    """What stands before an amount: a sign, or the code and a space; nothing when it was never stated."""
    return SIGNS.get(currency, "" if currency in ("", UNSTATED) else f"{currency} ")


def percent(value: float | None, places: int = 1) -> str:
    """A rate as a percentage: 0.7009 is 70.1 %."""
    return DASH if is_missing(value) else f"{value:.{places}%}".replace("%", " %")


def ratio(value: float | None, places: int = 2) -> str:
    """A plain ratio."""
    return DASH if is_missing(value) else f"{value:,.{places}f}"


def count(value: float | None) -> str:
    """A whole number."""
    return DASH if is_missing(value) else f"{value:,.0f}"


def days_of(dates: pd.Series[pd.Timestamp]) -> list[str]:
    """Dates as YYYY-MM-DD, for an axis; none may be missing. Twenty times as quick as formatting each."""
    return np.datetime_as_string(dates.to_numpy("datetime64[D]")).tolist()  # type: ignore[no-any-return]


def is_missing(value: float | None) -> bool:
    """True for None, NaN and pandas' NA."""
    try:
        return value is None or math.isnan(float(value))
    except TypeError:
        return True
