"""The CRM exports, as Salesforce reports."""

from datetime import date
from pathlib import Path

from generator.accounts import Account
from generator.book import SEAT_YEAR, Book
from generator.chance import stream
from generator.people import SUBJECTS, Person, Touch
from generator.sales import Deal
from generator.tables import american, write_report

ACCOUNTS = (
    "Account ID,Account Name,Parent Account,Parent Account ID,Industry,Segment,Employees,Annual Revenue,Type,"
    "Account Owner,Account Source,Billing Country,Region,Website,Stripe Customer ID,Customer Since,"
    "Created Date,Fiscal Year Start Month,Potential ACV,Project Cost"
)
OPPORTUNITIES = (
    "Opportunity ID,Opportunity Name,Account ID,Account Name,Type,Stage,Amount Currency,Amount,Close Date,"
    "Created Date,Probability (%),Opportunity Owner,Lead Source,Product,Loss Reason,Competitor"
)
CONTACTS = (
    "Contact ID,First Name,Last Name,Title,Department,Account ID,Account Name,Contact Role,Contact Status,Last Activity"
)
ROLES = "Opportunity ID,Account ID,Amount,Type,Stage,Contact ID,Title,Department,Role,Is Primary"
ACTIVITIES = "Activity ID,Type,Subject,Date,Assigned,Account ID,Contact ID"


def _name(account: Account) -> str:
    return account.crm_name or account.name


def write(
    folder: Path,
    accounts: list[Account],
    deals: list[Deal],
    persons: list[Person],
    touches: list[Touch],
    book: Book,
) -> None:
    """Accounts, opportunities, contacts, contact roles and activities."""
    rng = stream("crm")
    running = {sub.account.stripe_id for sub in book.subscriptions if sub.status != "canceled"}
    running |= {i.subscription.account.stripe_id for i in book.invoices if i.created_on > date(2026, 10, 1)}
    rows = []
    for a in sorted((one for one in accounts if one.in_crm), key=lambda one: one.crm_id):
        kind = "Prospect" if a.first_paid is None else "Customer" if a.stripe_id in running else "Former Customer"
        big = a.is_big_logo and a.first_paid is not None
        full = a.potential_seats * SEAT_YEAR["scale"] / 100 * (1 - a.negotiated)
        potential = int(round(full, -3)) if big and rng.random() < 0.34 else ""
        project = int(round(full * rng.uniform(1.5, 9), -4)) if big and rng.random() < 0.3 else ""
        fiscal = "" if a.segment == "SMB" or rng.random() < 0.25 else rng.choice([1, 1, 1, 1, 4, 4, 7, 10, 2])
        parent = [_name(a.parent), a.parent.crm_id] if a.parent else ["", ""]
        rows.append(
            [
                a.crm_id,
                _name(a),
                *parent,
                a.industry,
                a.segment,
                a.employees,
                a.annual_revenue,
                kind,
                a.owner,
                a.source,
                a.country,
                a.region,
                f"www.{a.domain}",
                a.stripe_id if a.link_is_known else "",
                american(a.customer_since),
                american(a.created_on),
                fiscal,
                potential,
                project,
            ]
        )
    write_report(folder / "salesforce_accounts.csv", ACCOUNTS, rows, True)
    write_report(
        folder / "salesforce_opportunities.csv",
        OPPORTUNITIES,
        [
            [
                d.id,
                d.name,
                d.account.crm_id if d.account else "",
                _name(d.account) if d.account else "",
                d.kind,
                d.stage,
                d.currency,
                f"{d.amount:.2f}",
                american(d.closed_on),
                american(d.created_on),
                d.probability,
                d.owner,
                d.source,
                d.product,
                d.loss_reason,
                d.competitor,
            ]
            for d in deals
        ],
        True,
    )
    write_report(
        folder / "salesforce_contacts.csv",
        CONTACTS,
        [
            [
                p.id,
                p.first,
                p.last,
                p.title,
                p.department,
                p.account.crm_id,
                _name(p.account),
                p.role,
                "Active" if p.is_active else "Left Company",
                american(p.last_touch),
            ]
            for p in persons
        ],
        False,
    )
    by_account: dict[str, list[Person]] = {}
    for one in persons:
        by_account.setdefault(one.account.crm_id, []).append(one)
    roles = [
        [
            d.id,
            d.account.crm_id,
            f"{d.amount:.2f}",
            d.kind,
            d.stage,
            p.id,
            p.title,
            p.department,
            p.role,
            int(number == 0),
        ]
        for d in deals
        if d.account and d.account.segment == "Enterprise" and d.closed_on >= date(2025, 1, 1)
        for number, p in enumerate(by_account.get(d.account.crm_id, [])[:3])
    ]
    write_report(folder / "salesforce_opportunity_contact_roles.csv", ROLES, roles, False)
    write_report(
        folder / "salesforce_activities.csv",
        ACTIVITIES,
        [
            [
                t.id,
                t.kind,
                SUBJECTS[t.kind],
                american(t.day),
                t.by,
                t.account.crm_id,
                t.person.id if t.person else "",
            ]
            for t in touches
        ],
        True,
    )
