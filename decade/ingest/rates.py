"""Exchange rates: which numbers can be one, and rates as people type them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from decade.errors import Refused

_PLACES = Decimal("0.000001")  # money is held in DECIMAL(18, 6)
_TOO_LARGE = Decimal(10) ** 12


def exchange_rate(number: Decimal) -> float:
    """The number as a rate: one unit of a currency in another. Raises ValueError with the reason why it is none."""
    if not number.is_finite():
        raise ValueError("is not a number")
    if number <= 0:
        raise ValueError("is not more than 0")
    if number >= _TOO_LARGE:
        raise ValueError("is too large")
    if not number.quantize(_PLACES):
        raise ValueError("is 0 at six decimals")
    return float(number)


def typed_rates(pairs: Iterable[tuple[str, str]], where: str) -> dict[str, float]:
    """Rates by currency, upper case, from pairs of currency and text. Raises Refused on what is no rate."""
    rates = {}
    for currency, text in pairs:
        try:
            rates[currency.upper()] = exchange_rate(Decimal(text.replace("_", "?")))  # 1_0 is a number of Python only
        except ArithmeticError:
            raise Refused(f"{text!r} is no rate", where=where, do="Write it as EUR=1.08.") from None
        except ValueError as problem:
            told = f"{text!r} is no rate, it {problem}"
            raise Refused(told, where=where, do="Write it as EUR=1.08.") from None
    return rates
