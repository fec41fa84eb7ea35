"""What the sample company has billed: subscriptions, invoices, their lines, and what they mean by month."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from generator.accounts import Account
from generator.calendar import LAST_DAY, PRICE_LISTS, month_ends
from generator.chance import Identifiers

# Yearly list price of a seat in cents; a month costs a tenth of a year.
SEAT_YEAR = {"starter": 30_000, "growth": 48_000, "scale": 72_000, "insights": 18_000}
EUR_LEVEL = 0.9


@dataclass
class Subscription:
    """One subscription; `ended_on` is empty while it runs."""

    id: str
    item_id: str
    account: Account
    plan: str
    is_annual: bool
    starts_on: date
    status: str = "active"
    quantity: int = 0
    price_id: str = ""
    amount: int = 0
    period: tuple[date, date] | None = None
    trial: tuple[date, date] | None = None
    canceled_on: date | None = None
    ended_on: date | None = None
    reason: str = ""


@dataclass
class Line:
    """One invoice line, amounts in cents, discount positive."""

    id: str
    invoice_id: str
    subscription: Subscription
    item_id: str
    plan_id: str
    kind: str
    amount: int
    discount: int
    quantity: int
    is_proration: bool
    text: str
    starts_on: date
    ends_on: date


@dataclass
class Invoice:
    """One invoice; its lines carry the money."""

    id: str
    subscription: Subscription
    reason: str
    created_on: date
    due_on: date
    status: str = "paid"
    lines: list[Line] = field(default_factory=list)


@dataclass
class Credit:
    """Money back for the unused rest of a period that an upgrade ended."""

    price_id: str
    cents: int
    starts_on: date
    ends_on: date
    quantity: int
    name: str


@dataclass
class Event:
    """A commercial change of one account, yearly values in cents of its currency."""

    account: Account
    day: date
    kind: str
    before: int
    after: int


class Book:
    """Everything billed."""

    def __init__(self) -> None:
        self.ids = Identifiers("billing")
        self.subscriptions: list[Subscription] = []
        self.invoices: list[Invoice] = []
        self.events: list[Event] = []
        self.price_ids: dict[str, tuple[str, str, str, int, int]] = {}

    def open(self, account: Account, plan: str, is_annual: bool, day: date) -> Subscription:
        """A new subscription."""
        subscription = Subscription(self.ids.give("sub_", 12), self.ids.give("si_", 12), account, plan, is_annual, day)
        self.subscriptions.append(subscription)
        return subscription

    def price(self, plan: str, is_annual: bool, currency: str, position: int) -> tuple[str, int]:
        """Price id and cents a seat for one interval."""
        interval = "annual" if is_annual else "monthly"
        price_id = f"{plan}-{interval}-{currency}{PRICE_LISTS[position][1]}"
        cents = SEAT_YEAR[plan] * PRICE_LISTS[position][2] * (EUR_LEVEL if currency == "eur" else 1)
        unit = round(cents, -2) if is_annual else round(cents / 10)
        self.price_ids[price_id] = (plan, currency, "year" if is_annual else "month", int(unit), position)
        return price_id, int(unit)

    def invoice(self, subscription: Subscription, reason: str, day: date) -> Invoice:
        """A new invoice, due in 30 days when it is for a year and not small."""
        waits = 30 if subscription.is_annual and subscription.account.segment != "SMB" else 0
        invoice = Invoice(self.ids.give("in_", 12), subscription, reason, day, day + timedelta(days=waits))
        if waits and invoice.due_on > LAST_DAY:
            invoice.status = "open"
        self.invoices.append(invoice)
        return invoice

    def line(self, invoice: Invoice, plan_id: str, amount: int, starts_on: date, ends_on: date, **more: object) -> Line:
        """A new line on an invoice."""
        text = str(more.get("text", ""))
        line = Line(
            self.ids.give("il_", 12),
            invoice.id,
            invoice.subscription,
            invoice.subscription.item_id,
            plan_id,
            str(more.get("kind", "subscription")),
            amount,
            int(str(more.get("discount", 0))),
            int(str(more.get("quantity", 1))),
            bool(more.get("is_proration", False)),
            text,
            starts_on,
            ends_on,
        )
        invoice.lines.append(line)
        return line

    def credit(self, invoice: Invoice, credit: Credit) -> None:
        """The credit as a proration line."""
        more = {"quantity": credit.quantity, "is_proration": True, "text": f"Unused time on {credit.name}"}
        self.line(invoice, credit.price_id, credit.cents, credit.starts_on, credit.ends_on, **more)

    def full_lines(self) -> list[tuple[Invoice, Line]]:
        """Recurring whole lines, in order of start."""
        pairs = [(invoice, line) for invoice in self.invoices for line in invoice.lines]
        whole = [(i, x) for i, x in pairs if x.kind == "subscription" and not x.is_proration and i.status != "void"]
        return sorted(whole, key=lambda pair: (pair[1].starts_on, pair[1].id))

    def yearly_by_month(self) -> list[dict[str, int]]:
        """For each month end, net yearly cents by Stripe customer, in its own currency."""
        by_item: dict[str, list[Line]] = {}
        for _, line in self.full_lines():
            by_item.setdefault(line.item_id, []).append(line)
        ends = month_ends()
        result: list[dict[str, int]] = [{} for _ in ends]
        for lines in by_item.values():
            for line, following in zip(lines, [*lines[1:], None], strict=True):
                until = min(line.ends_on, following.starts_on) if following else line.ends_on
                yearly = (line.amount - line.discount) * (1 if line.subscription.is_annual else 12)
                for values, day in zip(result, ends, strict=True):
                    if line.starts_on <= day < until and yearly:
                        key = line.subscription.account.stripe_id
                        values[key] = values.get(key, 0) + yearly
        return result
