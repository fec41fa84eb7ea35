"""Made-up histories of charges, and METRICS computed from them the slow, obvious way: day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from math import prod

from hypothesis import strategies as st

from decade.conventions import Conventions
from decade.months import add_months, last_day, month_of

ZERO = Decimal(0)
MILLIONTH = Decimal("0.000001")
MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
NOT_COUNTED = ("trialing", "draft", "void", "incomplete", "future")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class History:
    """A company: its accounts, its charges (canonical rows) and the last day it speaks about."""

    charges: tuple[dict, ...]
    accounts: tuple[dict, ...]
    as_of: date
    rates: tuple[dict, ...] = ()

    def of(self, accounts: Iterable[str]) -> History:
        """The same, of some accounts only."""
        wanted = set(accounts)
        return replace(self, charges=tuple(row for row in self.charges if row["account_id"] in wanted))

    def rate(self, currency: str, month: date) -> Decimal:
        """The rate of a month: its own, else the latest before it, else the first."""
        dated = {row["month"]: row["rate"] for row in self.rates if row["currency"] == currency}
        known = sorted(each for each in dated if each <= self.as_of)
        if not known:
            return Decimal(1)
        return Decimal(str(dated[max((each for each in known if each <= month), default=known[0])]))


@dataclass(frozen=True)
class Movement:
    """What happened to an account in a month."""

    account_id: str
    month: date
    kind: str
    opening: Decimal
    amount: Decimal
    closing: Decimal
    is_same_month: bool = False


@dataclass
class Run:
    """A charge that counts, on its way from the bill to the days on which it is active."""

    account_id: str
    subscription_id: str | None
    starts_on: date
    ends_on: date | None
    mrr: Decimal
    is_cancelled: bool
    supersedes: bool
    currency: str = "USD"
    original: Decimal = ZERO
    plan: str | None = None
    is_pending: bool = False

    def is_active(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass
class Reference:
    """Every month-end value of every account, and what METRICS makes of them."""

    history: History
    conventions: Conventions = field(default_factory=Conventions)

    def __post_init__(self) -> None:
        as_of = self.history.as_of
        self.runs = _runs(self.history, self.conventions)
        first = min((run.starts_on for run in self.runs if run.mrr), default=as_of)
        self.months = []
        month = month_of(first)
        while month <= as_of:
            self.months.append(month)
            month = add_months(month, 1)
        self.accounts = sorted({run.account_id for run in self.runs})
        self.full = [month for month in self.months if last_day(month) <= as_of]
        self.level = {
            (account, month): self.on(account, min(last_day(month), as_of))
            for account in self.accounts
            for month in self.months
        }
        self.active = self._active()
        self.movements = [each for account in self.accounts for each in self._movements(account)]

    def _active(self) -> set[tuple[str, date]]:
        """Who is a customer at which month's end: who pays and, by convention, who goes on at 0 after paying."""
        found = set()
        for account in self.accounts:
            was_active = False
            for month in self.months:
                day = min(last_day(month), self.history.as_of)
                is_covered = any(run.is_active(day) for run in self.runs if run.account_id == account)
                was_active = self.at(account, month) > 0 or (
                    self.conventions.zero_is_active and was_active and is_covered
                )
                if was_active:
                    found.add((account, month))
        return found

    def fx(self, account: str, month: date) -> Decimal:
        """What the month's rates did to what stayed from the month before."""
        before = add_months(month, -1)
        if self.conventions.fx == "one_rate" or before not in self.months:
            return ZERO
        total = ZERO
        for currency in {run.currency for run in self.runs}:
            held = self._original(account, currency, before), self._original(account, currency, month)
            kept = min(held) if min(held) > 0 else max(held) if max(held) < 0 else ZERO
            total += kept * (self.history.rate(currency, month) - self.history.rate(currency, before))
        return total

    def _original(self, account: str, currency: str, month: date) -> Decimal:
        day = min(last_day(month), self.history.as_of)
        return sum(
            (
                run.original
                for run in self.runs
                if (run.account_id, run.currency) == (account, currency) and run.is_active(day)
            ),
            ZERO,
        )

    def on(self, account: str, day: date) -> Decimal:
        """MRR of an account on a day."""
        runs = [run for run in self.runs if run.account_id == account and run.is_active(day)]
        if self.conventions.fx == "one_rate":
            return sum((run.mrr for run in runs), ZERO)
        return sum((run.original * self.history.rate(run.currency, month_of(day)) for run in runs), ZERO)

    def at(self, account: str, month: date) -> Decimal:
        """MRR of an account at a month's end; 0 before the data begins."""
        return self.level.get((account, month), ZERO)

    def closing(self, month: date) -> Decimal:
        return sum((self.at(account, month) for account in self.accounts), ZERO)

    def pending(self) -> Decimal:
        return sum((run.mrr for run in self.runs if run.is_pending), ZERO)

    def total(self, kind: str, month: date) -> Decimal:
        return sum((each.amount for each in self.movements if (each.kind, each.month) == (kind, month)), ZERO)

    def trailing(self, month: date) -> tuple[Decimal, Decimal, Decimal, int, int]:
        """Base, kept, capped MRR and accounts, kept accounts, of the accounts of twelve months before."""
        then = add_months(month, -12)
        base = [account for account in self.accounts if (account, then) in self.active]
        return (
            sum((self.at(account, then) for account in base), ZERO),
            sum((self.at(account, month) for account in base), ZERO),
            sum((min(self.at(account, month), self.at(account, then)) for account in base), ZERO),
            len(base),
            sum((account, month) in self.active for account in base),
        )

    def monthly(self, month: date) -> tuple[float | None, float | None, float | None]:
        """NRR, GRR and logo retention of one month; None without an opening (accounts at 0 have none)."""
        before = add_months(month, -1)
        here = [account for account in self.accounts if (account, before) in self.active]
        opening = sum((self.at(account, before) for account in here), ZERO)
        now = {account: self.at(account, month) - self.fx(account, month) for account in here}
        kept = sum(now.values(), ZERO)
        capped = sum((min(now[account], self.at(account, before)) for account in here), ZERO)
        alive = sum((account, month) in self.active for account in here)
        logos = alive / len(here) if here else None
        return (float(kept / opening), float(capped / opening), logos) if opening else (None, None, logos)

    def compounded(self, month: date) -> tuple[float | None, float | None, float | None]:
        """The product of twelve months; None when one of them has no opening."""
        year = [self.monthly(add_months(month, -back)) for back in range(12)]
        rates = zip(*year, strict=True)
        return tuple(None if None in each else prod(each) for each in rates)  # type: ignore[return-value]

    def first_month(self, account: str) -> date | None:
        return next((month for month in self.months if self.at(account, month) > 0), None)

    def origin(self, account: str) -> date | None:
        """The month from which an account's age counts; None when its age is unknown."""
        first = self.first_month(account)
        if first is None or first != self.months[0]:
            return first
        since = next((row.get("customer_since") for row in self.history.accounts if row["account_id"] == account), None)
        return month_of(since) if since is not None and month_of(since) <= first else None

    def cohorts(self, kind: str, grain: str) -> dict[tuple[str, int], tuple[int, Decimal, Decimal, bool]]:
        """(cohort, age) -> n, numerator, denominator, is_mature; by start."""
        size = {"month": 1, "quarter": 3, "year": 12}[grain]
        members = defaultdict(list)
        for account in self.accounts:
            origin = self.origin(account)
            if origin is not None and self.full and self.first_month(account) <= self.full[-1]:  # type: ignore[operator]
                members[cohort_name(origin, grain)].append((account, origin, self.first_month(account)))
        cells = {}
        for cohort, each in members.items():
            for age in range(120 // size + 1):
                seen = [
                    (account, add_months(origin, age * size), first)
                    for account, origin, first in each
                    if add_months(origin, age * size) >= first
                ]
                reached = [month <= self.full[-1] for _, month, _ in seen]
                if not any(add_months(origin, age * size) <= self.full[-1] for _, origin, _ in each):
                    break
                if not seen:
                    continue
                mature = all(reached)
                if not mature:
                    cells[cohort, age] = (len(seen), ZERO, ZERO, False)
                    continue
                start = {account: self.at(account, first) for account, _, first in seen}
                now = {account: self.at(account, month) for account, month, _ in seen}
                numerator = {
                    "logo": Decimal(sum((account, month) in self.active for account, month, _ in seen)),
                    "gross": sum((min(now[account], start[account]) for account in now), ZERO),
                    "net": sum(now.values(), ZERO),
                }[kind]
                denominator = Decimal(len(seen)) if kind == "logo" else sum(start.values(), ZERO)
                cells[cohort, age] = (len(seen), numerator, denominator, True)
        return cells

    def by_attribute(self, kind: str, attribute: str, months_each: int) -> dict[tuple[str, int], tuple]:
        """(value, age) -> n, numerator, denominator of accounts that have reached the age, none older than the data."""
        value_of = {row["account_id"]: row.get(attribute) or "(not known)" for row in self.history.accounts}
        cells: dict[tuple[str, int], list] = defaultdict(lambda: [0, ZERO, ZERO])
        for account in self.accounts:
            origin, first = self.origin(account), self.first_month(account)
            if origin is None or first is None or origin < first:
                continue
            for age in range(120 // months_each + 1):
                month = add_months(origin, age * months_each)
                if self.full and month <= self.full[-1]:
                    now, start = self.at(account, month), self.at(account, first)
                    cell = cells[value_of[account], age]
                    cell[0] += 1
                    is_active = int((account, month) in self.active)
                    cell[1] += {"logo": is_active, "gross": min(now, start), "net": now}[kind]
                    cell[2] += 1 if kind == "logo" else start
        return {key: tuple(cell) for key, cell in cells.items()}

    def _movements(self, account: str) -> Iterable[Movement]:
        was_ever_active = False
        for month in self.months:
            before = add_months(month, -1)
            opening, closing, fx = self.at(account, before), self.at(account, month), self.fx(account, month)
            is_active, was_active = (account, month) in self.active, (account, before) in self.active
            if fx:
                yield Movement(account, month, "fx", opening, fx, opening + fx)
            amount = closing - opening - fx
            kind = ""
            if is_active and not was_active:
                kind = "reactivation" if was_ever_active and self._is_return(account, month) else "new"
            elif was_active and not is_active:
                kind = "churn"
            elif round(amount, 5) != 0:
                kind = "expansion" if amount > 0 else "contraction"
            if kind:
                yield Movement(account, month, kind, opening + fx, amount, closing)
            elif not was_active and not is_active and self.conventions.same_month_new_and_churn == "both":
                days = days_between(month, min(last_day(month), self.history.as_of) + DAY)
                peak = max((self.on(account, day) for day in days), default=ZERO)
                if peak > 0:
                    kind = "reactivation" if was_ever_active else "new"
                    yield Movement(account, month, kind, ZERO, peak, peak, is_same_month=True)
                    yield Movement(account, month, "churn", peak, -peak, ZERO, is_same_month=True)
                    was_ever_active = True
            was_ever_active = was_ever_active or is_active

    def _is_return(self, account: str, month: date) -> bool:
        """True when the absence before this month is neither too long nor too short for a reactivation."""
        runs = [run for run in self.runs if run.account_id == account]
        if any(run.is_active(month - DAY) for run in runs):
            return True
        left = max(run.ends_on for run in runs if run.ends_on is not None and run.ends_on <= month)
        back = min(run.starts_on for run in runs if run.starts_on >= month)
        window = self.conventions.reactivation_window_days
        is_too_long = window is not None and (back - left).days > window
        return not is_too_long and add_months(left, self.conventions.reactivation_after_months) <= back


def cohort_name(month: date, grain: str) -> str:
    """The name of the month, quarter or year that holds a month."""
    return {
        "month": f"{month:%Y-%m}",
        "quarter": f"{month:%Y}-Q{(month.month + 2) // 3}",
        "year": f"{month:%Y}",
    }[grain]


def days_between(start: date, end: date) -> list[date]:
    """Every day from start, without the end."""
    return [start + timedelta(days=step) for step in range((end - start).days)]


def monthly_worth(row: dict, rate: Decimal = Decimal(1), discount: Decimal | None = None) -> Decimal:
    """MRR of a charge, to a millionth, with its own discount unless another is given."""
    amount = (row["amount"] - ((row.get("discount") or 0) if discount is None else discount)) * rate
    unit, count = row.get("interval_unit"), row.get("interval_count") or 1
    if unit == "week":
        worth = amount * 52 / 12 / count
    elif unit == "day":
        worth = amount * 365 / 12 / count
    else:
        worth = amount / (MONTHS_OF[unit] * count)
    return worth.quantize(MILLIONTH)


def _runs(history: History, conventions: Conventions) -> list[Run]:
    as_of = history.as_of
    runs = []
    for row in history.charges:
        if not row["is_recurring"] or row.get("status") in NOT_COUNTED or row["starts_on"] > as_of:
            continue
        starts_on, ends_on, cancelled_on = row["starts_on"], row["ends_on"], row.get("cancelled_on")
        if ends_on is None and cancelled_on is not None:
            ends_on = max(cancelled_on, row.get("term_ends_on") or cancelled_on)
        rate = history.rate(row["currency"], month_of(as_of))
        discount = ZERO if _is_discount_ignored(row, history, conventions) else None
        worth = monthly_worth(row, rate, discount)
        status = row.get("status")
        if status in ("unpaid", "paused") or (status == "past_due" and not conventions.past_due_counts):
            if (row["ends_on"] or cancelled_on or as_of) >= as_of:
                ends_on = as_of
            cancelled_on = cancelled_on if cancelled_on is not None and cancelled_on <= as_of else None
            is_over = True
        else:
            is_over = False
        if ends_on is not None and ends_on <= starts_on:
            continue
        is_cancelled = (is_over and (cancelled_on is None or cancelled_on > starts_on)) or (
            cancelled_on is not None and starts_on < cancelled_on <= as_of
        )
        if (
            conventions.churn_recognised == "cancellation_date"
            and cancelled_on is not None
            and starts_on < cancelled_on
            and (ends_on is None or cancelled_on < ends_on)
        ):
            ends_on = cancelled_on
        runs.append(
            Run(
                row["account_id"],
                row.get("subscription_id"),
                starts_on,
                ends_on,
                worth,
                is_cancelled,
                bool(row.get("supersedes")),
                row["currency"],
                monthly_worth(row, discount=discount),
                row.get("plan"),
            )
        )
    _supersede(runs)  # a charge worth 0 ends the one before, and then does not count itself
    zeros = [run for run in runs if not run.mrr and not conventions.zero_is_active]
    runs = [run for run in runs if run not in zeros]
    _bridge(runs, conventions.bridge_days, as_of)
    _keep_pending(runs, zeros, conventions, as_of)
    return runs


def _is_discount_ignored(row: dict, history: History, conventions: Conventions) -> bool:
    """True when a discount does not lower MRR: never, or because a later charge no longer has it."""
    if conventions.discounts != "forever_only":
        return conventions.discounts == "never"

    def chain(each: dict) -> tuple:
        return each["account_id"], each.get("subscription_id") or each.get("plan")

    return any(
        chain(other) == chain(row)
        and other["starts_on"] > row["starts_on"]
        and not other.get("discount")
        and other["is_recurring"]
        and other.get("status") not in NOT_COUNTED
        for other in history.charges
    )


def _supersede(runs: Sequence[Run]) -> None:
    for run in runs:
        later = [
            other.starts_on
            for other in runs
            if run.supersedes
            and other.supersedes
            and (other.account_id, other.subscription_id) == (run.account_id, run.subscription_id)
            and other.starts_on > run.starts_on
        ]
        if later and (run.ends_on is None or min(later) < run.ends_on):
            run.ends_on = min(later)


def _bridge(runs: Sequence[Run], bridge_days: int, as_of: date) -> None:
    """Extend what ends before a short gap, of the subscription or of the whole account, to the gap's end."""
    extended = {}
    for number, run in enumerate(runs):
        if run.ends_on is None:
            continue
        of_account = [other for other in runs if other.account_id == run.account_id]
        of_subscription = [
            other for other in of_account if run.subscription_id and other.subscription_id == run.subscription_id
        ]
        for chain in (of_subscription, of_account):
            day = run.ends_on
            while day <= as_of and not any(other.is_active(day) for other in chain):
                day += DAY
            if run.ends_on < day <= as_of and (day - run.ends_on).days <= bridge_days:
                extended[number] = day
                break
    for number, day in extended.items():
        runs[number].ends_on = day


def _keep_pending(runs: Sequence[Run], zeros: Sequence[Run], conventions: Conventions, as_of: date) -> None:
    """A period that ended within the grace days, was not cancelled and has no successor, be it worth 0, stays open."""
    pending = []
    for run in runs:
        if run.is_cancelled or run.ends_on is None or run.ends_on > as_of:
            continue
        if (as_of - run.ends_on).days >= conventions.grace_days:
            continue
        earliest = run.ends_on - timedelta(days=conventions.bridge_days)
        successors = [
            other
            for other in runs
            if other.account_id == run.account_id
            and other.starts_on > run.starts_on
            and (
                (other.starts_on >= earliest and _begins(other, runs))
                or (run.subscription_id is not None and other.subscription_id == run.subscription_id)
            )
        ]
        successors += [
            other
            for other in zeros
            if other.account_id == run.account_id
            and (other.subscription_id or other.plan) == (run.subscription_id or run.plan)
            and other.starts_on >= earliest
        ]
        if not successors:
            pending.append(run)
    for run in pending:
        run.ends_on = None
        run.is_pending = True


def _begins(run: Run, runs: Sequence[Run]) -> bool:
    """True for the first charge of its subscription, and for one that names none."""
    return run.subscription_id is None or not any(
        other.account_id == run.account_id
        and other.subscription_id == run.subscription_id
        and other.starts_on < run.starts_on
        for other in runs
    )


NAMES = ("ash", "birch", "cedar", "elm", "fir", "hazel", "ivy")
RATED = tuple(add_months(date(2021, 1, 1), number) for number in range(38))
PRICES = (30, 50, 60, 75, 100, 120, 240, 999)
ATTRIBUTES = {
    "segment": ("SMB", "Mid", None),
    "lane": ("Banks", "Mines", None),
    "region": ("North", "South", None),
    "channel": ("Partner", "Direct", None),
    "owner": ("Ada", "Bo", None),
}


@st.composite
def histories(draw: st.DrawFn, *, currencies: tuple[str, ...] = ("USD",)) -> History:
    """A few accounts over about three years, with the irregularities that METRICS speaks about."""
    as_of = draw(st.dates(date(2022, 9, 1), date(2024, 3, 31)))
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    charges = [row for name in names for row in draw(_account_charges(name, currencies))]
    accounts = [draw(_account(name)) for name in names]
    first = min(row["starts_on"] for row in charges)
    ends = [row["ends_on"] for row in charges if row["ends_on"] and row["ends_on"] >= date(2022, 9, 1)]
    if ends and draw(st.booleans()):  # near the end of a period: pending, or just lost
        as_of = draw(st.sampled_from(ends)) + timedelta(days=draw(st.integers(-2, 33)))
    if draw(st.booleans()):
        as_of = last_day(as_of)
    rates = tuple(
        {"currency": currency, "month": month, "rate": draw(st.sampled_from([0.8, 0.95, 1.0, 1.1, 1.25]))}
        for currency in currencies
        if currency != "USD"
        for month in sorted({date(2021, 1, 1), *draw(st.lists(st.sampled_from(RATED), max_size=9))})
    )
    return History(tuple(charges), tuple(accounts), max(as_of, first), rates)


@st.composite
def _account(draw: st.DrawFn, name: str) -> dict:
    row = {"account_id": name, "name": name.title()}
    row |= {attribute: draw(st.sampled_from(values)) for attribute, values in ATTRIBUTES.items()}
    row["employees"] = draw(st.sampled_from([None, 20, 5000]))
    row["customer_since"] = draw(st.sampled_from([None, date(2019, 4, 17), date(2021, 1, 9)]))
    return row


@st.composite
def _account_charges(draw: st.DrawFn, name: str, currencies: tuple[str, ...] = ("USD",)) -> list[dict]:
    rows: list[dict] = []
    for number in range(draw(st.integers(1, 2))):
        subscription = draw(st.sampled_from([None, f"{name}-{number}"]))
        supersedes = subscription is not None and draw(st.booleans())
        day = draw(st.dates(date(2021, 1, 1), date(2023, 3, 31)))
        for _ in range(draw(st.integers(1, 4))):
            row = draw(_one_charge(name, subscription, day))
            row["supersedes"] = supersedes
            row["currency"] = draw(st.sampled_from(currencies))
            rows.append(row)
            if not row["discount"] and draw(st.integers(0, 9)) == 0:  # a credit that runs as long as what it is for
                rows.append({**row, "plan": "Credit", "amount": -row["amount"] / 10, "discount": None})
            if row["ends_on"] is None and not supersedes:
                break
            end = row["ends_on"] or add_months(day, draw(st.integers(1, 9)))
            gap = draw(st.sampled_from([0, 0, 0, 1, 3, 4, 10, 31, 70, -20, -45]))
            day = max(end + timedelta(days=gap), day + DAY)
    return rows


@st.composite
def _one_charge(draw: st.DrawFn, name: str, subscription: str | None, day: date) -> dict:
    unit = draw(st.sampled_from(["month", "month", "month", "quarter", "half_year", "year", "week", "day"]))
    shape = draw(st.sampled_from(["months", "months", "months", "days", "short", "open"]))
    length = draw(st.integers(1, 14))
    ends_on = {
        "months": add_months(day, length),
        "days": day + timedelta(days=17 * length),
        "short": day + timedelta(days=length),
        "open": None,
    }[shape]
    cancelled_on = None
    if draw(st.integers(0, 4)) == 0:
        cancelled_on = day + timedelta(days=draw(st.integers(1, 200)))
    price = Decimal(draw(st.sampled_from(PRICES)))
    return {
        "account_id": name,
        "subscription_id": subscription,
        "plan": draw(st.sampled_from(["Basic", "Team", None])),
        "starts_on": day,
        "ends_on": ends_on,
        "amount": price * MONTHS_OF.get(unit, 1),
        "discount": draw(st.sampled_from([None, None, None, Decimal(10), price * MONTHS_OF.get(unit, 1)])),
        "interval_unit": unit,
        "interval_count": 1,
        "currency": "USD",
        "is_recurring": draw(st.integers(0, 9)) != 0,
        "status": draw(st.sampled_from([None, None, None, None, "active", "past_due", "unpaid", "trialing", "void"])),
        "cancelled_on": cancelled_on,
    }
