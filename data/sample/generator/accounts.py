"""The sample company's customers: who they are, when they come, how large they could become."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from generator.calendar import FIRST_DAY, LAST_DAY, SEASON, add_months, in_shock
from generator.chance import Identifiers, pick, stream
from generator.names import INDUSTRIES, CompanyNames, legal_form

CUSTOMERS = 600
LEGACY = 14
OWNERS = (
    "Ines Calder",
    "Malik Oren",
    "Greta Solberg",
    "Tomasz Wilk",
    "Dana Rourke",
    "Pia Lindholm",
    "Owen Tash",
)
LANE_RISK = {
    "Elevators & Climate": 0.75,
    "Medical Devices": 0.7,
    "Utilities": 0.9,
    "Telecom Field Service": 1.1,
    "Facilities Management": 1.1,
    "Retail Maintenance": 1.6,
}
SOURCES = {
    "SMB": {
        "Google Ads": 34,
        "Organic Search": 24,
        "Referral": 16,
        "LinkedIn": 10,
        "Partner": 8,
        "Outbound": 8,
    },
    "Mid-Market": {
        "Google Ads": 16,
        "Organic Search": 14,
        "Referral": 20,
        "LinkedIn": 18,
        "Event": 14,
        "Outbound": 18,
    },
    "Enterprise": {"Referral": 26, "Event": 22, "Outbound": 26, "Partner": 16, "LinkedIn": 10},
}
_COUNTRIES = {
    "North America": {"United States": 85, "Canada": 15},
    "Europe": {"Germany": 34, "France": 20, "Netherlands": 16, "Spain": 14, "Poland": 16},
    "Asia-Pacific": {"Australia": 65, "Singapore": 35},
}
_names = CompanyNames(stream("company names"))
_ids = Identifiers("accounts")


@dataclass
class Account:
    """One organisation; money in whole USD unless it says otherwise."""

    name: str
    billing_name: str
    domain: str
    segment: str
    industry: str
    region: str
    country: str
    currency: str
    owner: str
    source: str
    employees: int
    annual_revenue: int
    first_paid: date | None
    seats: int = 0
    plan: str = "starter"
    is_annual: bool = False
    potential_seats: int = 0
    landed_small: bool = False
    expands_hugely: bool = False
    is_visited: bool = False
    risk: float = 1.0
    follows_prices: bool = True
    negotiated: float = 0.0
    customer_since: date | None = None
    created_on: date = FIRST_DAY
    crm_id: str = field(default_factory=lambda: _ids.give("0015g0000", 9))
    stripe_id: str = ""
    parent: "Account | None" = None
    in_crm: bool = True
    link_is_known: bool = True
    crm_name: str = ""

    @property
    def is_big_logo(self) -> bool:
        """1,000 employees or a billion of revenue."""
        return self.employees >= 1000 or self.annual_revenue >= 1_000_000_000


def _months() -> tuple[list[date], list[float]]:
    months, weights = [], []
    for index in range(144):
        month = add_months(FIRST_DAY, index)
        weight = (0.12 + 1 / (1 + math.exp(-(index - 58) / 16))) * SEASON[month.month - 1]
        months.append(month)
        weights.append(weight * (0.4 if in_shock(month) else 1))
    return months, weights


def _segment(rng: Random, month: date) -> str:
    age = (month - FIRST_DAY).days / (LAST_DAY - FIRST_DAY).days
    enterprise, middle = 0.09 + 0.19 * age, 0.15 + 0.19 * age
    return pick(rng, {"SMB": 1 - enterprise - middle, "Mid-Market": middle, "Enterprise": enterprise})


def _start_day(rng: Random, month: date, segment: str) -> date:
    last = (add_months(month, 1) - timedelta(days=1)).day
    if segment == "SMB":
        return month.replace(day=rng.randint(1, last))
    if month.month != 12 and rng.random() < 0.45:
        return month
    return month.replace(day=rng.randint(15, last))


def organisation(rng: Random, segment: str, month: date, first_paid: date | None) -> Account:
    """An organisation of a segment, not yet sized as a customer."""
    industry = rng.choices(INDUSTRIES, [22, 16, 14, 16, 20, 12])[0]
    name, domain = _names.give(industry)
    europe = 0.0 if month.year < 2017 else 0.32
    region = pick(rng, {"North America": 0.9 - europe, "Europe": europe + 0.02, "Asia-Pacific": 0.08})
    employees = {
        "SMB": lambda: min(99, max(4, round(rng.lognormvariate(math.log(28), 0.7)))),
        "Mid-Market": lambda: min(990, max(100, round(rng.lognormvariate(math.log(280), 0.6)))),
        "Enterprise": lambda: max(1000, round(rng.lognormvariate(math.log(3500), 0.8))),
    }[segment]()
    revenue = round(employees * rng.uniform(90_000, 260_000), -5)
    if segment == "Mid-Market" and rng.random() < 0.03:
        revenue = round(rng.uniform(1.0, 1.9) * 1e9, -7)
    return Account(
        name=name,
        billing_name=f"{name} {legal_form(rng, region)}",
        domain=domain,
        segment=segment,
        industry=industry,
        region=region,
        country=pick(rng, _COUNTRIES[region]),
        currency="eur" if region == "Europe" else "usd",
        owner=rng.choice(OWNERS[4:] if segment == "SMB" else OWNERS),
        source=pick(rng, SOURCES[segment]),
        employees=employees,
        annual_revenue=int(revenue),
        first_paid=first_paid,
        created_on=(first_paid or month) - timedelta(days=rng.randint(15, 200)),
    )


def _size(rng: Random, account: Account) -> None:
    segment = account.segment
    account.risk = LANE_RISK[account.industry] * rng.gammavariate(4, 0.25)
    account.is_visited = rng.random() < {"SMB": 0.0, "Mid-Market": 0.35, "Enterprise": 0.6}[segment]
    account.follows_prices = rng.random() < 0.75
    account.is_annual = rng.random() < {"SMB": 0.42, "Mid-Market": 0.88, "Enterprise": 1.0}[segment]
    if segment == "SMB":
        account.seats = min(60, max(2, round(rng.lognormvariate(math.log(8), 0.75))))
        account.plan = "starter" if account.seats < 8 else "growth"
        account.potential_seats = round(account.seats * rng.uniform(1.2, 3))
        return
    if segment == "Mid-Market":
        account.seats = min(330, max(15, round(rng.lognormvariate(math.log(58), 0.65))))
        account.plan = "scale" if account.seats > 90 else "growth"
        account.potential_seats = round(account.seats * rng.uniform(1.3, 4))
        account.negotiated = 0.1 if account.seats > 100 else 0.0
        return
    account.plan = "scale"
    account.landed_small = rng.random() < 0.6
    if account.landed_small:
        account.potential_seats = round(min(6000, 260 * rng.paretovariate(1.2)))
        penetration = rng.uniform(0.012, 0.095)
        account.seats = max(8, round(account.potential_seats * penetration))
        account.expands_hugely = rng.random() < 0.33
        account.risk *= (1.75 - 11 * penetration) if not account.expands_hugely else 0.3
    else:
        account.seats = round(min(1500, 62 * rng.paretovariate(1.25)))
        account.potential_seats = round(account.seats / rng.betavariate(3, 4))
    account.employees = min(180_000, max(1000, int(account.potential_seats / rng.uniform(0.03, 0.09))))
    account.annual_revenue = int(round(account.employees * rng.uniform(110_000, 300_000), -6))
    account.negotiated = round(min(0.34, max(0.0, 0.06 * math.log(account.seats / 25) + rng.uniform(0, 0.06))), 2)


def customers() -> list[Account]:
    """The 600 that paid at least once, by first paid day; 14 of them older than the billing system."""
    rng = stream("customers")
    months, weights = _months()
    chosen = sorted(rng.choices(months, weights, k=CUSTOMERS - LEGACY))
    result = []
    for index in range(CUSTOMERS):
        month = FIRST_DAY if index < LEGACY else chosen[index - LEGACY]
        segment = rng.choice(["SMB", "SMB", "Mid-Market"]) if index < LEGACY else _segment(rng, month)
        account = organisation(rng, segment, month, _start_day(rng, month, segment))
        _size(rng, account)
        account.stripe_id = _ids.give("cus_", 12)
        account.customer_since = account.first_paid
        if index < LEGACY:
            account.customer_since = date(2012, 1, 10) + timedelta(days=rng.randint(0, 950))
            account.created_on = account.customer_since
        result.append(account)
    large = [account for account in result if account.segment == "Enterprise"]
    for child in rng.sample(large, 9):
        parent = rng.choice(
            [other for other in large if other is not child and other.employees > child.employees] or large
        )
        if parent is not child and parent.parent is None and not any(other.parent is child for other in large):
            child.parent = parent
    return result


def trial_only() -> list[Account]:
    """Small companies that tried the product and never paid; four of them still try."""
    rng = stream("trials")
    result = []
    for number in range(34):
        month = add_months(FIRST_DAY, rng.randint(40, 142)) if number < 30 else LAST_DAY.replace(day=1)
        account = organisation(rng, "SMB", month, None)
        account.seats, account.stripe_id = rng.randint(2, 9), _ids.give("cus_", 12)
        account.created_on = month + timedelta(days=rng.randint(0, 26))
        if number >= 30:
            account.created_on = LAST_DAY - timedelta(days=3 * (33 - number))
        result.append(account)
    return result
