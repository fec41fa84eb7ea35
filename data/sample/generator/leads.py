"""The leads of the sample company, as HubSpot exports contacts: answers, readiness, outcome, effort."""

import math
from datetime import date, timedelta
from pathlib import Path
from random import Random

from generator.accounts import LANE_RISK
from generator.book import Book
from generator.calendar import FIRST_DAY, LAST_DAY, SEASON, add_months
from generator.chance import pick, stream
from generator.names import INDUSTRIES, CompanyNames
from generator.sales import Deal
from generator.tables import write_csv

SINCE = date(2019, 1, 1)
CRITERIA = {
    "Lane": 1.0,
    "Margin": 0.5,
    "Cost to Retain": 0.5,
    "Expansion": 0.6,
    "Problem": 1.0,
    "Success Criteria": 0.8,
    "Culture": 0.3,
    "Time to Value": 0.6,
    "Reference": 0.4,
    "Executive Contact": 0.9,
    "Team Size": -0.4,
}
HEADER = (
    "Record ID,Company Name,Industry,Original Source,Lifecycle Stage,Lead Status,Create Date,"
    + ",".join(f"Fit: {name}" for name in CRITERIA)
    + ",BANT Qualified,Sales Ready Date,Demo Date,Associated Deal IDs,Salesforce Account ID,Effort Hours"
)
HUBSPOT = {
    "Google Ads": "Paid Search",
    "LinkedIn": "Paid Social",
    "Organic Search": "Organic Search",
    "Referral": "Referrals",
    "Event": "Offline Sources",
    "Outbound": "Offline Sources",
    "Partner": "Referrals",
}


def _answers(rng: Random, quality: float, industry: str) -> list[int | str]:
    """Answers that lean the way of the lead's quality, each as much as its criterion tells."""
    result: list[int | str] = []
    for name, weight in CRITERIA.items():
        if rng.random() < 0.12:
            result.append("")
            continue
        lean = quality * weight + rng.gauss(0, 0.9)
        if name == "Lane":
            lean += 0.8 * (1.0 - LANE_RISK[industry])
        result.append(1 if lean > 0.45 else -1 if lean < -0.45 else 0)
    return result


def _when(rng: Random, day: date | None) -> str:
    return f"{day} {rng.randint(7, 18):02d}:{rng.randint(0, 59):02d}" if day else ""


def write(folder: Path, deals: list[Deal], book: Book) -> None:
    """All leads since 2019: those behind deals, and the many that were never ready."""
    rng = stream("leads")
    gone = {s.account.stripe_id for s in book.subscriptions if s.ended_on} - {
        s.account.stripe_id for s in book.subscriptions if not s.ended_on
    }
    found: list[tuple[date, list[object]]] = []
    for deal in deals:
        if deal.kind != "New Business" or deal.created_on < SINCE or not deal.account or rng.random() > 0.72:
            continue
        created = deal.created_on - timedelta(days=rng.randint(2, 45))
        quality = -0.25 if deal.stage == "Closed Lost" else 0.1
        if deal.is_won:
            quality = 0.5 + (0.35 if deal.account.stripe_id not in gone else -0.25)
        is_ready = rng.random() < (0.93 if deal.is_won else 0.8)
        ready = deal.created_on if is_ready else None
        demo = deal.created_on + timedelta(days=rng.randint(3, 25)) if rng.random() < 0.78 else None
        demo = demo if demo and demo <= min(LAST_DAY, deal.closed_on) else None
        stage = "Customer" if deal.is_won else "Opportunity"
        status = "Connected" if deal.is_won else "Open Deal" if deal.stage != "Closed Lost" else "Unqualified"
        effort = rng.lognormvariate(math.log(14), 0.6) * (2.2 if deal.account.segment == "Enterprise" else 1)
        bant = pick(rng, {"Yes": 58, "No": 34, "": 8} if deal.is_won else {"Yes": 47, "No": 45, "": 8})
        industry = deal.account.industry
        found.append(
            (
                created,
                [
                    deal.account.crm_name or deal.account.name,
                    industry,
                    HUBSPOT[deal.source],
                    stage,
                    status,
                    _when(rng, created),
                    *_answers(rng, quality, industry),
                    bant,
                    ready or "",
                    demo or "",
                    deal.id,
                    deal.account.crm_id,
                    f"{effort:.1f}",
                ],
            )
        )
    names = CompanyNames(stream("lead names"))
    months = [add_months(FIRST_DAY, index) for index in range(50, 144)]
    weights = [SEASON[month.month - 1] * (0.5 + index / 90) for index, month in enumerate(months)]
    sources = {
        "Paid Search": 38,
        "Paid Social": 20,
        "Organic Search": 20,
        "Referrals": 7,
        "Offline Sources": 15,
    }
    for _ in range(round(len(found) * 1.9)):
        created = min(LAST_DAY, rng.choices(months, weights)[0] + timedelta(days=rng.randint(0, 29)))
        industry = rng.choices(INDUSTRIES, [14, 10, 12, 18, 24, 22])[0]
        is_ready = rng.random() < 0.03
        ready = created + timedelta(days=rng.randint(3, 40)) if is_ready else None
        demo = created + timedelta(days=rng.randint(5, 40)) if rng.random() < 0.19 else None
        stage = pick(rng, {"Lead": 5, "Marketing Qualified Lead": 4, "Subscriber": 1})
        status = pick(rng, {"Unqualified": 55, "Nurture": 35, "Open": 10})
        effort = rng.lognormvariate(math.log(1.6), 0.7) + (rng.uniform(4, 16) if demo else 0)
        bant = pick(rng, {"Yes": 17, "No": 62, "": 21})
        ready, demo = (day if day and day <= LAST_DAY else None for day in (ready, demo))
        name = names.give_pair(industry)
        found.append(
            (
                created,
                [
                    name,
                    industry,
                    pick(rng, sources),
                    stage,
                    status,
                    _when(rng, created),
                    *_answers(rng, -0.5, industry),
                    bant,
                    ready or "",
                    demo or "",
                    "",
                    "",
                    f"{effort:.1f}",
                ],
            )
        )
    found.sort(key=lambda pair: (pair[0], str(pair[1][0])))
    rows = [[40_100_000 + 37 * number, *values] for number, (_, values) in enumerate(found)]
    write_csv(folder / "hubspot_leads.csv", HEADER, rows, encoding="utf-8-sig")
