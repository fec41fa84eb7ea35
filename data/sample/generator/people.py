"""The people at the sample company's accounts and how often they are spoken with."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from generator.accounts import Account
from generator.book import Book
from generator.calendar import FIRST_DAY, LAST_DAY
from generator.chance import Identifiers, pick, stream
from generator.names import person

ROLES = {
    "Economic Buyer": [
        ("Chief Operating Officer", "Operations"),
        ("VP Operations", "Operations"),
        ("Owner", "Management"),
    ],
    "Champion": [("Head of Field Service", "Field Service"), ("Service Director", "Field Service")],
    "User": [
        ("Dispatcher", "Field Service"),
        ("Team Lead Planning", "Field Service"),
        ("Planner", "Operations"),
    ],
    "Technical": [("Systems Administrator", "IT"), ("Integration Architect", "IT")],
    "Procurement": [("Procurement Manager", "Procurement"), ("Category Buyer", "Procurement")],
    "CIO Office": [("Chief Information Officer", "IT"), ("Director IT Strategy", "IT")],
    "Other": [("Controller", "Finance"), ("Project Manager", "Operations")],
}
_ORDER = (
    "Champion",
    "User",
    "Economic Buyer",
    "Technical",
    "Procurement",
    "User",
    "CIO Office",
    "Other",
    "User",
)
SUBJECTS = {
    "Meeting": "Review meeting",
    "Visit": "On-site visit",
    "Call": "Check-in call",
    "Email": "Follow-up",
    "QBR": "Quarterly business review",
    "Support": "Support case",
}


@dataclass
class Person:
    """One contact."""

    id: str
    account: Account
    first: str
    last: str
    title: str
    department: str
    role: str
    is_active: bool
    last_touch: date | None = None


@dataclass
class Touch:
    """One activity."""

    id: str
    kind: str
    day: date
    by: str
    account: Account
    person: Person | None


def contacts(customers: list[Account], prospects: list[Account]) -> list[Person]:
    """People by account; many small and some large accounts hang on one person."""
    rng, ids = stream("contacts"), Identifiers("contacts")
    result = []
    for account in [*customers, *prospects]:
        if not account.in_crm:
            continue
        count = {
            "SMB": lambda: rng.choice([1, 1, 1, 2]),
            "Mid-Market": lambda: rng.choice([1, 2, 2, 3, 4, 5]),
            "Enterprise": lambda: rng.choice([1, 2, 3, 4, 5, 6, 7, 8]),
        }[account.segment]()
        if account.first_paid is None:
            count = 1
        elif account.landed_small and not account.expands_hugely:
            count = min(count, rng.choice([1, 2, 3, 5]))
        for number in range(count):
            role = "Economic Buyer" if account.segment == "SMB" and number == 0 else _ORDER[number]
            title, department = rng.choice(ROLES[role])
            if account.segment == "SMB" and number == 0:
                title, department = "Owner", "Management"
            first, last = person(rng)
            is_active = rng.random() > 0.13
            result.append(Person(ids.give("0035g0000", 9), account, first, last, title, department, role, is_active))
    return result


def _spans(book: Book) -> dict[str, tuple[date, date]]:
    spans: dict[str, tuple[date, date]] = {}
    for sub in book.subscriptions:
        key, until = sub.account.stripe_id, min(sub.ended_on or LAST_DAY, LAST_DAY)
        first, last = spans.get(key, (sub.starts_on, until))
        spans[key] = (min(first, sub.starts_on), max(last, until))
    return spans


def _touch(rng: Random, ids: Identifiers, kind: str, day: date, account: Account, people: list[Person]) -> Touch:
    who = rng.choice(people) if people and rng.random() < 0.92 else None
    return Touch(ids.give("00T5g00", 8), kind, day, account.owner, account, who)


def activities(persons: list[Person], customers: list[Account], book: Book) -> list[Touch]:
    """Touches: visits and reviews since the start, everything in the last fourteen months; gaps included."""
    rng, ids = stream("activities"), Identifiers("activities")
    by_account: dict[str, list[Person]] = {}
    for one in persons:
        by_account.setdefault(one.account.crm_id, []).append(one)
    spans, result = _spans(book), []
    recent = LAST_DAY - timedelta(days=425)
    for account in customers:
        if not account.in_crm:
            continue
        people = [one for one in by_account.get(account.crm_id, []) if one.is_active]
        first, last = spans[account.stripe_id]
        day = first + timedelta(days=rng.randint(40, 200))
        while account.is_visited and day <= last:
            result.append(_touch(rng, ids, pick(rng, {"Visit": 6, "QBR": 3, "Meeting": 1}), day, account, people))
            day += timedelta(days=rng.randint(110, 300))
        if last < LAST_DAY:
            if account.is_visited and rng.random() < 0.5 and last + timedelta(days=150) < LAST_DAY:
                visit = last + timedelta(days=rng.randint(60, 149))
                result.append(_touch(rng, ids, "Visit", visit, account, people))
            continue
        if account.segment == "Enterprise" and (account.expands_hugely or rng.random() < 0.2):
            days = [LAST_DAY - timedelta(days=rng.randint(1, 27)) for _ in people]
            met = zip(days, people, strict=True)
            result += [_touch(rng, ids, "Meeting", day, account, [one]) for day, one in met]
        pace = {"SMB": 190, "Mid-Market": 50, "Enterprise": 22}[account.segment] * rng.choice([0.5, 1, 1, 2.5])
        day = max(recent, first) + timedelta(days=rng.randint(0, round(pace)))
        silent_from = LAST_DAY - timedelta(days=rng.choice([0, 0, 0, 20, 45, 120]))
        while day <= silent_from:
            kinds = {"Email": 34, "Call": 26, "Meeting": 16, "Support": 18, "QBR": 6}
            if account.segment == "SMB":
                kinds = {"Email": 45, "Support": 40, "Call": 15}
            result.append(_touch(rng, ids, pick(rng, kinds), day, account, people))
            day += timedelta(days=max(1, round(rng.expovariate(1 / pace))))
    closing = next(account for account in customers if account.in_crm and spans[account.stripe_id][1] == LAST_DAY)
    result.append(_touch(rng, ids, "Support", LAST_DAY, closing, by_account[closing.crm_id]))
    for touch in result:
        if touch.person:
            touch.person.last_touch = max(touch.person.last_touch or FIRST_DAY, touch.day)
    for one in persons:
        if one.last_touch is None and one.account.first_paid is None:
            one.last_touch = one.account.created_on + timedelta(days=rng.randint(10, 60))
    return sorted(result, key=lambda touch: (touch.day, touch.id))
