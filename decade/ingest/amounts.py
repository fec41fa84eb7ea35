"""Amounts as exports write them: signs, thousands, parentheses, decimal point or comma."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

_LETTERS = re.compile(r"^(?:[A-Za-z]{3}\s*|[A-Z]{2}\$|zł|руб\.?)|(?:\s*[A-Za-z]{3}|zł|руб\.?|\s*Kč)$")
_SIGNS = re.compile(r"[\s\u00a0\u202f\u2009'’$€£¥₹₽]")
_LARGE = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_PLAIN = re.compile(r"[+-]?\d+")


def read_amount(text: str, decimal: str = ".") -> Decimal:
    """The number that a text writes with the given decimal sign. Raises ValueError with the reason."""
    bare = text.strip().replace("\u2212", "-")
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    factor = Decimal(1)
    if large := re.search(r"(?<=\d)\s*(bn|mn|k|m|b)$", bare, re.IGNORECASE):
        factor, bare = Decimal(_LARGE[large.group(1).lower()]), bare[: large.start()]
    bare = _SIGNS.sub("", _LETTERS.sub("", _SIGNS.sub(" ", bare).strip()))
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1], True
    if bare.endswith("-"):
        bare, negative = bare[:-1], True
    thousands = "," if decimal == "." else "."
    whole, sign, rest = bare.partition(decimal)
    if thousands in rest or (thousands in whole and not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", whole)):
        raise ValueError("is not an amount with this decimal sign")
    try:
        amount = Decimal(whole.replace(thousands, "") + ("." + rest if sign else "")) * factor
    except InvalidOperation:
        raise ValueError("is not an amount") from None
    if not amount.is_finite() or abs(amount.adjusted()) > 30:
        raise ValueError("is not an amount")
    return -amount if negative else amount


def currency_of(text: str) -> str | None:
    """The ISO code that is written beside an amount, or None; a bare dollar sign names no currency."""
    if found := re.search(r"(?<![A-Za-z])(USD|EUR|GBP|CHF|PLN|CAD|AUD|SEK|NOK|DKK|JPY|INR|CZK|RUB)(?![A-Za-z])", text):
        return found.group(1)
    for sign, code in (("€", "EUR"), ("£", "GBP"), ("zł", "PLN"), ("₽", "RUB"), ("₹", "INR"), ("US$", "USD")):
        if sign in text:
            return code
    return None


def decimal_signs_that_fit(texts: Iterable[str]) -> set[str]:
    """Which of point and comma can be the decimal sign of all texts; both when no value decides."""
    fits = {".", ","}
    for text in texts:
        bare = re.sub(r"[^\d.,]", "", text)
        points, commas = bare.count("."), bare.count(",")
        if points and commas:
            fits.discard("," if bare.rindex(".") > bare.rindex(",") else ".")
            continue
        for mark, times, other in ((".", points, ","), (",", commas, ".")):
            if times > 1:
                fits.discard(mark)
            elif times == 1:
                whole, _, rest = bare.partition(mark)
                if len(rest) != 3 or whole in ("", "0") or len(whole) > 3:
                    fits.discard(other)
    return fits


def is_plain(text: str) -> bool:
    """True for digits with at most a sign before them."""
    return _PLAIN.fullmatch(text.strip()) is not None
