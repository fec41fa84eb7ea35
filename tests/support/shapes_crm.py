"""The sample company's accounts, deals, people and spend in the shape of each vendor."""

# ruff: noqa: RUF005 (a row is a sum of tuples, so that it can be read beside its header)

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from support.company import Account, Company, Deal
from support.manners import Grouped, Moment, Table
from support.shapes_billing import Row, Shape, table

_TYPES = {"new": "New Business", "expansion": "Existing Business", "renewal": "Renewal"}
_FOOTER = (("Grand Totals",), (), ("Confidential Information - Do Not Distribute",))


def _account(each: Account) -> Row:
    row: Row = {"name": each.name, "domain": each.domain, "lane": each.industry, "country": each.country}
    row |= {"employees": each.employees, "annual_revenue": each.revenue, "owner": each.owner, "channel": each.source}
    return {**row, "created_on": each.created_on}


def _deal(each: Deal) -> Row:
    won, lost = each.stage == "Closed Won", each.stage == "Closed Lost"
    row: Row = {"deal_id": each.id, "account_id": each.account, "name": each.name, "kind": each.kind}
    row |= {"stage": each.stage, "is_closed": won or lost, "is_won": won, "amount": each.amount}
    row |= {"currency": each.currency, "probability": each.probability / 100, "created_on": each.created_on}
    return {**row, "closed_on": each.closed_on, "owner": each.owner, "channel": each.source}


def _count(value: int | None) -> Grouped | None:
    return None if value is None else Grouped(value)


def salesforce(company: Company) -> Shape:
    """Salesforce reports: accounts, opportunities and contacts, with footer lines."""
    accounts = table(
        "Account ID,Account Name,Industry,Segment,Employees,Annual Revenue,Type,Account Owner,Account Source,"
        "Billing Country,Region,Website,Stripe Customer ID,Created Date",
        (
            (each.id, each.name, each.industry, each.segment, _count(each.employees), each.revenue, "Customer")
            + (each.owner, each.source, each.country, each.region, f"www.{each.domain}", each.billing_id)
            + (each.created_on,)
            for each in company.accounts
        ),
    )
    deals = table(
        "Opportunity ID,Opportunity Name,Account ID,Type,Stage,Amount Currency,Amount,Close Date,Created Date,"
        "Probability (%),Opportunity Owner,Lead Source,Loss Reason,Competitor",
        (
            (each.id, each.name, each.account, _TYPES[each.kind], each.stage, each.currency, each.amount)
            + (each.closed_on, each.created_on, each.probability, each.owner, each.source, each.lost_reason)
            + (each.competitor,)
            for each in company.deals
        ),
    )
    contacts = table(
        "Contact ID,First Name,Last Name,Title,Account ID,Account Name,Last Activity",
        ((each.id, each.first, each.last, each.title, each.account, None, each.seen_on) for each in company.contacts),
    )
    return Shape(
        {
            "report1700000000001.csv": Table(accounts.header, accounts.rows, below=_FOOTER),
            "report1700000000002.csv": Table(deals.header, deals.rows, below=_FOOTER),
            "report1700000000003.csv": Table(contacts.header, contacts.rows, below=_FOOTER),
        },
        {
            "accounts": [
                _account(each)
                | {"account_id": each.id, "billing_account_id": each.billing_id}
                | {"segment": each.segment, "region": each.region}
                for each in company.accounts
            ],
            "deals": [
                _deal(each) | {"lost_reason": each.lost_reason, "competitor": each.competitor} for each in company.deals
            ],
            "contacts": [
                {"contact_id": each.id, "account_id": each.account, "name": f"{each.first} {each.last}"}
                | {"title": each.title, "last_contacted_on": each.seen_on}
                for each in company.contacts
            ],
        },
    )


def salesforce_warehouse(company: Company) -> Shape:
    """Salesforce objects as a replication tool delivers them, an earlier version and a deleted record among them."""
    first, deal = company.accounts[0], company.deals[0]
    kept = (False, True)
    return Shape(
        {
            "account.csv": table(
                "id,name,website,industry,billing_country,number_of_employees,annual_revenue,owner_id,account_source,"
                "created_date,is_deleted,_fivetran_active",
                [
                    *(
                        (each.id, each.name, f"https://{each.domain}/", each.industry, each.country, each.employees)
                        + (each.revenue, each.owner, each.source, Moment(each.created_on), *kept)
                        for each in company.accounts
                    ),
                    (
                        first.id,
                        "earlier",
                        None,
                        None,
                        None,
                        1,
                        None,
                        None,
                        None,
                        Moment(first.created_on),
                        False,
                        False,
                    ),
                    ("gone", "gone", None, None, None, 1, None, None, None, Moment(first.created_on), True, True),
                ],
            ),
            "opportunity.csv": table(
                "id,account_id,name,type,stage_name,is_closed,is_won,amount,currency_iso_code,probability,created_date,"
                "close_date,owner_id,lead_source,is_deleted,_fivetran_active",
                [
                    *(
                        (each.id, each.account, each.name, _TYPES[each.kind], each.stage)
                        + (each.stage.startswith("Closed"), each.stage == "Closed Won", each.amount, each.currency)
                        + (each.probability, Moment(each.created_on), Moment(each.closed_on), each.owner, each.source)
                        + kept
                        for each in company.deals
                    ),
                    (deal.id, deal.account, "earlier", "Renewal", "Prospecting", False, False, Decimal("1.00"))
                    + (deal.currency, 10, Moment(deal.created_on), Moment(deal.closed_on), None, None, False, False),
                ],
            ),
            "contact.csv": table(
                "id,account_id,first_name,last_name,title,last_activity_date,is_deleted,last_modified_date",
                (
                    (each.id, each.account, each.first, each.last, each.title)
                    + (Moment(each.seen_on) if each.seen_on else None, False, Moment(date(2026, 1, 31)))
                    for each in company.contacts
                ),
            ),
        },
        {
            "accounts": [{**_account(each), "account_id": each.id} for each in company.accounts],
            "deals": [_deal(each) for each in company.deals],
            "contacts": [
                {"contact_id": each.id, "account_id": each.account, "name": f"{each.first} {each.last}"}
                | {"title": each.title, "role": "other" if each.title else None, "last_contacted_on": each.seen_on}
                for each in company.contacts
            ],
        },
    )


def hubspot(company: Company) -> Shape:
    """HubSpot's companies, deals and contacts; ids of associations, header case of its own."""
    return Shape(
        {
            "companies.csv": table(
                "Record ID,Company name,Company Domain Name,Company owner,Industry,Country/Region,Number of Employees,"
                "Annual Revenue,Create Date",
                (
                    (each.id, each.name, each.domain, each.owner, each.industry, each.country)
                    + (_count(each.employees), each.revenue, Moment(each.created_on))
                    for each in company.accounts
                ),
            ),
            "deals.csv": table(
                "RECORD ID,Deal name,Deal stage,AMOUNT,Deal Owner,Close Date,Create Date,Pipeline,Deal Type,"
                "Deal currency code,Associated Company IDs (Primary)",
                (
                    (each.id, each.name, each.stage.lower().replace(" ", "") if at % 2 else each.stage, each.amount)
                    + (each.owner, Moment(each.closed_on), Moment(each.created_on), "Sales", _TYPES[each.kind])
                    + (each.currency, each.account)
                    for at, each in enumerate(company.deals)
                ),
            ),
            "contacts.csv": table(
                "Record ID,First Name,Last Name,Job Title,Associated Company IDs,Last Activity Date",
                (
                    (each.id, each.first, each.last, each.title, each.account)
                    + (Moment(each.seen_on) if each.seen_on else None,)
                    for each in company.contacts
                ),
            ),
        },
        {
            "accounts": [
                {key: value for key, value in _account(each).items() if key != "channel"} | {"account_id": each.id}
                for each in company.accounts
            ],
            "deals": [
                {key: value for key, value in _deal(each).items() if key not in ("probability", "channel")}
                | {"stage": each.stage.lower().replace(" ", "") if at % 2 else each.stage}
                for at, each in enumerate(company.deals)
            ],
            "contacts": [
                {"contact_id": each.id, "account_id": each.account, "name": f"{each.first} {each.last}"}
                | {"title": each.title, "last_contacted_on": each.seen_on}
                for each in company.contacts
            ],
        },
    )


def _spent(company: Company, channel: str) -> list[Row]:
    return [
        {"month": each.day.replace(day=1), "channel": channel, "kind": "program", "amount": each.amount}
        | {"currency": each.currency}
        for each in company.spend
    ]


def google_ads(company: Company) -> Shape:
    """A campaign report of Google Ads: two lines above, totals below that are no campaign."""
    cells = [
        (each.day, each.campaign, "71120001", each.currency, each.amount, Grouped(2604), 93, Decimal("3.00"))
        for each in company.spend
    ]
    total = sum((each.amount for each in company.spend), Decimal())
    totals = [(f"Total: {what}", None, None, "USD", total, Grouped(99999), 99, None) for what in ("Search", "Account")]
    made = table(
        "Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions",
        [*cells, *totals],
        (("Campaign report",), ("November 1, 2014 - October 31, 2026",)),
    )
    return Shape({"Campaign report.csv": made}, {"spend": _spent(company, "Google Ads")})


def linkedin(company: Company) -> Shape:
    """LinkedIn's campaign performance: three lines above, one total below."""
    cells = [
        (each.day.replace(day=15), "Ferrowick", "Always on", each.campaign, "60310001", each.currency, each.amount)
        + (13230, 105)
        for each in company.spend
    ]
    header = "Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Currency,Total Spent,"
    header += "Impressions,Clicks"
    above = (("Campaign Performance Report (in UTC)",), ("Report Start: 3/1/2017, Report End: 10/31/2026",), ())
    made = table(header, [*cells, ("Total", *[None] * 8)], above)
    return Shape({"campaign_performance.csv": made}, {"spend": _spent(company, "LinkedIn")})


def meta(company: Company) -> Shape:
    """Meta's ads: the currency stands in the name of a column."""
    cells = [
        (each.day, each.day.replace(day=28), each.campaign, "All", each.amount, Grouped(4100), 77)
        for each in company.spend
        if each.currency == "USD"
    ]
    header = "Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (USD),Impressions,Link clicks"
    rows = [row for row in _spent(company, "Meta") if row["currency"] == "USD"]
    return Shape({"ads.csv": table(header, cells)}, {"spend": rows})


CRM: dict[str, Callable[[Company], Shape]] = {
    each.__name__: each for each in (salesforce, salesforce_warehouse, hubspot, google_ads, linkedin, meta)
}
