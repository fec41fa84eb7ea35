"""Coupons on subscription items: each item becomes its stretches of time, each with what is taken off it then.

Source: Stripe's discounts (on an item, a subscription or its customer) and coupons: per cent or an amount, once, for
some months, or for ever. An amount is shared among the items of its subscription, as it is on an invoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from decade.ingest.amounts import read_amount
from decade.ingest.headers import find
from decade.ingest.links import Links
from decade.ingest.mapping import bind
from decade.ingest.plans import FilePlan
from decade.ingest.raw import RawTable, write_rows
from decade.ingest.recognise import known_sources
from decade.ingest.values import is_missing, reader
from decade.ingest.words import interval

ITEMS, DISCOUNTS, COUPONS = "stripe.subscription_items", "stripe.discounts", "stripe.coupons"
COLUMNS = ("coupon charge", "coupon from", "coupon to", "coupon discount")
_OF_A_DISCOUNT = {
    "id": ("id", "discount_id"),
    "coupon": ("coupon_id", "coupon", "couponid"),
    "item": ("subscription_item_id", "subscription_item"),
    "subscription": ("subscription_id", "subscription", "subscriptionid"),
    "customer": ("customer_id", "customer", "customerid"),
    "start": ("start", "start_at", "started_at"),
    "end": ("end", "end_at", "ended_at"),
    "invoice": ("invoice_id", "invoice"),
}
_OF_A_COUPON = {
    "id": ("id", "coupon_id"),
    "percent": ("percent_off", "percentoff", "percent_off_precise"),
    "amount": ("amount_off", "amountoff"),
    "duration": ("duration",),
    "months": ("duration_in_months", "durationinmonths"),
}
_OF_A_SUBSCRIPTION = {
    "id": ("id",),
    "customer": ("customer_id", "Customer ID"),
    "start": ("start_date", "Start Date (UTC)", "created"),
    "end": ("ended_at", "Ended At (UTC)"),
    "period": ("current_period_start", "Current Period Start (UTC)"),
    "synced": ("_fivetran_synced", "_sdc_batched_at", "_airbyte_extracted_at"),
    "coupon": ("discount_coupon_id",),
    "from": ("discount_start", "discount_started_at"),
    "to": ("discount_end", "discount_ended_at"),
}
_OF_A_PRICE = {
    "id": ("id",),
    "amount": ("unit_amount", "amount"),
    "interval": ("recurring_interval", "interval"),
    "count": ("recurring_interval_count", "interval_count"),
}
_OF_AN_ITEM = {
    "id": "id",
    "subscription": "subscription_id",
    "price": ("plan_id", "price_id"),
    "quantity": "quantity",
    "created": "created",
}
_ALREADY = timedelta(days=1)  # a coupon given when the item began may be dated the next day


@dataclass(frozen=True)
class Discount:
    """What is taken off from one day up to another (None: from the beginning, for ever): per cent or cents."""

    start: date | None
    end: date | None
    percent: Decimal
    cents: Decimal


def with_coupons(found: Sequence[FilePlan], links: Links) -> list[FilePlan]:
    """The files, those of subscription items with a row for each stretch of time in which a coupon does not change."""
    if not any(each.mapping.source_name == ITEMS and each.mapping.table for each in found):
        return list(found)
    terms = _Terms(links)
    if not terms.is_any:
        return list(found)
    return [
        _stretched(each, terms) if each.mapping.source_name == ITEMS and each.mapping.table else each for each in found
    ]


class _Terms:
    """The discounts of items, subscriptions and customers, and what these cost."""

    def __init__(self, links: Links) -> None:
        self.subscriptions = {
            row["id"]: row for row in links.rows("stripe.subscriptions", _OF_A_SUBSCRIPTION) if row.get("id")
        }
        self.prices = {row["id"]: row for row in links.rows("stripe.prices", _OF_A_PRICE) if row.get("id")}
        self._coupons = {row["id"]: row for row in links.rows(COUPONS, _OF_A_COUPON) if row.get("id")}
        self._given: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
        told = ("start", "end", "period", "synced")
        days = {_day(row.get(name, "")[:10]) for row in self.subscriptions.values() for name in told}
        # What a coupon does after the day of the export is no fact yet.
        self.known_until = max((day for day in days if day is not None), default=date.max)
        rows = [*links.rows(DISCOUNTS, _OF_A_DISCOUNT), *self._of_subscriptions()]
        for row in rows:
            on = row.get("item") or row.get("subscription") or row.get("customer") or ""
            if on and not row.get("invoice") and row.get("coupon") in self._coupons:
                self._given.setdefault(on, {})[row.get("id") or row["coupon"], row.get("start", "")] = row

    @property
    def is_any(self) -> bool:
        """False when nothing is ever taken off."""
        return bool(self._given)

    def _of_subscriptions(self) -> Iterator[dict[str, str]]:
        for name, row in self.subscriptions.items():
            if row.get("coupon"):
                yield {
                    "coupon": row["coupon"],
                    "subscription": name,
                    "start": row.get("from", ""),
                    "end": row.get("to", ""),
                }

    def of(self, item: str, subscription: str, price: str) -> tuple[list[Discount], list[Discount]]:
        """What is taken off the item alone, and off its whole subscription (or, without that, off its customer's)."""
        customer = self.subscriptions.get(subscription, {}).get("customer", "")
        whole = self._given.get(subscription) or self._given.get(customer) or {}
        own = self._given.get(item, {})
        return [self._read(row, price) for row in own.values()], [self._read(row, price) for row in whole.values()]

    def _read(self, row: dict[str, str], price: str) -> Discount:
        coupon = self._coupons[row["coupon"]]
        start, end = _day(row.get("start", "")), _day(row.get("end", ""))
        if start is not None and end is None and coupon.get("duration", "").lower() == "once":
            end = self._after_one(start, price)
        if start is not None and end is None and coupon.get("duration", "").lower() == "repeating":
            months = _number(coupon.get("months", ""))
            end = _later(start, int(months)) if months else None
        return Discount(start, end, _number(coupon.get("percent", "")), _number(coupon.get("amount", "")))

    def _after_one(self, start: date, price: str) -> date:
        """The day on which the second period of a price begins."""
        told = self.prices.get(price, {})
        unit, count = interval(told.get("interval", "")) or ("month", 1)
        count *= int(_number(told.get("count", "")) or 1)
        months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}.get(unit)
        return _later(start, months * count) if months else start + timedelta(days=count * (7 if unit == "week" else 1))

    def cents(self, price: str, quantity: str) -> Decimal:
        """The price of all units of one interval."""
        return _number(self.prices.get(price, {}).get("amount", "")) * (_number(quantity) if quantity else Decimal(1))


def _stretched(each: FilePlan, terms: _Terms) -> FilePlan:
    raw = each.raw
    at = {name: find(raw.header, among) for name, among in _OF_AN_ITEM.items()}
    whole: dict[str, Decimal] = {}
    for _, cells in _rows(raw):
        item = _item(cells, at)
        whole[item["subscription"]] = whole.get(item["subscription"], Decimal()) + terms.cents(
            item["price"], item["quantity"]
        )

    def lines() -> Iterator[tuple[int, list[str]]]:
        for line, cells in _rows(raw):
            for more in _stretches(_item(cells, at), terms, whole):
                yield line, [*cells, *more]

    header = (*raw.header, *COLUMNS)
    path = raw.path.with_name(raw.path.name.replace(".raw.", ".coupons.raw."))
    count, _ = write_rows(path, len(header), lines())
    written = f"{raw.written}; {raw.rows:,} items with their coupons became {count:,} stretches"
    longer = replace(raw, path=path, header=header, rows=count, written=written)
    told = f"{each.recognised} Coupons lower the amounts while they run."
    return replace(each, raw=longer, mapping=bind(known_sources()[ITEMS], header), recognised=told)


def _stretches(item: dict[str, str], terms: _Terms, whole: dict[str, Decimal]) -> Iterator[list[str]]:
    """The id, first day, day after the last, and cents taken off, of each stretch of an item."""
    own, shared = terms.of(item["id"], item["subscription"], item["price"])
    subscription = terms.subscriptions.get(item["subscription"], {})
    start = _day(item["created"]) or _day(subscription.get("start", ""))
    if start is None or not (own or shared):
        yield ["", "", "", ""]
        return
    end = _day(subscription.get("end", ""))
    days = {day for each in (*own, *shared) for day in (each.start, each.end) if day is not None}
    cuts = sorted(day for day in days if start + _ALREADY < day <= terms.known_until and (end is None or day < end))
    gross, all_items = terms.cents(item["price"], item["quantity"]), whole[item["subscription"]]
    part = gross / all_items if all_items else Decimal()
    stretches = list(pairwise([start, *cuts, end]))
    off = [_off(gross, part, first or start, own, shared) for first, _ in stretches]
    for number, (first, last) in enumerate(stretches):
        name = item["id"] if not number else f"{item['id']} from {first}"
        yield [name, str(first or ""), str(last or ""), f"{off[number]:.4f}"]


def _off(gross: Decimal, part: Decimal, day: date, own: Sequence[Discount], shared: Sequence[Discount]) -> Decimal:
    left = gross
    for discounts, share in ((own, Decimal(1)), (shared, part)):
        running = [each for each in discounts if _runs(each, day)]
        for each in running:
            left -= left * each.percent / 100
        left -= sum((each.cents * share for each in running), Decimal())
    return gross - max(left, Decimal())


def _runs(each: Discount, day: date) -> bool:
    return (each.start is None or each.start <= day + _ALREADY) and (each.end is None or day < each.end)


def _item(cells: Sequence[str], at: dict[str, int | None]) -> dict[str, str]:
    return {name: cells[place].strip() if place is not None else "" for name, place in at.items()}


def _rows(raw: RawTable) -> Iterator[tuple[int, list[str]]]:
    for batch in raw.batches():
        columns = [column.to_pylist() for column in batch.columns]
        for line, *cells in zip(*columns, strict=True):
            yield line, [cell or "" for cell in cells]


def _day(text: str) -> date | None:
    try:
        day = None if is_missing(text) else reader("date", {})(text)
    except ValueError:
        return None
    return day if isinstance(day, date) else None


def _later(day: date, months: int) -> date:
    found = reader("date", {"plus_months": months})(str(day))
    assert isinstance(found, date)
    return found


def _number(text: str) -> Decimal:
    try:
        return Decimal() if is_missing(text) else read_amount(text)
    except ValueError:
        return Decimal()
