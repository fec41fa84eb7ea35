"""A part of the sample company as plain facts, read from its exports: what every vendor's shape is written from."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from support.project import ROOT

SAMPLE = ROOT / "data" / "sample"
ACCOUNTS = 40
_INTERVALS = {"month": ("month", 1), "year": ("year", 1), "quarter": ("quarter", 1)}
# Names as customers of each language have them, with the letters that tell its encodings apart.
_SPOKEN = {
    "en": ("Ltd", "Holdings Inc.", "Field Services", "Group plc"),
    "de": ("Gebäudeservice GmbH", "Müller & Söhne KG", "Straßenbau AG", "Wärmetechnik Köln"),
    "fr": ("Société Générale d'Énergie", "Maîtrise SARL", "Électricité & Châteaux", "Frères Lefèvre"),
    "es": ("Ingeniería Ibáñez", "Construcción Peña S.A.", "Señalización Núñez", "Compañía Muñoz"),
    "pl": ("Usługi Łódź Sp. z o.o.", "Zakłady Śląskie S.A.", "Przedsiębiorstwo Żółkiewski", "Spółdzielnia Gdańsk"),
    "ru": ("Технический сервис", "Завод «Прогресс»", "Сибирь Энерго", "Торговый дом Юг"),
}
_SURNAMES = {
    "en": ("Brook", "Tervo", "Falkner"),
    "de": ("Müller", "Weiß", "Größl", "Jäger"),
    "fr": ("Lefèvre", "Chéron", "Gagné", "Besançon"),
    "es": ("Núñez", "Ibáñez", "Peña", "García"),
    "pl": ("Wałęsa", "Żak", "Gołębiewska", "Wiśniewski"),
    "ru": ("Иванов", "Щербакова", "Королёв", "Юдин"),
}


@dataclass(frozen=True)
class Account:
    """One organisation, under its id in the CRM and in billing."""

    id: str
    billing_id: str
    name: str
    domain: str
    industry: str
    segment: str
    employees: int | None
    revenue: Decimal | None
    owner: str
    source: str
    country: str
    region: str
    created_on: date


@dataclass(frozen=True)
class Charge:
    """One line of an invoice: an amount for a service period, before its discount."""

    id: str
    invoice_id: str
    customer: str
    subscription: str
    item: str
    plan: str
    unit: str | None
    count: int | None
    starts_on: date
    ends_on: date
    amount: Decimal
    discount: Decimal
    currency: str
    quantity: int
    is_once: bool
    is_proration: bool
    status: str
    invoiced_on: date

    @property
    def recurs(self) -> bool:
        """True for the line of a whole period."""
        return not self.is_once and not self.is_proration


@dataclass(frozen=True)
class Subscription:
    """One subscription as it stands now."""

    id: str
    customer: str
    plan: str
    product: str
    quantity: int
    currency: str
    unit: str
    amount: Decimal
    status: str
    starts_on: date
    term_ends_on: date
    cancelled_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class Deal:
    """One opportunity."""

    id: str
    name: str
    account: str
    kind: str
    stage: str
    currency: str
    amount: Decimal | None
    closed_on: date
    created_on: date
    probability: int
    owner: str
    source: str
    lost_reason: str
    competitor: str


@dataclass(frozen=True)
class Contact:
    """One person at an account."""

    id: str
    account: str
    first: str
    last: str
    title: str
    seen_on: date | None


@dataclass(frozen=True)
class Spend:
    """One campaign's cost from a day on."""

    day: date
    campaign: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Company:
    """The facts that are written and read again."""

    accounts: tuple[Account, ...]
    charges: tuple[Charge, ...]
    subscriptions: tuple[Subscription, ...]
    deals: tuple[Deal, ...]
    contacts: tuple[Contact, ...]
    spend: tuple[Spend, ...]

    def spoken(self, language: str) -> Company:
        """The same company with customers and people of another language."""
        forms, last = _SPOKEN[language], _SURNAMES[language]
        accounts = tuple(
            replace(each, name=f"{each.name.split()[0]} {forms[at % len(forms)]}")
            for at, each in enumerate(self.accounts)
        )
        contacts = tuple(replace(each, last=last[at % len(last)]) for at, each in enumerate(self.contacts))
        return replace(self, accounts=accounts, contacts=contacts)

    def name_of(self, customer: str) -> str:
        """The name of the organisation that billing knows by that id."""
        return next(each.name for each in self.accounts if each.billing_id == customer)


@lru_cache(maxsize=1)
def company() -> Company:
    """Forty accounts with all that the sample's exports say of them."""
    lines = _rows("stripe_invoice_line_items.csv")
    invoices = {row["id"]: row for row in _rows("stripe_invoices.csv")}
    prices = {row["id"]: row for row in _rows("stripe_prices.csv")}
    listed = {row["Stripe Customer ID"]: row for row in _rows("salesforce_accounts.csv") if row["Stripe Customer ID"]}
    counted: dict[str, int] = {}
    telling: dict[str, int] = {}
    for row in lines:
        owner = invoices[row["invoice_id"]]["customer_id"]
        counted[owner] = counted.get(owner, 0) + 1
        telling[owner] = telling.get(owner, 0) + (row["proration"] == "true") + (row["discount_amount"] != "0")
    known = [each for each in counted if each in listed and counted[each] <= 24]
    chosen = set(sorted(known, key=lambda each: (-telling[each], each))[: ACCOUNTS // 2])
    chosen |= set(sorted(set(known) - chosen)[: ACCOUNTS - len(chosen)])
    accounts = tuple(_account(row) for customer, row in listed.items() if customer in chosen)
    crm = {each.id for each in accounts}
    charges = tuple(
        _charge(row, invoices[row["invoice_id"]], prices[row["plan_id"]])
        for row in lines
        if invoices[row["invoice_id"]]["customer_id"] in chosen
    )
    return Company(
        accounts,
        charges,
        tuple(_subscription(row) for row in _rows("stripe_subscriptions.csv") if row["Customer ID"] in chosen),
        tuple(_deal(row) for row in _rows("salesforce_opportunities.csv") if row["Account ID"] in crm),
        tuple(_contact(row) for row in _rows("salesforce_contacts.csv") if row["Account ID"] in crm),
        tuple(_spend(row) for row in _rows("google_ads_campaigns.csv", 2) if row["Month"].startswith("20"))[:60],
    )


def _rows(name: str, skip: int = 0) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8-sig", newline="") as opened:
        for _ in range(skip):
            opened.readline()
        return [row for row in csv.DictReader(opened) if None not in row.values()]


def _account(row: dict[str, str]) -> Account:
    return Account(
        id=row["Account ID"],
        billing_id=row["Stripe Customer ID"],
        name=row["Account Name"],
        domain=row["Website"].removeprefix("www."),
        industry=row["Industry"],
        segment=row["Segment"],
        employees=int(row["Employees"]) if row["Employees"] else None,
        revenue=Decimal(row["Annual Revenue"]) if row["Annual Revenue"] else None,
        owner=row["Account Owner"],
        source=row["Account Source"],
        country=row["Billing Country"],
        region=row["Region"],
        created_on=_us(row["Created Date"]),
    )


def _charge(row: dict[str, str], invoice: dict[str, str], price: dict[str, str]) -> Charge:
    unit = price["recurring_interval"] or None
    return Charge(
        id=row["id"],
        invoice_id=row["invoice_id"],
        customer=invoice["customer_id"],
        subscription=row["subscription_id"],
        item=row["subscription_item_id"],
        plan=row["plan_id"],
        unit=_INTERVALS[unit][0] if unit else None,
        count=int(price["recurring_interval_count"]) if unit else None,
        starts_on=date.fromisoformat(row["period_start"][:10]),
        ends_on=date.fromisoformat(row["period_end"][:10]),
        amount=Decimal(row["amount"]).scaleb(-2),
        discount=Decimal(row["discount_amount"]).scaleb(-2),
        currency=row["currency"].upper(),
        quantity=int(row["quantity"]),
        is_once=row["type"] != "subscription",
        is_proration=row["proration"] == "true",
        status=invoice["status"],
        invoiced_on=date.fromisoformat(invoice["created"][:10]),
    )


def _subscription(row: dict[str, str]) -> Subscription:
    days = {name: date.fromisoformat(row[name][:10]) if row[name] else None for name in row if name.endswith("(UTC)")}
    starts, term = days["Start Date (UTC)"], days["Current Period End (UTC)"]
    assert starts is not None
    return Subscription(
        id=row["id"],
        customer=row["Customer ID"],
        plan=row["Plan"],
        product=row["Product"],
        quantity=int(row["Quantity"]),
        currency=row["Currency"].upper(),
        unit=row["Interval"],
        amount=Decimal(row["Amount"]),
        status={"canceled": "cancelled"}.get(row["Status"], row["Status"]),
        starts_on=starts,
        term_ends_on=term or starts + timedelta(days=365),
        cancelled_on=days["Canceled At (UTC)"],
        ended_on=days["Ended At (UTC)"],
    )


def _deal(row: dict[str, str]) -> Deal:
    kinds = {"New Business": "new", "Existing Business": "expansion", "Renewal": "renewal"}
    return Deal(
        id=row["Opportunity ID"],
        name=row["Opportunity Name"],
        account=row["Account ID"],
        kind=kinds[row["Type"]],
        stage=row["Stage"],
        currency=row["Amount Currency"],
        amount=Decimal(row["Amount"].replace(",", "")) if row["Amount"] else None,
        closed_on=_us(row["Close Date"]),
        created_on=_us(row["Created Date"]),
        probability=int(row["Probability (%)"]),
        owner=row["Opportunity Owner"],
        source=row["Lead Source"],
        lost_reason=row["Loss Reason"],
        competitor=row["Competitor"],
    )


def _contact(row: dict[str, str]) -> Contact:
    return Contact(
        id=row["Contact ID"],
        account=row["Account ID"],
        first=row["First Name"],
        last=row["Last Name"],
        title=row["Title"],
        seen_on=_us(row["Last Activity"]) if row["Last Activity"] else None,
    )


def _spend(row: dict[str, str]) -> Spend:
    return Spend(
        date.fromisoformat(row["Month"]), row["Campaign"], row["Currency code"], Decimal(row["Cost"].replace(",", ""))
    )


def _us(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)
