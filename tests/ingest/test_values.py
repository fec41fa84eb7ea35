"""Readers: what each text means, and why some mean nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decade.ingest.amounts import decimal_signs_that_fit
from decade.ingest.dates import can_be_read_two_ways, orders_that_fit
from decade.ingest.values import is_missing, reader
from decade.ingest.words import interval


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("$1,234.50", ".", "1234.50"),
        ("(12.00)", ".", "-12.00"),
        ("$(250.00)", ".", "-250.00"),
        ("12.5-", ".", "-12.5"),
        ("\u22124", ".", "-4"),
        ("1 234,50 €", ",", "1234.50"),
        ("1\u00a0234,5", ",", "1234.5"),
        ("1.234.567,89", ",", "1234567.89"),
        ("1'234.00", ".", "1234.00"),
        ("12,34,567.00", ".", "1234567.00"),
        ("USD 5", ".", "5"),
        ("1.2M", ".", "1200000"),
        ("15k", ".", "15000"),
    ],
)
def test_money(text: str, decimal: str, amount: str) -> None:
    assert reader("money", {"decimal": decimal})(text) == Decimal(amount)


@pytest.mark.parametrize(("text", "decimal"), [("1,234.50", ","), ("1,23", "."), ("abc", "."), ("1e999999", ".")])
def test_what_is_not_an_amount_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        reader("money", {"decimal": decimal})(text)


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False))
def test_an_amount_written_in_either_style_is_read_back(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert reader("money", {})(english) == amount
    assert reader("money", {"decimal": ","})(german) == amount


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["1,234"], {".", ","}),
        (["1.234"], {".", ","}),
        (["1,234", "5.00"], {"."}),
        (["1.234", "5,00"], {","}),
        (["1,234,567"], {"."}),
        (["0.125"], {"."}),
        (["5,5", "5.5"], set()),
    ],
)
def test_which_decimal_signs_fit(texts: list[str], signs: set[str]) -> None:
    assert decimal_signs_that_fit(texts) == signs


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-01-02", None, date(2024, 1, 2)),
        ("2024-01-02 03:04:05 UTC", None, date(2024, 1, 2)),
        ("2024-01-02T23:59:59Z", None, date(2024, 1, 2)),
        ("20240314", None, date(2024, 3, 14)),
        ("14/03/2024", None, date(2024, 3, 14)),
        ("3/15/2024 2:30 PM", None, date(2024, 3, 15)),
        ("3/4/2024", "mdy", date(2024, 3, 4)),
        ("3/4/2024", "dmy", date(2024, 4, 3)),
        ("31.12.24", None, date(2024, 12, 31)),
        ("March 14, 2024", None, date(2024, 3, 14)),
        ("14. März 2024", None, date(2024, 3, 14)),
        ("14 марта 2024", None, date(2024, 3, 14)),
        ("2024-03", None, date(2024, 3, 1)),
        ("Mar 2024", None, date(2024, 3, 1)),
        ("1614556800", None, date(2021, 3, 1)),
    ],
)
def test_dates(text: str, order: str | None, day: date) -> None:
    assert reader("date", {"order": order})(text) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [("3/4/2024", "two ways"), ("2024-02-30", "calendar"), ("soon", "not a date"), ("0024-01-01", "year")],
)
def test_what_is_not_a_date_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        reader("date", {})(text)


def test_day_and_month_are_told_apart_by_the_values_only() -> None:
    assert orders_that_fit(["3/4/2024", "13/4/2024"]) == {"dmy"}
    assert orders_that_fit(["3/4/2024", "4/13/2024"]) == {"mdy"}
    assert orders_that_fit(["3/4/2024"]) == {"dmy", "mdy"}
    assert orders_that_fit(["13/4/2024", "4/13/2024"]) == set()
    assert can_be_read_two_ways("3/4/2024")
    assert not can_be_read_two_ways("4/4/2024")


@pytest.mark.parametrize(
    ("text", "unit", "count"),
    [
        ("gold_monthly", "month", 1),
        ("gold_biannual", "half_year", 1),
        ("platinum-annual", "year", 1),
        ("growth-annual-usd-2022", "year", 1),
        ("every 3 months", "month", 3),
        ("quarterly", "quarter", 1),
        ("biennial", "year", 2),
        ("monatlich", "month", 1),
        ("12m", "month", 12),
    ],
)
def test_intervals(text: str, unit: str, count: int) -> None:
    assert interval(text) == (unit, count)


def test_a_plan_without_an_interval_has_none() -> None:
    assert interval("setup fee") is None
    assert interval("monthly-or-yearly") is None


def test_words_that_stand_for_nothing() -> None:
    assert all(is_missing(text) for text in ("", " -- ", "N/A", "null", "NULL"))
    assert not is_missing("0")


def test_percent_and_flags() -> None:
    assert reader("percent", {})("80%") == pytest.approx(0.8)
    assert reader("percent", {})("80") == pytest.approx(0.8)
    assert reader("percent", {"of": "1"})("0.8") == pytest.approx(0.8)
    assert reader("flag", {})("Yes") is True
    assert reader("flag", {})("nein") is False
    with pytest.raises(ValueError, match="neither"):
        reader("flag", {})("maybe")
