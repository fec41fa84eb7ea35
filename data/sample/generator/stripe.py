"""The billing exports, in Stripe's dashboard and warehouse shapes."""

from datetime import date
from pathlib import Path

from generator.accounts import Account
from generator.book import Book, Subscription
from generator.calendar import PRICE_LISTS
from generator.tables import write_csv

CUSTOMERS = (
    "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count,"
    "Refunded Volume,Dispute Losses"
)
SUBSCRIPTIONS = (
    "id,Customer ID,Customer Name,Plan,Product,Quantity,Currency,Interval,Amount,Status,Cancellation Reason,"
    "Created (UTC),Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),"
    "Trial End (UTC),Canceled At (UTC),Ended At (UTC)"
)
PRICES = "id,active,created,currency,nickname,product_id,recurring_interval,recurring_interval_count,type,unit_amount"
INVOICES = (
    "id,customer_id,subscription_id,status,billing_reason,amount_due,amount_paid,subtotal,tax,total,currency,"
    "created,due_date"
)
LINES = (
    "id,invoice_id,subscription_id,subscription_item_id,plan_id,type,amount,discount_amount,currency,"
    "quantity,proration,description,period_start,period_end"
)


def _minute(day: date | None) -> str:
    return f"{day} 00:00" if day else ""


def _second(day: date) -> str:
    return f"{day} 00:00:00"


def _major(cents: int) -> str:
    return f"{cents / 100:.2f}"


def write(folder: Path, payers: list[Account], book: Book) -> None:
    """Customers, subscriptions, prices, invoices and invoice lines."""
    invoices = sorted(book.invoices, key=lambda invoice: (invoice.created_on, invoice.id))
    totals: dict[str, list[int]] = {account.stripe_id: [0, 0] for account in payers}
    rows: list[list[object]] = []
    lines: list[list[object]] = []
    for invoice in invoices:
        sub, net = invoice.subscription, sum(line.amount - line.discount for line in invoice.lines)
        paid = max(net, 0) if invoice.status == "paid" else 0
        if paid:
            totals[sub.account.stripe_id][0] += paid
            totals[sub.account.stripe_id][1] += 1
        rows.append(
            [
                invoice.id,
                sub.account.stripe_id,
                sub.id,
                invoice.status,
                invoice.reason,
                max(net, 0),
                paid,
                sum(line.amount for line in invoice.lines),
                0,
                net,
                sub.account.currency,
                _second(invoice.created_on),
                _second(invoice.due_on),
            ]
        )
        lines.extend(
            [
                line.id,
                line.invoice_id,
                sub.id,
                line.item_id,
                line.plan_id,
                line.kind,
                line.amount,
                line.discount,
                sub.account.currency,
                line.quantity,
                str(line.is_proration).lower(),
                line.text,
                _second(line.starts_on),
                _second(line.ends_on),
            ]
            for line in invoice.lines
        )
    write_csv(folder / "stripe_invoices.csv", INVOICES, rows)
    write_csv(folder / "stripe_invoice_line_items.csv", LINES, lines)

    latest: dict[str, Subscription] = {}
    for sub in book.subscriptions:
        latest[sub.account.stripe_id] = sub
    write_csv(
        folder / "stripe_customers.csv",
        CUSTOMERS,
        [
            [
                a.stripe_id,
                "",
                f"billing@{a.domain}",
                a.billing_name,
                _minute(latest[a.stripe_id].starts_on),
                str(latest[a.stripe_id].status == "past_due").lower(),
                latest[a.stripe_id].price_id,
                latest[a.stripe_id].status,
                _major(totals[a.stripe_id][0]),
                totals[a.stripe_id][1],
                "0.00",
                "0.00",
            ]
            for a in payers
        ],
    )
    write_csv(
        folder / "stripe_subscriptions.csv",
        SUBSCRIPTIONS,
        [_subscription(sub) for sub in sorted(book.subscriptions, key=lambda sub: (sub.starts_on, sub.id))],
    )
    prices = []
    for price_id, (plan, currency, interval, unit, position) in sorted(book.price_ids.items()):
        since = max(PRICE_LISTS[position][0], date(2014, 10, 1))
        is_active = position == len(PRICE_LISTS) - 1 or not interval
        prices.append(
            [
                price_id,
                str(is_active).lower(),
                _second(since),
                currency,
                f"{plan.title()}",
                f"prod_{plan}",
                interval,
                1 if interval else "",
                "recurring" if interval else "one_time",
                unit or "",
            ]
        )
    write_csv(folder / "stripe_prices.csv", PRICES, prices)


def _subscription(sub: Subscription) -> list[object]:
    assert sub.period is not None
    trial = sub.trial or (None, None)
    return [
        sub.id,
        sub.account.stripe_id,
        sub.account.billing_name,
        sub.price_id,
        sub.plan.title(),
        sub.quantity,
        sub.account.currency,
        "year" if sub.is_annual else "month",
        _major(sub.amount),
        sub.status,
        sub.reason,
        _minute(sub.starts_on),
        _minute(sub.starts_on),
        _minute(sub.period[0]),
        _minute(sub.period[1]),
        _minute(trial[0]),
        _minute(trial[1]),
        _minute(sub.canceled_on),
        _minute(sub.ended_on),
    ]
