"""The billing of the sample company, period by period: trials, renewals, upgrades, ends, returns."""

from datetime import date, timedelta
from random import Random

from generator.accounts import Account
from generator.book import Book, Credit, Event, Subscription
from generator.calendar import LAST_DAY, add_months, in_shock, months_between, price_list
from generator.chance import stream
from generator.change import churn_rate, growth, return_delay, upgrade


def _trial(book: Book, subscription: Subscription, days: int, first_paid: date) -> None:
    begins = first_paid - timedelta(days=days)
    subscription.starts_on, subscription.trial = begins, (begins, first_paid)
    price_id, _ = book.price(
        subscription.plan, subscription.is_annual, subscription.account.currency, price_list(begins)
    )
    invoice = book.invoice(subscription, "subscription_create", begins)
    invoice.due_on, invoice.status = begins, "paid"
    quantity = subscription.account.seats
    book.line(
        invoice,
        price_id,
        0,
        begins,
        first_paid,
        quantity=quantity,
        text=f"Trial period for {subscription.plan.title()}",
    )


def _discount_rate(account: Account, promotion: float, number: int, is_annual: bool) -> float:
    still = number == 0 if is_annual or promotion == 1.0 else number < 3
    return account.negotiated + (promotion if still else 0.0)


def run(book: Book, rng: Random, account: Account, start: date, seats: int, is_return: bool) -> Subscription:
    """One subscription from its start to its end or to the export; returns it."""
    sub = book.open(account, account.plan, account.is_annual, start)
    if account.segment == "SMB" and not is_return and rng.random() < 0.5 and start > date(2014, 12, 15):
        _trial(book, sub, rng.choice([14, 14, 30]), start)
    promotion = 0.0
    if account.segment == "SMB" and rng.random() < 0.15:
        promotion = 1.0 if not sub.is_annual and rng.random() < 0.2 else rng.choice([0.2, 0.3, 0.5])
    step, position = (12 if sub.is_annual else 1), price_list(start)
    anchor, begins, number, count = start, start, 0, 0
    first_paid = account.first_paid or start
    before, is_upgrade = 0, False
    credit: Credit | None = None
    while True:
        count += 1
        ends = add_months(anchor, count * step)
        if account.follows_prices or number == 0:
            position = price_list(begins)
        price_id, unit = book.price(sub.plan, sub.is_annual, account.currency, position)
        amount = unit * seats
        discount = round(amount * min(1.0, _discount_rate(account, promotion, number, sub.is_annual)))
        invoice = book.invoice(sub, "subscription_create" if number == 0 else "subscription_cycle", begins)
        name = f"{seats} × {sub.plan.title()}"
        book.line(invoice, price_id, amount, begins, ends, quantity=seats, discount=discount, text=name)
        if credit:
            invoice.reason = "subscription_update"
            book.credit(invoice, credit)
            credit = None
        if number == 0 and not is_return and account.segment != "SMB" and rng.random() < 0.55:
            fee = (
                rng.choice([2500, 4000, 7500]) if account.segment == "Mid-Market" else rng.choice([8000, 15000, 24000])
            )
            fee_id = f"onboarding-once-{account.currency}"
            book.price_ids[fee_id] = ("onboarding", account.currency, "", 0, 0)
            book.line(invoice, fee_id, fee * 100, begins, begins, kind="invoiceitem", text="Onboarding")
        sub.quantity, sub.price_id, sub.amount, sub.period = seats, price_id, amount, (begins, ends)
        yearly = (amount - discount) * (1 if sub.is_annual else 12)
        if number == 0:
            book.events.append(Event(account, begins, "return" if is_return else "new", 0, yearly))
        elif sub.is_annual:
            book.events.append(Event(account, begins, "upgrade" if is_upgrade else "renewal", before, yearly))
        before, is_upgrade = yearly, False
        number += 1

        change = upgrade(rng, account, seats, sub.is_annual)
        if change is not None:
            day = begins + timedelta(days=change.after_days)
            if day <= LAST_DAY and day < ends - timedelta(days=20) and not in_shock(day):
                left = (ends - day).days / (ends - begins).days
                if change.resets:
                    cents = -round((amount - discount) * left)
                    credit = Credit(price_id, cents, day, ends, seats, name)
                    seats, anchor, begins, count, is_upgrade = change.seats, day, day, 0, True
                    continue
                extra = change.seats - seats
                invoice = book.invoice(sub, "subscription_update", day)
                text = f"Remaining time on {extra} × {sub.plan.title()}"
                charge = round(unit * extra * (1 - account.negotiated) * left)
                book.line(invoice, price_id, charge, day, ends, quantity=extra, is_proration=True, text=text)
                seats = change.seats

        if ends > LAST_DAY:
            if sub.is_annual and months_between(LAST_DAY, ends) < 3 and rng.random() < 0.12:
                sub.canceled_on = LAST_DAY - timedelta(days=rng.randint(2, 50))
                sub.reason = "cancellation_requested"
            return sub
        age = months_between(first_paid, ends)
        if rng.random() < churn_rate(account, age, sub.is_annual, ends, seats):
            notice = rng.randint(8, 60) if sub.is_annual else rng.randint(1, 18)
            sub.status, sub.ended_on, sub.canceled_on = (
                "canceled",
                ends,
                max(begins, ends - timedelta(days=notice)),
            )
            sub.reason = "cancellation_requested" if rng.random() < 0.8 else "payment_failed"
            if sub.reason == "payment_failed" and not sub.is_annual and rng.random() < 0.4:
                book.invoices[-1].status = "uncollectible"
            book.events.append(Event(account, ends, "churn", before, 0))
            return sub
        seats = growth(rng, account, seats, age, sub.is_annual, ends)
        begins = ends
        chance = rng.random()
        if chance < (0.035 if sub.is_annual else 0.006):
            begins = ends + timedelta(days=rng.randint(1, 3))
        elif chance < (0.055 if sub.is_annual else 0.009):
            begins = ends + timedelta(days=rng.randint(4, 31))
        if begins > LAST_DAY:
            sub.status = "past_due"
            return sub
        if begins != ends:
            anchor, count = begins, 0


def _insights(book: Book, rng: Random, account: Account, main: Subscription) -> None:
    share = {"SMB": 0.0, "Mid-Market": 0.14, "Enterprise": 0.34}[account.segment]
    whole = [i for i in book.invoices if i.subscription is main and not i.lines[0].is_proration]
    if not main.is_annual or len(whole) < 2 or whole[1].created_on < date(2018, 6, 1) or rng.random() >= share:
        return
    begins = whole[1].created_on
    sub = book.open(account, "insights", True, begins)
    seats = max(5, round(whole[1].lines[0].quantity * rng.uniform(0.4, 1.0)))
    while begins <= LAST_DAY and (main.ended_on is None or begins < main.ended_on):
        ends = add_months(begins, 12)
        price_id, unit = book.price("insights", True, account.currency, price_list(begins))
        invoice = book.invoice(sub, "subscription_cycle" if sub.period else "subscription_create", begins)
        discount = round(unit * seats * account.negotiated)
        text = f"{seats} × Insights"
        book.line(invoice, price_id, unit * seats, begins, ends, quantity=seats, discount=discount, text=text)
        sub.quantity, sub.price_id, sub.amount, sub.period = seats, price_id, unit * seats, (begins, ends)
        book.events.append(Event(account, begins, "add-on", 0, unit * seats - discount))
        begins = ends
        if begins <= LAST_DAY and rng.random() < 0.1:
            break
        seats = round(seats * rng.choice([1.0, 1.0, 1.1, 1.25]))
    if sub.period and sub.period[1] <= LAST_DAY:
        sub.status, sub.ended_on, sub.reason = "canceled", sub.period[1], "cancellation_requested"
        sub.canceled_on = sub.period[1] - timedelta(days=rng.randint(5, 45))


def bill(customers: list[Account], book: Book) -> None:
    """Everything billed to the customers, boomerangs included."""
    for account in customers:
        rng = stream(f"billing:{account.stripe_id}")
        assert account.first_paid is not None
        start, seats, is_return = account.first_paid, account.seats, False
        while True:
            main = run(book, rng, account, start, seats, is_return)
            _insights(book, rng, account, main)
            delay = return_delay(rng, account)
            if main.ended_on is None or delay is None:
                break
            start, seats, is_return = main.ended_on + timedelta(days=delay), main.quantity, True
            if start > LAST_DAY - timedelta(days=10):
                break
            seats = max(2, round(seats * rng.uniform(0.7, 1.5)))


def try_out(trials: list[Account], book: Book) -> None:
    """Trials that ended without a payment, or still run."""
    rng = stream("trials that ended")
    for account in trials:
        sub = book.open(account, account.plan, False, account.created_on)
        ends = account.created_on + timedelta(days=rng.choice([14, 30]))
        _trial(book, sub, (ends - account.created_on).days, ends)
        position = price_list(account.created_on)
        sub.price_id, unit = book.price(sub.plan, False, account.currency, position)
        sub.quantity, sub.amount, sub.period = account.seats, unit * account.seats, (account.created_on, ends)
        sub.status = "trialing"
        if ends <= LAST_DAY:
            sub.status, sub.canceled_on, sub.ended_on = "canceled", ends, ends
            sub.reason = "cancellation_requested"
