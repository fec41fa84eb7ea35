"""The sample company's opportunities: won with what was billed, lost, and still open."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from generator.accounts import OWNERS, SOURCES, Account, organisation
from generator.book import Book, Event
from generator.calendar import FIRST_DAY, LAST_DAY, SEASON, add_months
from generator.chance import Identifiers, pick, stream
from generator.names import COMPETITORS

CYCLE = {"SMB": 21, "Mid-Market": 62, "Enterprise": 140}
OPEN_STAGES = {"Prospecting": 10, "Qualification": 20, "Proposal/Price Quote": 60, "Negotiation/Review": 80}
LOSS_REASONS = {"Price": 26, "Competitor": 27, "No decision": 24, "Missing feature": 13, "No budget": 10}
TYPES = {
    "new": "New Business",
    "return": "New Business",
    "upgrade": "Existing Business",
    "add-on": "Existing Business",
}
_ids = Identifiers("deals")


@dataclass
class Deal:
    """One opportunity; the amount is a yearly value in major units of its currency."""

    account: Account | None
    kind: str
    stage: str
    amount: int
    currency: str
    created_on: date
    closed_on: date
    owner: str
    source: str
    product: str
    probability: int = 100
    loss_reason: str = ""
    competitor: str = ""
    id: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        self.id = _ids.give("0065g0000", 9)
        if self.account:
            self.name = f"{self.account.name} - {self.product}"

    @property
    def is_won(self) -> bool:
        """Closed and won."""
        return self.stage == "Closed Won"


def _before(rng: Random, account: Account, day: date) -> tuple[date, date]:
    """Created and closed days of the deal behind a start."""
    closed = day - timedelta(days=rng.randint(0, 4 if account.segment == "SMB" else 12))
    cycle = max(3, round(CYCLE[account.segment] * rng.lognormvariate(0, 0.45)))
    return closed - timedelta(days=cycle), closed


def _lose(rng: Random, deal: Deal) -> Deal:
    deal.stage, deal.probability = "Closed Lost", 0
    deal.loss_reason = pick(rng, LOSS_REASONS)
    if deal.loss_reason == "Competitor":
        deal.competitor = rng.choice(COMPETITORS[:3])
    elif deal.loss_reason == "No decision":
        deal.competitor = rng.choice(["", "No decision", "In-house build"])
    return deal


def _won(rng: Random, event: Event) -> Deal | None:
    account = event.account
    if account.customer_since != account.first_paid and event.kind == "new":
        return None
    if account.segment == "SMB" and (event.kind not in ("new", "return") or rng.random() < 0.35):
        return None
    amount = event.after if event.kind in ("new", "return", "add-on") else event.after - event.before
    if event.kind == "add-on" and rng.random() < 0.4:
        return None
    if event.kind == "renewal":
        if amount < 0.06 * event.before or rng.random() < 0.25:
            kind, amount = "Renewal", event.after
            if rng.random() > 0.5:
                return None
        else:
            kind = "Existing Business"
    else:
        kind = TYPES[event.kind]
    if amount <= 0:
        return None
    created, closed = _before(rng, account, event.day)
    product = "Insights" if event.kind == "add-on" else account.plan.title()
    return Deal(
        account,
        kind,
        "Closed Won",
        round(amount / 100),
        account.currency.upper(),
        created,
        closed,
        account.owner,
        account.source,
        product,
    )


def _weighted_day(rng: Random, first: int, last: int) -> date:
    months = [add_months(FIRST_DAY, index) for index in range(first, last)]
    weights = [SEASON[month.month - 1] * (0.2 + index / 90) for index, month in enumerate(months, first)]
    return rng.choices(months, weights)[0] + timedelta(days=rng.randint(0, 27))


def deals(customers: list[Account], book: Book) -> tuple[list[Deal], list[Account]]:
    """All opportunities by closing day, and the organisations that never became customers."""
    rng = stream("deals")
    result = [deal for event in book.events if event.kind != "churn" and (deal := _won(rng, event))]
    for event in book.events:
        if event.kind == "churn" and event.account.segment != "SMB" and rng.random() < 0.6:
            lost = Deal(
                event.account,
                "Renewal",
                "",
                round(event.before / 100),
                event.account.currency.upper(),
                event.day - timedelta(days=70),
                event.day - timedelta(days=rng.randint(3, 40)),
                event.account.owner,
                event.account.source,
                event.account.plan.title(),
            )
            result.append(_lose(rng, lost))

    prospects: list[Account] = []
    for _ in range(300):
        segment = pick(rng, {"SMB": 38, "Mid-Market": 34, "Enterprise": 28})
        day = _weighted_day(rng, 14, 141)
        prospect = organisation(rng, segment, day, None)
        prospect.created_on = day - timedelta(days=rng.randint(5, 60))
        prospects.append(prospect)
        for _ in range(rng.choice([1, 1, 2, 3])):
            result.append(_lose(rng, _fresh(rng, prospect, day)))
            day = min(day + timedelta(days=rng.randint(200, 700)), LAST_DAY - timedelta(days=rng.randint(1, 60)))
    for account in rng.sample([one for one in customers if one.segment != "SMB"], 130):
        assert account.first_paid is not None
        if account.first_paid > date(2016, 6, 1):
            result.append(_lose(rng, _fresh(rng, account, account.first_paid - timedelta(days=rng.randint(150, 500)))))
    running = [sub.account for sub in book.subscriptions if sub.ended_on is None and sub.account.segment != "SMB"]
    for number in range(110):
        existing = number % 3 == 0
        account = rng.choice(running if existing else prospects[-220:])
        deal = _fresh(rng, account, LAST_DAY - timedelta(days=rng.randint(4, 120)))
        deal.stage = rng.choice(list(OPEN_STAGES))
        deal.probability = OPEN_STAGES[deal.stage]
        deal.kind = "Existing Business" if existing else "New Business"
        deal.created_on, deal.closed_on = deal.closed_on, LAST_DAY + timedelta(days=rng.randint(5, 150))
        result.append(deal)
    result.sort(key=lambda deal: (deal.closed_on, deal.id))
    return result, prospects


def _fresh(rng: Random, account: Account, closed: date) -> Deal:
    size = {"SMB": 3_400, "Mid-Market": 31_000, "Enterprise": 92_000}[account.segment]
    amount = round(size * rng.lognormvariate(0, 0.8), -2)
    created = closed - timedelta(days=max(4, round(CYCLE[account.segment] * rng.lognormvariate(0, 0.5))))
    source = account.source or pick(rng, SOURCES[account.segment])
    product = {"SMB": "Growth", "Mid-Market": "Growth", "Enterprise": "Scale"}[account.segment]
    return Deal(
        account,
        "New Business",
        "",
        int(amount),
        account.currency.upper(),
        created,
        closed,
        rng.choice(OWNERS),
        source,
        product,
    )
