"""Amounts as exports write them: signs, thousands, parentheses, decimal point or comma."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from decade.ingest.words import interval

_CODES = (
    "AED ARS AUD AZN BAM BDT BGN BHD BRL BYN CAD CHF CLP CNY COP CRC CZK DKK DOP DZD EGP EUR GBP GEL GHS GTQ HKD HRK "
    "HUF IDR ILS INR ISK JOD JPY KES KRW KWD KZT LBP LKR MAD MDL MKD MXN MYR NGN NOK NZD OMR PAB PEN PHP PKR PLN PYG "
    "QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU UZS VND XAF XOF ZAR ZMW AMD AOA BBD BOB BWP ETB "
    "HNL IQD IRR JMD KGS KHR LAK LYD MNT MUR MZN NAD NIO NPR RWF SCR SYP TTD TJS VES XCD XPF YER"
)
CODES = frozenset(_CODES.split())
_DOLLARS = {"US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL"}
_MARKS = {"€": "EUR", "£": "GBP", "zł": "PLN", "₽": "RUB", "руб": "RUB", "₹": "INR", "Kč": "CZK"}
_LETTERS = re.compile(
    rf"^(?:(?:euros?|{'|'.join(sorted(CODES))})\s*|zł|руб\.?|kr\.?)"
    rf"|(?:\s*(?:euros?|{'|'.join(sorted(CODES))})|zł(?:ot\w+)?|руб\.?|\s*Kč|\s*kr\.?|\s*fr\.)$",
    re.IGNORECASE,
)
_EURO = re.compile(r"(?i)(?<![^\W\d])euros?\b")
_OF_WHERE = re.compile(r"^[A-Z]{1,2}(?=\$)")  # the dollar
_PER = re.compile(
    r"(?i)^(.*?\d.*?)\s*(?:/|\b(?:per|pro|par|por|every|each|alle|je|za|за|na|w|в)\b)\s*(\D.*|\d{1,2} .*)$"
)
_AGAIN = re.compile(  # how words for "again and again" end
    r"(?i)((month|quarter|year|week|annual|dai)ly|per year|lich|uel|uelle|iel|ielle|ual|estral|nie|но|ная)$"
)
_PER_YEAR = re.compile(r"(?i)\bp\.?\s?a\.?$")
_SIGNS = re.compile(r"[\s\u00a0\u202f\u2009'’$€£¥₹₽]")
_LONGEST = 60  # characters of an amount with its words
_EVEN = re.compile(r"(?<=\d)([.,])\s?[-–—]{1,2}(?![-\d])")  # `490,-` has no cents
_LARGE = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_MONEY = r"(?:€|\$|£|zł|₽|eur|usd|gbp|chf|pln|rub|sek)"
_SCALES = (
    ("1000", re.compile(rf"(?i)\b[kt]\s?{_MONEY}|{_MONEY}\s?k\b|\bthousands?\b|[(']000s?\b|\btsd\b|\btys\b|\bтыс")),
    ("1000000", re.compile(rf"(?i)\bm(?:n|io)?\s?{_MONEY}|{_MONEY}\s?m(?:n|io)?\b|\bmillion|\bmio\b|\bmln\b|\bмлн")),
)
_PLAIN = re.compile(r"[+-]?\d+")


def read_amount(text: str, decimal: str = ".") -> Decimal:
    """The number that a text writes with the given decimal sign. Raises ValueError with the reason."""
    bare = for_how_long(_EVEN.sub(r"\g<1>00", text.strip().replace("\u2212", "-")))[0]
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    factor = Decimal(1)
    if large := re.search(r"(?<=\d)\s*(bn|mn|k|m|b)$", bare, re.IGNORECASE):
        factor, bare = Decimal(_LARGE[large.group(1).lower()]), bare[: large.start()]
    bare = _SIGNS.sub("", _LETTERS.sub("", _SIGNS.sub(" ", _OF_WHERE.sub("", bare)).strip()))
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1], True
    if bare.endswith("-"):
        bare, negative = bare[:-1], True
    thousands = "," if decimal == "." else "."
    whole, sign, rest = bare.partition(decimal)
    if thousands in rest or (thousands in whole and not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", whole)):
        raise ValueError("is not an amount with this decimal sign")
    if "_" in bare:  # which a number of Python may hold
        raise ValueError("is not an amount")
    try:
        amount = Decimal(whole.replace(thousands, "") + ("." + rest if sign else "")) * factor
    except ArithmeticError:
        raise ValueError("is not an amount") from None
    if not amount.is_finite() or abs(amount.adjusted()) > 30:
        raise ValueError("is not an amount")
    return -amount if negative else amount


def for_how_long(text: str) -> tuple[str, tuple[str, int] | None]:
    """An amount's text without the words that say for how long it is (`€99/mo`, `1.200 EUR pro Jahr`), and that."""
    if not text or len(text) > _LONGEST or text[-1] in "0123456789)-":
        return text, None
    bare = _PER_YEAR.sub("per year", text.strip())
    if (found := _PER.match(bare)) and (told := interval(found.group(2))):
        return found.group(1), told
    at = max((place for place, sign in enumerate(bare) if sign.isdigit()), default=-1) + 1
    tail = bare[at:].strip(" ,.()")
    if at and _AGAIN.search(tail) and (told := interval(tail)):  # 12 months is a time, 12 monthly an amount
        return bare[:at], told
    return text, None


def currency_of(text: str) -> str | None:
    """The ISO code that is written beside an amount, or None; a bare dollar sign names no currency."""
    for found in re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", text):
        if found in CODES:
            return str(found)
    for sign, code in (*_DOLLARS.items(), *_MARKS.items()):
        if sign in text:
            return code
    return "EUR" if _EURO.search(text) else None


def scale_of(header: str) -> str:
    """What amounts under a header are to be multiplied by (`MRR (k€)`, `Revenue in millions`); empty for nothing."""
    return next((scale for scale, form in _SCALES if form.search(header)), "")


def decimal_signs_that_fit(texts: Iterable[str]) -> set[str]:
    """Which of point and comma can be the decimal sign of all texts; both when no value decides."""
    fits = {".", ","}
    for text in texts:
        bare = re.sub(r"[^\d.,]", "", re.sub(r"[^\d)]+$", "", for_how_long(_EVEN.sub(r"\g<1>00", text))[0]))
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
