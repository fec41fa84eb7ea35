"""What the sample company's customers say and do: survey answers and monthly usage."""

from datetime import date, timedelta
from pathlib import Path

from generator.accounts import Account
from generator.book import Book
from generator.calendar import LAST_DAY, month_ends
from generator.chance import stream
from generator.tables import write_csv

# What is asked in which month, and the share that answers; CSAT in every other month.
ASKED = {4: ("NPS", 0.3), 10: ("NPS", 0.3), 12: ("ESAT", 0.12)}


def write(folder: Path, customers: list[Account], book: Book) -> None:
    """Surveys since 2019 and usage of the last thirty months."""
    rng = stream("voice")
    ends, yearly = month_ends(), book.yearly_by_month()
    lost_on = {s.account.stripe_id: s.ended_on for s in book.subscriptions if s.plan != "insights"}

    answers: list[tuple[date, str, str, int]] = []
    for end, active in zip(ends, yearly, strict=True):
        if end.year < 2019:
            continue
        for account in customers:
            if account.stripe_id not in active or not account.in_crm:
                continue
            leaving = lost_on.get(account.stripe_id)
            mood = 8.3 - 0.9 * (account.risk - 1) + (0.5 if account.expands_hugely else 0)
            mood -= 2.3 if leaving and 0 <= (leaving - end).days < 300 else 0
            kind, share = ASKED.get(end.month, ("CSAT", 0.03))
            if rng.random() < share * (0.7 if account.segment == "SMB" else 1.2):
                exact = mood + rng.gauss(0, 1.4)
                score = min(10, max(0, round(exact))) if kind == "NPS" else min(5, max(1, round(exact / 2)))
                answers.append((end - timedelta(days=rng.randint(0, 20)), account.crm_id, kind, score))
    answers.sort()
    rows = [
        [f"r{50_000 + number}", crm_id, kind, score, day] for number, (day, crm_id, kind, score) in enumerate(answers)
    ]
    write_csv(folder / "nps_csat.csv", "Response ID,Account ID,Survey,Score,Responded At", rows)

    seats: dict[str, list[tuple[date, date, int]]] = {}
    for _, line in book.full_lines():
        if line.subscription.plan != "insights" and line.amount:
            key = line.subscription.account.stripe_id
            seats.setdefault(key, []).append((line.starts_on, line.ends_on, line.quantity))
    habit = {a.stripe_id: min(0.97, max(0.06, rng.gauss(0.74 - 0.1 * (a.risk - 1), 0.14))) for a in customers}
    usage = []
    for end, active in list(zip(ends, yearly, strict=True))[-30:]:
        for account in customers:
            key = account.stripe_id
            if key not in active:
                continue
            held = [n for start, until, n in seats[key] if start <= end < until]
            if not held:
                continue
            leaving = lost_on.get(key)
            fading = 1.0
            if leaving and leaving <= LAST_DAY and 0 <= (leaving - end).days < 270:
                fading = 0.35 + 0.65 * (leaving - end).days / 270
            used = round(held[-1] * min(1.0, max(0.0, habit[key] * fading + rng.gauss(0, 0.04))))
            usage.append([key, f"{end:%Y-%m}", held[-1], used])
    write_csv(folder / "product_usage.csv", "Customer ID,Month,Licences,Active Users", usage)
