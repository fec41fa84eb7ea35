"""How the sample company's customers change: leave, grow, shrink, return."""

from dataclasses import dataclass
from datetime import date
from random import Random

from generator.accounts import Account
from generator.calendar import in_shock

# Chance of leaving in a year of life, first year first; the last holds for all later years.
YEARLY_CHURN = {
    "SMB": (0.38, 0.33, 0.31, 0.29),
    "Mid-Market": (0.13, 0.12, 0.12, 0.1, 0.09),
    "Enterprise": (0.06, 0.08, 0.09, 0.07, 0.07),
    "landed small": (0.05, 0.12, 0.75, 0.18, 0.1),
}


@dataclass
class Upgrade:
    """A change inside a period: the seats from then on, and whether a new period starts with it."""

    after_days: int
    seats: int
    resets: bool


def churn_rate(account: Account, age: int, is_annual: bool, day: date, seats: int) -> float:
    """Chance of leaving at a decision taken `age` months after the first payment."""
    grown = account.landed_small and seats > 0.15 * account.potential_seats
    kind = "landed small" if account.landed_small and not grown and not account.expands_hugely else account.segment
    table = YEARLY_CHURN[kind]
    years = round(age / 12) - 1 if is_annual else age // 12
    yearly = table[max(0, min(years, len(table) - 1))] * account.risk
    if account.is_visited:
        yearly *= 0.8
    if in_shock(day):
        yearly *= 2.4
    yearly = min(yearly, 0.9)
    return yearly if is_annual else 1 - (1 - yearly) ** (1 / 12)


def growth(rng: Random, account: Account, seats: int, age: int, is_annual: bool, day: date) -> int:
    """Seats from a renewal on."""
    if not is_annual:
        chance = rng.random()
        if chance < 0.022 and seats < account.potential_seats and not in_shock(day):
            return seats + max(1, round(seats * rng.uniform(0.05, 0.3)))
        return max(2, seats - max(1, round(seats * 0.15))) if chance > (0.96 if in_shock(day) else 0.988) else seats
    if account.expands_hugely:
        factor = rng.uniform(1.5, 2.9) if age < 66 else rng.uniform(0.98, 1.2)
        return max(seats if age < 66 else 1, min(round(seats * factor), round(account.potential_seats * 0.62)))
    grows = {"SMB": 0.3, "Mid-Market": 0.64, "Enterprise": 0.62}[account.segment] * (0.25 if in_shock(day) else 1)
    shrinks = {"SMB": 0.1, "Mid-Market": 0.1, "Enterprise": 0.12}[account.segment]
    chance = rng.random()
    if chance < grows:
        top = {"SMB": 0.3, "Mid-Market": 0.42, "Enterprise": 0.44}[account.segment]
        factor = 1 + rng.uniform(0.05, top) * max(0.4, 1 - age / 150)
        return max(seats, min(round(seats * factor), account.potential_seats))
    if chance > 1 - shrinks:
        return max(2, round(seats * (1 - rng.uniform(0.08, 0.36))))
    return seats


def upgrade(rng: Random, account: Account, seats: int, is_annual: bool) -> Upgrade | None:
    """What happens inside a yearly period, if anything."""
    if not is_annual or account.segment == "SMB":
        return None
    room = account.potential_seats * 0.8 - seats
    chance = rng.random()
    resets = 0.13 if account.segment == "Enterprise" else 0.11
    if chance < resets and room > 4:
        factor = rng.uniform(1.1, 1.6)
        return Upgrade(rng.randint(70, 290), seats + min(int(room), max(2, round(seats * (factor - 1)))), True)
    if chance < resets + 0.14 and room > 4:
        return Upgrade(rng.randint(40, 300), seats + max(1, round(min(room, seats * rng.uniform(0.02, 0.08)))), False)
    return None


def return_delay(rng: Random, account: Account) -> int | None:
    """Days until a lost customer returns; None when it stays away."""
    share = 0.09 if account.segment == "SMB" else 0.12 + (0.14 if account.is_visited else 0.0)
    return rng.randint(95, 1250) if rng.random() < share else None
