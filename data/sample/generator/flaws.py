"""The honest flaws of the sample company's data; README.md lists them."""

from datetime import date, timedelta

from generator.book import Book, Subscription
from generator.calendar import LAST_DAY, add_months
from generator.chance import stream
from generator.sales import Deal


def _running(book: Book, segment: str, is_annual: bool) -> list[Subscription]:
    return [
        sub
        for sub in book.subscriptions
        if sub.status == "active"
        and sub.account.segment == segment
        and sub.is_annual == is_annual
        and sub.plan != "insights"
        and sub.canceled_on is None
        and sub.starts_on < date(2024, 9, 1)
    ]


def plant(book: Book, deals: list[Deal]) -> None:
    """The flaws, in data that is otherwise in order."""
    rng = stream("flaws")
    small, middle = _running(book, "SMB", False), _running(book, "Mid-Market", True)
    in_deals = {deal.account.stripe_id for deal in deals if deal.account}
    unseen = [sub for sub in small if sub.account.stripe_id not in in_deals]
    for sub in unseen[:3]:
        sub.account.in_crm = False
    paying = next(sub for sub in small if sub not in unseen[:3])
    paying.status, paying.reason = "canceled", "cancellation_requested"
    paying.canceled_on = paying.ended_on = date(2026, 3, 17)

    for sub in middle[:2]:
        account = sub.account
        stem, rest = account.name.split(" ", 1)
        account.crm_name = f"{stem[:5]} {stem[5:].title()} {rest}" if sub is middle[0] else f"{stem} {rest} Group"
        account.link_is_known = False

    twice = next(sub for sub in middle[2:] if sub.period and date(2026, 12, 1) < sub.period[1] < date(2027, 8, 1))
    renewals = [i for i in book.invoices if i.subscription is twice and i.reason == "subscription_cycle"]
    last = renewals[-1]
    early = last.created_on - timedelta(days=30)
    last.created_on = early
    for line in last.lines:
        line.starts_on, line.ends_on = early, add_months(early, 12)
        line.item_id = twice.item_id = book.ids.give("si_", 12)
    twice.period = (early, add_months(early, 12))

    # Renewals of the last weeks that nobody has invoiced yet: pending, not lost.
    due = [
        invoice
        for invoice in book.invoices
        if invoice.reason == "subscription_cycle"
        and invoice.subscription.is_annual
        and invoice.subscription.plan != "insights"
        and invoice.created_on > LAST_DAY - timedelta(days=26)
        and invoice.subscription.account.segment != "SMB"
    ]
    for invoice in sorted(due, key=lambda one: one.lines[0].amount)[:4]:
        book.invoices.remove(invoice)
        before = [i for i in book.invoices if i.subscription is invoice.subscription and not i.lines[0].is_proration]
        line, sub = before[-1].lines[0], invoice.subscription
        sub.period, sub.quantity = (line.starts_on, line.ends_on), line.quantity
        sub.price_id, sub.amount = line.plan_id, line.amount

    # Invoices written twice: the first is void.
    for invoice in rng.sample([i for i in book.invoices if i.created_on > date(2019, 1, 1)], 8):
        copy = book.invoice(invoice.subscription, invoice.reason, invoice.created_on)
        copy.status = "void"
        for line in invoice.lines:
            book.line(
                copy,
                line.plan_id,
                line.amount,
                line.starts_on,
                line.ends_on,
                quantity=line.quantity,
                discount=line.discount,
                kind=line.kind,
                is_proration=line.is_proration,
                text=line.text,
            )

    # Late payers of the last month.
    for sub in rng.sample([one for one in small if one is not paying], 5):
        sub.status = "past_due"
        latest = [i for i in book.invoices if i.subscription is sub and i.status == "paid"][-1]
        latest.status = "open"

    for deal in rng.sample([d for d in deals if d.stage in ("Prospecting", "Qualification", "Closed Lost")], 5):
        deal.name, deal.account = f"Inbound enquiry {deal.created_on:%Y-%m} - {deal.product}", None
