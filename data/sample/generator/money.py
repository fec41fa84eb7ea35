"""What the sample company spends: ads, the sales and marketing ledger, cost to serve, exchange rates."""

import math
from datetime import date
from pathlib import Path

from generator.book import Book
from generator.calendar import FIRST_DAY, add_months
from generator.chance import stream
from generator.sales import Deal
from generator.tables import american, text_of, write_csv, write_workbook

SEGMENTS = ("SMB", "Mid-Market", "Enterprise")
GOOGLE = {"Search - Brand": (71120001, 0.25), "Search - Field service": (71120002, 0.75)}
LINKEDIN = {"Operations leaders": (60310001, 0.6), "IT strategy": (60310002, 0.4)}


def _months() -> list[date]:
    return [add_months(FIRST_DAY, index) for index in range(144)]


def rates() -> list[float]:
    """USD for one EUR, month by month."""
    rng, level, result = stream("rates"), 1.21, []
    for _ in range(144):
        level += 0.08 * (1.12 - level) + rng.gauss(0, 0.013)
        result.append(round(level, 4))
    return result


def _by_segment(book: Book) -> list[dict[str, float]]:
    """Yearly recurring revenue in USD by month and segment."""
    segment = {s.account.stripe_id: (s.account.segment, s.account.currency) for s in book.subscriptions}
    result = []
    for values, rate in zip(book.yearly_by_month(), rates(), strict=True):
        total = dict.fromkeys(SEGMENTS, 0.0)
        for key, cents in values.items():
            name, currency = segment[key]
            total[name] += cents / 100 * (rate if currency == "eur" else 1)
        result.append(total)
    return result


def _won(deals: list[Deal]) -> dict[tuple[date, str], float]:
    won: dict[tuple[date, str], float] = {}
    for deal in deals:
        if deal.is_won and deal.kind != "Renewal" and deal.account:
            key = (deal.closed_on.replace(day=1), deal.account.segment)
            won[key] = won.get(key, 0) + deal.amount
    return won


def write(folder: Path, book: Book, deals: list[Deal]) -> None:
    """Both ad reports, the ledger, cost to serve and the exchange rates."""
    rng, months, yearly, won = stream("money"), _months(), _by_segment(book), _won(deals)
    plan = []
    for index, month in enumerate(months):
        window = [won.get((add_months(month, k), name), 0) for k in range(-5, 7) for name in SEGMENTS]
        known = max(1, min(12, 144 - index + 5))
        plan.append(22_000 + 0.92 * sum(window) / min(12, known))

    google, linkedin, ledger = [], [], []
    for index, month in enumerate(months):
        season = 0.9 + 0.2 * math.sin(month.month / 12 * 2 * math.pi)
        cut = 0.45 if month.year == 2020 and 4 <= month.month <= 6 else 1.0
        for campaign, (key, share) in GOOGLE.items():
            cost = round(plan[index] * 0.11 * share * season * cut * rng.uniform(0.85, 1.15), 2)
            clicks = round(cost / rng.uniform(4.5, 7.5))
            google.append((month, campaign, key, cost, clicks * rng.randint(22, 40), clicks, round(clicks * 0.03)))
        if month >= date(2017, 3, 1):
            for campaign, (key, share) in LINKEDIN.items():
                cost = round(plan[index] * 0.07 * share * cut * rng.uniform(0.8, 1.2), 2)
                clicks = round(cost / rng.uniform(8, 13))
                linkedin.append((month, campaign, key, cost, clicks * rng.randint(90, 160), clicks))
        for name, share in zip(SEGMENTS, (0.17, 0.32, 0.51), strict=True):
            ledger.append((month, "salaries", "", name, round(plan[index] * 0.56 * share * rng.uniform(0.97, 1.03), 2)))
            commission = round(0.09 * won.get((month, name), 0), 2)
            if commission:
                ledger.append((month, "commission", "", name, commission))
        ledger.append((month, "tools", "", "", round(plan[index] * 0.05 * rng.uniform(0.95, 1.05), 2)))
        ledger.append((month, "agency", "", "", round(plan[index] * 0.04 * cut * rng.uniform(0.8, 1.2), 2)))
        fair = 2.2 if month.month in (3, 5, 9, 10) else 0.35
        ledger.append((month, "program", "Event", "", round(plan[index] * 0.06 * fair * cut**3, 2)))
        ledger.append((month, "program", "Partner", "", round(plan[index] * 0.03 * rng.uniform(0.8, 1.2), 2)))
        ledger.append((month, "program", "Organic Search", "", round(plan[index] * 0.03 * rng.uniform(0.8, 1.2), 2)))

    _google(folder / "google_ads_campaigns.csv", google)
    _linkedin(folder / "linkedin_campaigns.csv", linkedin)
    head = ("Month", "Kind", "Channel", "Segment", "Amount", "Currency")
    rows = [(month, kind, channel, name, amount, "USD") for month, kind, channel, name, amount in ledger]
    write_workbook(folder / "sales_and_marketing_costs.xlsx", "Ledger", [head, *rows])

    shares = {
        "cogs": {"SMB": 0.19, "Mid-Market": 0.17, "Enterprise": 0.15},
        "support": {"SMB": 0.13, "Mid-Market": 0.06, "Enterprise": 0.04},
        "success": {"SMB": 0.02, "Mid-Market": 0.07, "Enterprise": 0.06},
    }
    serve = [
        [
            f"{month:%Y-%m}",
            name,
            kind,
            f"{yearly[index][name] / 12 * share[name] * rng.uniform(0.95, 1.05):.2f}",
            "USD",
        ]
        for index, month in enumerate(months)
        for kind, share in shares.items()
        for name in SEGMENTS
        if yearly[index][name]
    ]
    write_csv(folder / "cost_to_serve.csv", "month,segment,kind,amount,currency", serve)
    fx = [["EUR", f"{month:%Y-%m}", f"{rate:.4f}"] for month, rate in zip(months, rates(), strict=True)]
    write_csv(folder / "fx_rates.csv", "currency,month,rate", fx)


def _google(path: Path, rows: list[tuple[date, str, int, float, int, int, int]]) -> None:
    body: list[list[object]] = [
        ["Month", "Campaign", "Campaign ID", "Currency code", "Cost", "Impr.", "Clicks", "Conversions"]
    ]
    body += [
        [m, name, key, "USD", f"{cost:,.2f}", f"{seen:,}", f"{n:,}", f"{won:.2f}"]
        for m, name, key, cost, seen, n, won in rows
    ]
    cost, won = sum(row[3] for row in rows), sum(row[6] for row in rows)
    seen, clicks = sum(row[4] for row in rows), sum(row[5] for row in rows)
    for total in ("Total: Search", "Total: Account"):
        body.append([total, " --", " --", "USD", f"{cost:,.2f}", f"{seen:,}", f"{clicks:,}", f"{won:.2f}"])
    path.write_bytes(('Campaign report\n"November 1, 2014 - October 31, 2026"\n' + text_of(body)).encode())


def _linkedin(path: Path, rows: list[tuple[date, str, int, float, int, int]]) -> None:
    first = american(rows[0][0])
    head = f"Campaign Performance Report (in UTC)\nReport Start: {first}, Report End: 10/31/2026\n\n"
    body: list[list[object]] = [
        [
            "Start Date (in UTC)",
            "Account Name",
            "Campaign Group Name",
            "Campaign Name",
            "Campaign ID",
            "Currency",
            "Total Spent",
            "Impressions",
            "Clicks",
        ]
    ]
    for month, name, key, cost, seen, clicks in rows:
        body.append([american(month), "Ferrowick", "Always on", name, key, "USD", f"{cost:,.2f}", seen, clicks])
    cost = sum(row[3] for row in rows)
    seen, clicks = sum(row[4] for row in rows), sum(row[5] for row in rows)
    body.append(["Total", "", "", "", "", "", f"{cost:,.2f}", seen, clicks])
    path.write_bytes(b"\xff\xfe" + (head + text_of(body, delimiter="\t")).encode("utf-16-le"))
