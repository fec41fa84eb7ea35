"""Views and marts: built in order, under one row of conventions, inside the caller's transaction."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import duckdb

from decade.conventions import UNSTATED, Conventions
from decade.errors import Refused
from decade.queries import catalogue, in_folder
from decade.warehouse.staged import Progress

VIEWS = ("account_details", "rates", "charge_mrr", "effective_charges")
OVER_MARTS = ("starts_and_ends", "periods", "latest_periods")  # views built among the marts: they join two of them
MARTS = (
    "account_ids",
    "discount_ends",
    "stretches",
    "gaps",
    "extended_ends",
    "starts_and_ends",
    "periods",
    "latest_periods",
    "months",
    "month_rates",
    "changes",
    "movements",
    "account_facts",
    "retention_steps",
    "cohort_steps",
    "margins",
    "comings",
    "acquisition_terms",
    "acquisition_periods",
    "paid_channels",
    "acquired",
    "monthly_spend",
    "spend_spans",
    "won_together",
    "lives",
    "people",
    "account_touches",
    "renewal_dates",
    "known_deals",
    "broken_rules",
)
MACROS = (
    "scope", "slices", "alike", "sales_cycle", "acquisition_months", "acquisition_spend", "coverage", "gaps_between",
)  # fmt: skip
REVENUE = (
    "account_ids", "stretches", "gaps", "extended_ends", "starts_and_ends", "periods", "months",
    "month_rates", "changes", "movements", "retention_steps",
)  # fmt: skip
OF_SPEND = ("paid_channels", "acquired", "monthly_spend", "spend_spans", "won_together")
DECIDED = {"paid_channels": OF_SPEND, "gross_margin": ("acquisition_terms", "acquired")}  # marts that a setting decides
OF_CHECKS = ("broken_rules",)  # made of the checks, which are made of the other marts


def prepare(cursor: duckdb.DuckDBPyConnection, heard: Callable[[str], None] | None = None) -> None:
    """Views and checks; marts are built when there are none, or others than the SQL of today would build.

    That takes its time where much is held: `heard` is told before it begins.
    """
    built_with = cursor.execute("select value from settings where name = 'built_with'").fetchone()
    is_stale = built_with is None or built_with[0] != _fingerprint()
    kept = conventions(cursor)
    if is_stale and heard is not None:
        row = cursor.execute("select count(*) from charges").fetchone()
        if row and row[0]:
            heard(f"Another version of Decade was here: what pages ask is built anew from {row[0]:,} charges …")
    if is_stale:
        cursor.execute("drop table conventions")
        cursor.execute(in_folder("workspace")["conventions"].sql)
        today = date.today()
        _write(cursor, replace(kept, as_of=kept.as_of or today, reporting_currency=kept.reporting_currency or UNSTATED))
    if is_stale:
        _drop_tables_that_are_views(cursor)
        for name in ("account_ids", "discount_ends"):  # the views read them
            cursor.execute(in_folder("marts")[name].sql)
    for name in VIEWS:
        cursor.execute(in_folder("views")[name].sql)
    if is_stale:
        _build(cursor, wanted=[name for name in MARTS if name not in OF_CHECKS])
    for name in MACROS:
        cursor.execute(catalogue()[name].sql)
    for check in in_folder("checks").values():
        cursor.execute(check.sql)
    if is_stale:
        _build(cursor, wanted=OF_CHECKS)
        set_setting(cursor, "built_with", _fingerprint())


@functools.cache
def _fingerprint() -> str:
    folders = ("tables", "views", "marts", "checks", "workspace")
    texts = [each.sql for folder in folders for each in in_folder(folder).values()]
    texts.append(catalogue()["gaps_between"].sql)  # the checks ask it
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _drop_tables_that_are_views(cursor: duckdb.DuckDBPyConnection) -> None:
    """Earlier versions kept as tables what is a view today."""
    for name, drop in (
        ("periods", "drop table periods"),
        ("effective_charges", "drop table effective_charges"),
    ):
        if cursor.execute("select 1 from duckdb_tables() where table_name = $name", {"name": name}).fetchone():
            cursor.execute(drop)


def conventions(cursor: duckdb.DuckDBPyConnection) -> Conventions:
    """The conventions in force."""
    found = cursor.execute("select * from conventions")
    names = [column[0] for column in found.description or []]
    row = found.fetchone()
    if row is None:
        return Conventions()
    known = {field.name for field in fields(Conventions)}
    values: dict[str, Any] = {name: value for name, value in zip(names, row, strict=True) if name in known}
    return Conventions(**{**values, "big_logo_revenue": float(values["big_logo_revenue"])})


def rebuild(
    cursor: duckdb.DuckDBPyConnection,
    wanted: Conventions,
    *,
    today: date | None = None,
    progress: Progress | None = None,
    is_revenue_only: bool = False,
) -> None:
    """Marts under the wanted conventions; a missing `as_of` or currency is taken from settings, then the data.

    With `is_revenue_only`, those alone that movements and retention rates are made of.

    Raises Refused when `as_of` lies before the first charge.
    """
    settings = dict(cursor.execute("select name, value from settings").fetchall())
    latest, first = cursor.execute(
        in_folder("load")["latest_day"].sql, {"today": today or date.today()}
    ).fetchone() or (None, None)
    chosen = date.fromisoformat(settings["as_of"]) if "as_of" in settings else None
    as_of = wanted.as_of or chosen or latest or today or date.today()
    if first is not None and as_of < first:
        raise Refused(f"as_of {as_of} lies before the first charge ({first})", where="as_of", do="Give a later day.")
    _write(
        cursor, replace(wanted, as_of=as_of, reporting_currency=settings.get("reporting_currency") or _usual(cursor))
    )
    _build(cursor, progress, REVENUE if is_revenue_only else MARTS)


def rebuild_spend(cursor: duckdb.DuckDBPyConnection) -> None:
    """What is made of spend, after spend was typed by hand."""
    _build(cursor, wanted=OF_SPEND)


def latest_day(cursor: duckdb.DuckDBPyConnection, today: date | None = None) -> date | None:
    """The latest day on which anything is known to have happened; None without data."""
    row = cursor.execute(in_folder("load")["latest_day"].sql, {"today": today or date.today()}).fetchone()
    return row[0] if row else None


def outgrow_as_of(cursor: duckdb.DuckDBPyConnection, before: date | None, now: date | None) -> None:
    """Forget a chosen `as_of` that the data had not reached before, and goes past now."""
    row = cursor.execute("select value from settings where name = 'as_of'").fetchone()
    if row is None or before is None or now is None:
        return
    if before <= date.fromisoformat(str(row[0])) < now:
        set_setting(cursor, "as_of", None)


def set_setting(cursor: duckdb.DuckDBPyConnection, name: str, value: str | None) -> None:
    """Keep a decision, and what it decides; None forgets it."""
    cursor.execute("delete from settings where name = $name", {"name": name})
    if value is not None:
        cursor.execute("insert into settings values ($name, $value)", {"name": name, "value": value})
    _build(cursor, wanted=DECIDED.get(name, ()))


def next_revision(cursor: duckdb.DuckDBPyConnection) -> None:
    """Count a change of what is held."""
    row = cursor.execute("select value from settings where name = 'revision'").fetchone()
    set_setting(cursor, "revision", str(int(row[0] if row else 0) + 1))


def _usual(cursor: duckdb.DuckDBPyConnection) -> str:
    row = cursor.execute(in_folder("load")["currencies"].sql).fetchone()
    return UNSTATED if row is None or row[0] is None else str(row[0])


def _write(cursor: duckdb.DuckDBPyConnection, wanted: Conventions) -> None:
    cursor.execute("delete from conventions")
    cursor.execute(
        """
        insert into conventions values (
            $name, $as_of, $reporting_currency, $grace_days, $bridge_days, $churn_recognised,
            $reactivation_window_days, $reactivation_after_months, $past_due_counts, $zero_is_active, $discounts,
            $fx, $same_month_new_and_churn, $parents_roll_up, $big_logo_employees, $big_logo_revenue,
            $small_penetration
        )
        """,
        wanted.row(),
    )


def _build(cursor: duckdb.DuckDBPyConnection, progress: Progress | None = None, wanted: Sequence[str] = MARTS) -> None:
    for done, name in enumerate(wanted):
        if progress is not None:
            progress("building what pages ask", done, len(wanted))
        if name == "paid_channels":
            cursor.execute("delete from chosen_channels")
            cursor.execute(in_folder("load")["choose_channels"].sql)
        question = in_folder("views")[name] if name in OVER_MARTS else in_folder("marts")[name]
        cursor.execute(question.sql)
