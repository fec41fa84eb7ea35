"""Readers: one cell's text to one value, or the reason why it cannot be read.

A reader is called once per distinct text of a column, so it can be plain and careful. None means "missing".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from decade.ingest.amounts import currency_of, for_how_long, read_amount
from decade.ingest.dates import period_after, read_date
from decade.ingest.rates import exchange_rate
from decade.ingest.words import CHANNEL_KINDS, FALSE, LOST, MISSING, OPEN_ENDED, ROLES, STATUSES, TRUE, WON, interval

_ONCE = re.compile(
    r"(?i)\b(?:one[ -]?(?:time|off)|non[ -]?recurring|set[ -]?up fee|onboarding fee|usage|overages?|metered|einmalig\w*"
    r"|einrichtungsgebühr|ponctuel\w*|frais d.installation|pago único|jednorazow\w*|разов\w*)\b"
)
BESIDE = " + "  # between a day and how long it is from there
Reader = Callable[[str], object]
Options = Mapping[str, Any]


def reader(name: str, options: Options) -> Reader:
    """The reader of that name; it returns a value, or None, or raises ValueError with the reason."""
    return _READERS[name](options)


def reader_names() -> tuple[str, ...]:
    """Every reader that a mapping may name."""
    return tuple(_READERS)


def is_missing(text: str) -> bool:
    """True for a blank and for the words that exports write instead of one (`--`, `n/a`, `NULL`)."""
    return text.strip().lower() in MISSING


def _text(_: Options) -> Reader:
    return lambda text: text.strip()


def _date(options: Options) -> Reader:
    order, later, floor = options.get("order"), int(options.get("plus_days", 0)), bool(options.get("month"))
    months, is_open = int(options.get("plus_months", 0)), bool(options.get("may_be_open"))

    def read(text: str) -> date | None:
        if is_open and text.strip().lower() in OPEN_ENDED:
            return None
        day = read_date(text, order)
        if later and (after := period_after(text, day)) is not None:  # the last day of a month that is told
            return after
        if floor:
            day = day.replace(day=1)
        if months:
            year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
            day = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        return date.fromordinal(day.toordinal() + later) if later else day

    return read


def _month(options: Options) -> Reader:
    return _date({**options, "month": True})


def months_of(text: str) -> int | None:
    """How many months a term is long (`24`, `12 months`, `1 year`), or None."""
    if re.fullmatch(r"\d{1,3}(\.0+)?", text.strip()):
        return int(float(text))
    unit, count = interval(text) or ("", 0)
    return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}.get(unit, 0) * count or None


def _months(_: Options) -> Reader:
    def read(text: str) -> int:
        if (months := months_of(text)) is None:
            raise ValueError("is not a number of months")
        return months

    return read


def _term_end(options: Options) -> Reader:
    """The day after a term, from its first day and its length beside each other."""

    def read(text: str) -> object:
        day, _, length = text.partition(BESIDE)
        months = months_of(length)
        return _date({**options, "plus_months": months})(day) if months else None

    return read


def _money(options: Options) -> Reader:
    scale, sign = Decimal(str(options.get("scale", 1))), str(options.get("decimal", "."))
    if options.get("sign") == "positive":
        return lambda text: abs(read_amount(text, sign) * scale)
    if options.get("zero") == "missing":  # what another column holds then
        return lambda text: read_amount(text, sign) * scale or None
    return lambda text: read_amount(text, sign) * scale


def _integer(options: Options) -> Reader:
    def read(text: str) -> int:
        amount = read_amount(text, str(options.get("decimal", ".")))
        if amount != amount.to_integral_value():
            raise ValueError("is not a whole number")
        return int(amount)

    return read


def _number(options: Options) -> Reader:
    scale, sign = Decimal(str(options.get("scale", 1))), str(options.get("decimal", "."))
    return lambda text: float(read_amount(text, sign) * scale)


def _exchange_rate(options: Options) -> Reader:
    sign = str(options.get("decimal", "."))
    return lambda text: exchange_rate(read_amount(text, sign))


def _percent(options: Options) -> Reader:
    hundred, sign = Decimal(str(options.get("of", 100))), str(options.get("decimal", "."))

    def read(text: str) -> float:
        bare = text.strip().removesuffix("%").strip()
        return float(read_amount(bare, sign) / (Decimal(100) if bare != text.strip() else hundred))

    return read


def _share(options: Options) -> Reader:
    sign = str(options.get("decimal", "."))
    return lambda text: read_amount(text.strip().removesuffix("%"), sign)


def _flag(options: Options) -> Reader:
    true = {str(word).lower() for word in options.get("true", ())} or TRUE
    false = {str(word).lower() for word in options.get("false", ())}
    otherwise = options.get("otherwise")

    def read(text: str) -> object:
        word = text.strip().lower()
        if word in true:
            return True
        if word in false or (otherwise is None and word in FALSE):
            return False
        if otherwise is None:
            raise ValueError("is neither yes nor no")
        return otherwise

    return read


def _word(options: Options) -> Reader:
    known = {**_VOCABULARIES.get(str(options.get("vocabulary", "")), {})}
    known |= {str(word).lower(): value for word, value in options.get("words", {}).items()}
    otherwise = options.get("otherwise", "refuse")

    def read(text: str) -> object:
        word = re.sub(r"[\s_-]+", " ", text.strip().lower())
        bare = re.sub(r"^[\W\d_]+|[^\w)]+$", "", word)  # "6. Won!" is won
        value = known.get(text.strip().lower(), known.get(word, known.get(bare, otherwise)))
        if value == "refuse":
            raise ValueError("is a word whose meaning is not known")
        if value == "as_written":
            return text.strip()
        return None if value == "missing" else value

    return read


def _interval_unit(options: Options) -> Reader:
    return lambda text: _interval(text, options)[0]


def _interval_count(options: Options) -> Reader:
    return lambda text: _interval(text, options)[1]


def _interval(text: str, options: Options) -> tuple[str | None, int | None]:
    found = interval(text)
    if found is not None:
        return found
    if options.get("otherwise") == "missing":
        return None, None
    raise ValueError("is not an interval")


def _currency(_: Options) -> Reader:
    def read(text: str) -> str:
        code = SIGNS.get(text.strip().lower().rstrip("."), text.strip().upper())
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise ValueError("is not a currency code")
        return code

    return read


def _currency_beside(_: Options) -> Reader:
    return lambda text: currency_of(text) or currency_of(text.upper())


def says_once(text: str) -> bool:
    """Whether a charge's own words say that it is no subscription: set up, paid once, or metered."""
    return _ONCE.search(text) is not None


def _interval_beside(part: int) -> Callable[[Options], Reader]:
    def unit_or_count(_: Options) -> Reader:
        return lambda text: None if (told := for_how_long(text)[1]) is None else told[part]

    return unit_or_count


def _domain(_: Options) -> Reader:
    def read(text: str) -> object:
        bare = re.sub(r"^[a-z]+://", "", text.strip().lower()).rpartition("@")[2]
        bare = re.split(r"[/?#:]", bare)[0].removeprefix("www.")
        return bare if "." in bare else None

    return read


SIGNS = {
    "€": "EUR", "£": "GBP", "zł": "PLN", "₽": "RUB", "руб": "RUB", "¥": "JPY", "₹": "INR", "us$": "USD", "kč": "CZK",
    "euro": "EUR", "euros": "EUR", "us dollar": "USD", "u.s. dollar": "USD", "british pound": "GBP",
    "pound sterling": "GBP", "swiss franc": "CHF", "canadian dollar": "CAD", "australian dollar": "AUD",
    "polish zloty": "PLN", "złoty": "PLN", "złoty polski": "PLN", "рубль": "RUB", "российский рубль": "RUB",
}  # fmt: skip
_VOCABULARIES: dict[str, dict[str, object]] = {
    "status": {**STATUSES},
    "role": {**ROLES},
    "activity": {**CHANNEL_KINDS},
    "won": {**dict.fromkeys(WON, True)},
    "closed": {**dict.fromkeys((*WON, *LOST), True)},
}
_READERS: dict[str, Callable[[Options], Reader]] = {
    "text": _text,
    "date": _date,
    "month": _month,
    "months": _months,
    "term_end": _term_end,
    "money": _money,
    "integer": _integer,
    "number": _number,
    "exchange_rate": _exchange_rate,
    "percent": _percent,
    "share": _share,
    "flag": _flag,
    "word": _word,
    "recurs": lambda _: lambda text: not says_once(text),
    "interval_unit": _interval_unit,
    "interval_count": _interval_count,
    "currency": _currency,
    "currency_beside": _currency_beside,
    "interval_unit_beside": _interval_beside(0),
    "interval_count_beside": _interval_beside(1),
    "domain": _domain,
}
