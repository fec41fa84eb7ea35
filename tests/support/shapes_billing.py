"""The sample company's billing in the shape of each vendor, beside the canonical rows that each shape can carry."""

# ruff: noqa: RUF005 (a row is a sum of tuples, so that it can be read beside its header)

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from support.company import Charge, Company, Subscription
from support.manners import Cell, Moment, Table

Row = dict[str, object]


@dataclass(frozen=True)
class Shape:
    """Files by name, canonical rows by table, and what a person has to say because the vendor does not."""

    files: dict[str, Table]
    rows: dict[str, list[Row]]
    answers: dict[str, str] = field(default_factory=dict)


_STATUS = {"paid": "active", "open": "active", "uncollectible": "unpaid", "void": "void"}


def cents(amount: Decimal) -> int:
    """An amount as vendors hold it who count in cents."""
    return int(amount.scaleb(2))


def table(header: str, rows: Iterable[Iterable[Cell]], above: tuple[tuple[str, ...], ...] = ()) -> Table:
    """A table whose header is written with commas."""
    return Table(tuple(header.split(",")), [tuple(row) for row in rows], above)


def _of(each: Charge) -> Row:
    return {
        "charge_id": each.id,
        "account_id": each.customer,
        "subscription_id": each.item,
        "plan": each.plan,
        "starts_on": each.starts_on,
        "ends_on": each.ends_on,
        "amount": each.amount,
        "interval_unit": each.unit,
        "interval_count": each.count if each.unit else 1,
        "quantity": each.quantity,
        "discount": each.discount,
        "currency": each.currency,
        "is_recurring": each.recurs,
        "status": _STATUS[each.status],
        "supersedes": True,
        "invoiced_on": each.invoiced_on,
    }


def _sub(each: Subscription) -> Row:
    return {
        "charge_id": each.id,
        "account_id": each.customer,
        "subscription_id": each.id,
        "plan": each.plan,
        "starts_on": each.starts_on,
        "ends_on": each.ended_on,
        "amount": each.amount,
        "interval_unit": each.unit,
        "interval_count": 1,
        "quantity": each.quantity,
        "currency": each.currency,
        "is_recurring": True,
        "status": each.status,
        "cancelled_on": each.ended_on,
        "term_ends_on": each.term_ends_on,
        "auto_renew": each.cancelled_on is None,
        "supersedes": False,
    }


def _moment(day: date | None) -> Moment | None:
    return Moment(day) if day is not None else None


def _periods(company: Company) -> list[Charge]:
    return [each for each in company.charges if each.recurs and each.status != "void"]


def _invoices(company: Company) -> list[tuple[str, list[Charge]]]:
    ordered = sorted(company.charges, key=lambda each: each.invoice_id)
    return [(name, list(lines)) for name, lines in groupby(ordered, key=lambda each: each.invoice_id)]


def stripe_warehouse_lines(company: Company) -> Shape:
    """Stripe's tables as a replication tool delivers them: cents, one row a line."""
    plans = {each.plan: each for each in company.charges}
    return Shape(
        {
            "invoice_line_item.csv": table(
                "id,invoice_id,subscription_id,subscription_item_id,plan_id,type,amount,discount_amount,currency,"
                "quantity,proration,description,period_start,period_end",
                (
                    (each.id, each.invoice_id, each.subscription, each.item, each.plan)
                    + ("invoiceitem" if each.is_once else "subscription", cents(each.amount), cents(each.discount))
                    + (each.currency.lower(), each.quantity, each.is_proration, f"{each.quantity} of {each.plan}")
                    + (Moment(each.starts_on), Moment(each.ends_on))
                    for each in company.charges
                ),
            ),
            "invoice.csv": table(
                "id,customer_id,subscription_id,status,billing_reason,amount_due,currency,created",
                (
                    (name, lines[0].customer, lines[0].subscription, lines[0].status, "subscription_cycle")
                    + (cents(sum((each.amount for each in lines), Decimal())), lines[0].currency.lower())
                    + (Moment(lines[0].invoiced_on),)
                    for name, lines in _invoices(company)
                ),
            ),
            "price.csv": table(
                "id,active,created,currency,nickname,product_id,recurring_interval,recurring_interval_count,type,unit_amount",
                (
                    (name, True, Moment(date(2020, 1, 1)), each.currency.lower(), name.title(), "prod_1")
                    + (each.unit, each.count, "recurring" if each.unit else "one_time", 1000)
                    for name, each in plans.items()
                ),
            ),
        },
        {"charges": [_of(each) for each in company.charges]},
    )


def stripe_dashboard(company: Company) -> Shape:
    """Stripe's dashboard: subscriptions as they stand, whole units."""
    names = company.name_of
    return Shape(
        {
            "subscriptions.csv": table(
                "id,Customer ID,Customer Name,Plan,Product,Quantity,Currency,Interval,Amount,Status,Created (UTC),"
                "Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Canceled At (UTC),Ended At (UTC)",
                (
                    (each.id, each.customer, names(each.customer), each.plan, each.product, each.quantity)
                    + (each.currency.lower(), each.unit, each.amount, each.status.replace("ll", "l"))
                    + (Moment(each.starts_on), Moment(each.starts_on), Moment(each.starts_on))
                    + (Moment(each.term_ends_on), _moment(each.cancelled_on), _moment(each.ended_on))
                    for each in company.subscriptions
                ),
            ),
            "customers.csv": table(
                "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count",
                (
                    (each.billing_id, None, f"billing@{each.domain}", each.name, Moment(each.created_on), False)
                    + (None, None, Decimal("1234.50"), 3)
                    for each in company.accounts
                ),
            ),
        },
        {
            "charges": [_sub(each) for each in company.subscriptions],
            "accounts": [
                {"account_id": each.billing_id, "name": each.name, "domain": each.domain, "created_on": each.created_on}
                for each in company.accounts
            ],
        },
    )


def stripe_warehouse_items(company: Company) -> Shape:
    """Stripe's subscription items, priced through their price and dated through their subscription."""
    plans = {each.plan: each for each in company.subscriptions}
    unit = {name: cents(each.amount) // each.quantity for name, each in plans.items()}
    rows = []
    for each in company.subscriptions:
        row = _sub(each)
        row |= {"charge_id": f"si_{each.id}", "subscription_id": f"si_{each.id}", "supersedes": True}
        row |= {"amount": Decimal(unit[each.plan] * each.quantity).scaleb(-2), "auto_renew": each.cancelled_on is None}
        rows.append(row)
    return Shape(
        {
            "subscription_item.csv": table(
                "id,subscription_id,plan_id,quantity,created,current_period_start,current_period_end",
                (
                    (f"si_{each.id}", each.id, each.plan, each.quantity, Moment(each.starts_on))
                    + (Moment(each.starts_on), Moment(each.term_ends_on))
                    for each in company.subscriptions
                ),
            ),
            "subscription.csv": table(
                "id,customer_id,status,created,start_date,current_period_end,cancel_at_period_end,canceled_at,ended_at",
                (
                    (each.id, each.customer, each.status.replace("ll", "l"), Moment(each.starts_on))
                    + (Moment(each.starts_on), Moment(each.term_ends_on), each.cancelled_on is not None)
                    + (_moment(each.cancelled_on), _moment(each.ended_on))
                    for each in company.subscriptions
                ),
            ),
            "price.csv": table(
                "id,currency,product_id,recurring_interval,recurring_interval_count,type,unit_amount",
                (
                    (name, each.currency.lower(), each.product, each.unit, 1, "recurring", unit[name])
                    for name, each in plans.items()
                ),
            ),
        },
        {"charges": rows},
    )


def stripe_invoices(company: Company) -> Shape:
    """Stripe's dashboard: one row an invoice, over the periods of its lines."""
    rows: list[Row] = []
    cells = []
    for name, lines in _invoices(company):
        first, total = lines[0], sum((each.amount for each in lines), Decimal())
        off = sum((each.discount for each in lines), Decimal())
        starts, ends = min(each.starts_on for each in lines), max(each.ends_on for each in lines)
        cells.append(
            (name, total - off, first.currency.lower(), first.customer, Moment(first.invoiced_on), first.subscription)
            + (total, off, total - off, first.status, Moment(starts), Moment(ends))
        )
        row: Row = {"charge_id": name, "account_id": first.customer, "subscription_id": first.subscription}
        row |= {"starts_on": starts, "ends_on": ends, "amount": total, "discount": off, "currency": first.currency}
        row |= {"is_recurring": True, "status": _STATUS[first.status], "supersedes": True}
        rows.append({**row, "invoiced_on": first.invoiced_on})
    header = (
        "id,Amount Due,Currency,Customer,Date (UTC),Subscription,Subtotal,Total Discount Amount,Total,Status,"
        "Minimum Line Item Period Start (UTC),Maximum Line Item Period End (UTC)"
    )
    return Shape({"invoices.csv": table(header, cells)}, {"charges": rows})


def chartmogul(company: Company) -> Shape:
    """ChartMogul's three files: cents after discount, customer and currency through the invoice."""
    rows = [{key: value for key, value in _of(each).items() if key != "status"} for each in company.charges]
    for row, each in zip(rows, company.charges, strict=True):
        row["interval_unit"] = "month" if "monthly" in each.plan else "year" if "annual" in each.plan else None
        row["interval_count"] = 1
    return Shape(
        {
            "Customers.csv": table(
                "Name,Email,Company,Country,State,City,Zip,External ID,Lead created at,Free trial started at",
                (
                    (None, f"billing@{each.domain}", each.name, each.country, None, None, None, each.billing_id)
                    + (each.created_on, None)
                    for each in company.accounts
                ),
            ),
            "Invoices.csv": table(
                "Customer external ID,Invoice external ID,Invoiced date,Due Date,Currency",
                (
                    (lines[0].customer, name, lines[0].invoiced_on, None, lines[0].currency)
                    for name, lines in _invoices(company)
                ),
            ),
            "Line items.csv": table(
                "Invoice external ID,External ID,Subscription external ID,Subscription set external ID,Type,"
                "Amount in cents,Plan,Service period start,Service period end,Quantity,Proration,Discount code,"
                "Discount amount,Tax amount,Description",
                (
                    (each.invoice_id, each.id, each.item, None, "OneTime" if each.is_once else "Subscription")
                    + (cents(each.amount - each.discount), each.plan, each.starts_on, each.ends_on, each.quantity)
                    + ("TRUE" if each.is_proration else "FALSE", None, cents(each.discount), 0, None)
                    for each in company.charges
                ),
            ),
        },
        {
            "charges": rows,
            "accounts": [
                {"account_id": each.billing_id, "name": each.name, "domain": each.domain, "country": each.country}
                | {"created_on": each.created_on}
                for each in company.accounts
            ],
        },
    )


def chargebee(company: Company) -> Shape:
    """Chargebee's subscriptions, priced by the unit."""
    rows, cells = [], []
    for each in company.subscriptions:
        price = (each.amount / each.quantity).quantize(Decimal("0.01"))
        status = "Cancelled" if each.ended_on else "Non Renewing" if each.cancelled_on else "Active"
        cells.append(
            (each.id, each.customer, each.plan, each.quantity, price, each.currency, status, Moment(each.starts_on))
            + (Moment(each.starts_on), Moment(each.term_ends_on), _moment(each.ended_on), Moment(each.starts_on))
        )
        row = {**_sub(each), "amount": price * each.quantity, "auto_renew": status == "Active"}
        rows.append({**row, "status": "cancelled" if each.ended_on else "active"})
    header = "subscriptions.id,customers.id,subscriptions.plan_id,subscriptions.plan_quantity,"
    header += "subscriptions.plan_unit_price,subscriptions.currency_code,subscriptions.status,subscriptions.started_at,"
    header += "subscriptions.current_term_start,subscriptions.current_term_end,subscriptions.cancelled_at,"
    header += "subscriptions.created_at"
    return Shape({"Subscriptions.csv": table(header, cells)}, {"charges": rows})


def recurly(company: Company) -> Shape:
    """Recurly's subscriptions: whole units; canceled means that it will not renew."""
    cells, rows = [], []
    for each in company.subscriptions:
        state = "expired" if each.ended_on else "canceled" if each.cancelled_on else "active"
        cells.append(
            (each.id, each.customer, each.plan, state, each.quantity, each.amount, each.currency)
            + (Moment(each.starts_on), _moment(each.cancelled_on), _moment(each.ended_on))
            + (Moment(each.term_ends_on), each.cancelled_on is None)
        )
        rows.append({**_sub(each), "status": "expired" if each.ended_on else "active"})
    header = "uuid,account_code,plan_code,state,quantity,subtotal,currency,activated_at,canceled_at,expires_at,"
    header += "current_period_ends_at,auto_renew"
    return Shape({"subscriptions.csv": table(header, cells)}, {"charges": rows})


def paddle_transactions(company: Company) -> Shape:
    """Paddle's transactions: amounts in the lowest denomination, of subscriptions or once."""
    cells, rows = [], []
    for each in company.charges:
        status = {"open": "billed", "void": "canceled"}.get(each.status, "completed")
        cells.append(
            (each.id, status, each.customer, each.subscription if each.recurs else None)
            + ("subscription_recurring" if each.recurs else "api", each.currency, each.plan, Moment(each.invoiced_on))
            + (Moment(each.starts_on), Moment(each.ends_on), cents(each.amount), cents(each.discount))
            + (Moment(each.invoiced_on),)
        )
        row = {**_of(each), "subscription_id": each.subscription if each.recurs else None}
        row |= {"interval_unit": None, "interval_count": None, "quantity": None, "is_recurring": each.recurs}
        rows.append(row)
    header = "id,status,customer_id,subscription_id,origin,currency_code,price_ids,billed_at,billing_period_starts_at,"
    header += "billing_period_ends_at,subtotal,discount,created_at"
    return Shape({"transactions.csv": table(header, cells)}, {"charges": rows}, {"cents": "cents"})


def paddle_subscriptions(company: Company) -> Shape:
    """Paddle's subscriptions as they stand, amounts in the lowest denomination."""
    cells, rows = [], []
    for each in company.subscriptions:
        cells.append(
            (each.id, each.status.replace("ll", "l"), each.customer, each.currency, Moment(each.starts_on))
            + (_moment(None if each.ended_on else each.term_ends_on), _moment(each.ended_on), each.unit, 1)
            + (each.plan, each.quantity, cents(each.amount))
        )
        row = {**_sub(each), "auto_renew": None}
        rows.append({**row, "term_ends_on": None if each.ended_on else each.term_ends_on})
    header = "id,status,customer_id,currency_code,started_at,next_billed_at,canceled_at,billing_cycle_interval,"
    header += "billing_cycle_frequency,items_price_id,items_quantity,recurring_transaction_details_totals_subtotal"
    return Shape({"subscriptions.csv": table(header, cells)}, {"charges": rows}, {"cents": "cents"})


def xero(company: Company) -> Shape:
    """Xero's sales invoices: unit price times quantity, discount in per cent; years are answered."""
    cells, rows = [], []
    for each in _periods(company):
        if each.unit != "year":
            continue
        price = (each.amount / each.quantity).quantize(Decimal("0.01"))
        cells.append(
            (company.name_of(each.customer), each.invoice_id, each.starts_on, each.starts_on, each.plan, "Yearly fee")
            + (each.quantity, price, None, "200", each.currency, "PAID")
        )
        row: Row = {"account_id": company.name_of(each.customer), "plan": each.plan, "starts_on": each.starts_on}
        row |= {"amount": price * each.quantity, "interval_unit": "year", "interval_count": 1, "status": "active"}
        row |= {"quantity": each.quantity, "discount": 0, "currency": each.currency, "is_recurring": True}
        rows.append({**row, "ends_on": None, "supersedes": False, "invoiced_on": each.starts_on})
    header = "*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,"
    header += "Discount,*AccountCode,Currency,Status"
    return Shape({"SalesInvoices.csv": table(header, cells)}, {"charges": rows}, {"coverage": "yearly"})


def quickbooks(company: Company) -> Shape:
    """A QuickBooks report: title lines, customers as headings, totals below each."""
    cells: list[tuple[Cell, ...]] = []
    rows: list[Row] = []
    charges = sorted(_periods(company), key=lambda each: (company.name_of(each.customer), each.starts_on))
    for name, lines in groupby(charges, key=lambda each: company.name_of(each.customer)):
        cells.append((name, *[None] * 7))
        total = Decimal()
        for each in lines:
            cells.append(
                (None, each.invoiced_on, "Invoice", each.invoice_id, each.plan, each.quantity) + (each.amount, total)
            )
            total += each.amount
            row: Row = {"account_id": name, "plan": each.plan, "starts_on": each.invoiced_on, "amount": each.amount}
            row |= {"interval_unit": "year", "interval_count": 1, "quantity": each.quantity, "currency": "XXX"}
            rows.append({**row, "is_recurring": True, "supersedes": False, "invoiced_on": each.invoiced_on})
        cells.append((f"Total for {name}", *[None] * 5, total, None))
    header = ",Transaction date,Transaction type,Num,Product/Service,Quantity,Amount,Balance"
    above = (("Ferrowick Inc.",), ("Sales by Customer Detail",), ("All dates",), ())
    return Shape({"report.csv": table(header, cells, above)}, {"charges": rows}, {"coverage": "yearly"})


def subscription_periods(company: Company) -> Shape:
    """One row a period with its monthly amount; the end is the day after."""
    cells, rows = [], []
    for each in _periods(company):
        monthly = (each.amount / (12 if each.unit == "year" else 1)).quantize(Decimal("0.01"))
        cells.append((each.customer, each.plan, each.starts_on, each.ends_on, monthly, each.currency))
        row: Row = {
            "account_id": each.customer,
            "plan": each.plan,
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
        }
        row |= {"amount": monthly, "interval_unit": "month", "interval_count": 1, "currency": each.currency}
        rows.append({**row, "is_recurring": True, "supersedes": False})
    header = "customer_id,plan,start_date,end_date,monthly_amount,currency"
    return Shape({"periods.csv": table(header, cells)}, {"charges": rows})


def service_periods(company: Company) -> Shape:
    """Invoice lines that say their own service period."""
    cells, rows = [], []
    for each in company.charges:
        cells.append(
            (each.id, each.customer, each.item, each.plan, each.starts_on, each.ends_on, each.amount, each.discount)
            + (each.currency, each.quantity, each.recurs, each.unit, each.invoiced_on)
        )
        row = {**_of(each), "supersedes": False, "status": None}
        rows.append({**row, "interval_count": 1})
    header = "line_id,customer_id,subscription_id,plan,service_period_start,service_period_end,amount,discount_amount,"
    header += "currency,quantity,is_recurring,interval,invoice_date"
    return Shape({"lines.csv": table(header, cells)}, {"charges": rows})


def _sheet(company: Company, kind: str) -> Shape:
    """A sheet with a row for each customer and a column for each month of one year."""
    months = [date(2025, month, 1) for month in range(1, 13)]
    ends = [*months[1:], date(2026, 1, 1)]
    cells, rows = [], []
    for account in company.accounts:
        own = [each for each in _periods(company) if each.customer == account.billing_id]
        found = []
        for month in months:
            there = [each for each in own if each.starts_on <= month < each.ends_on]
            monthly = sum((each.amount / (12 if each.unit == "year" else 1) for each in there), Decimal())
            found.append((monthly * (12 if kind == "year" else 1)).quantize(Decimal("0.01")))
        currency = own[0].currency if own else "USD"
        cells.append((account.name, currency, *(each or None for each in found)))
        for month, end, amount in zip(months, ends, found, strict=True):
            if amount:
                key = f"{account.name} · {currency} {month}"
                row: Row = {"charge_id": key, "account_id": account.name, "starts_on": month, "ends_on": end}
                row |= {"amount": amount, "interval_unit": kind, "interval_count": 1, "currency": currency}
                rows.append({**row, "is_recurring": True, "supersedes": True})
    header = "Customer name,Currency," + ",".join(f"{month:%b %Y}" for month in months)
    above = (("MRR by customer" if kind == "month" else "ARR by customer",), ())
    return Shape({"sheet.csv": table(header, cells, above)}, {"charges": rows})


def mrr_sheet(company: Company) -> Shape:
    """Monthly recurring revenue, a column a month."""
    return _sheet(company, "month")


def arr_sheet(company: Company) -> Shape:
    """Annual recurring revenue, a column a month."""
    return _sheet(company, "year")


BILLING: dict[str, Callable[[Company], Shape]] = {
    each.__name__: each
    for each in (
        stripe_warehouse_lines,
        stripe_warehouse_items,
        stripe_dashboard,
        stripe_invoices,
        chartmogul,
        chargebee,
        recurly,
        paddle_transactions,
        paddle_subscriptions,
        xero,
        quickbooks,
        subscription_periods,
        service_periods,
        mrr_sheet,
        arr_sheet,
    )
}
