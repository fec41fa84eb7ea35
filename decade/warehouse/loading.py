"""Typed files into canonical tables: what is new, changed or held already, and the account that adds up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from decade.conventions import UNSTATED
from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse.arriving import Arrival, arrive, name_among_held
from decade.warehouse.staged import FileAccount, Progress, Staged


def load(
    cursor: duckdb.DuckDBPyConnection, staged: Sequence[Staged], progress: Progress | None = None
) -> list[FileAccount]:
    """Load each file's rows; one account a file. `progress` hears of the rows.

    The caller's transaction makes it all or nothing.
    """
    row = cursor.execute("select coalesce(max(source_id), 0), coalesce(max(import_id), 0) from sources").fetchone()
    last_source, last_import = row if row else (0, 0)
    accounts, total, done = [], sum(each.rows_read for each in staged), 0
    for source_id, each in enumerate(staged, start=last_source + 1):
        if progress is not None:
            progress("loading rows", done, total)
        account = _load_one(cursor, each, source_id)
        done += each.rows_read
        _record(cursor, account, last_import + 1)
        accounts.append(account)
    return accounts


def totals(cursor: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """What the workspace holds and what it is worth, by name; money in the reporting currency."""
    found = cursor.execute(in_folder("load")["totals"].sql)
    names = [column[0] for column in found.description or []]
    row = found.fetchone() or ()
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in zip(names, row, strict=True)}


def add_rates(cursor: duckdb.DuckDBPyConnection, rates: Mapping[str, float]) -> None:
    """Rates typed by hand: one rate for all months, replacing an earlier one."""
    for currency, rate in rates.items():
        cursor.execute(
            "delete from fx_rates where currency = $currency and month is null", {"currency": currency.upper()}
        )
        cursor.execute(
            "insert into fx_rates (currency, rate, source_id, source_row) values ($currency, $rate, 0, 0)",
            {"currency": currency.upper(), "rate": rate},
        )


def refuse_missing_rates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Raise Refused when a used currency has no rate, with the money in it."""
    rows_of = cursor.execute(in_folder("load")["currencies"].sql).fetchall()
    lacking = list(dict.fromkeys(currency or UNSTATED for currency, _, _, _, rate in rows_of if rate is None))
    if lacking:
        missing = [
            f"{_named(currency)} ({amount:,.2f} in {rows:,} rows of {column})"
            for currency, column, rows, amount, rate in rows_of
            if rate is None
        ]
        row = cursor.execute("select reporting_currency from conventions").fetchone()
        raise _no_rates(str(row[0]) if row else "the reporting currency", lacking, "; ".join(missing))


def _named(currency: str | None) -> str:
    return "money without a stated currency" if currency in (None, UNSTATED) else str(currency)


def _no_rates(reporting: str, lacking: Sequence[str], missing: str) -> Refused:
    """What is true and what to do; where most money is of no stated currency, there is nothing to give a rate to."""
    rates = [f"{each}={1 if each == UNSTATED else 1.08}" for each in lacking]
    if reporting == UNSTATED:
        told = f"other files state no currency, so there is no rate to it for {missing}"
        rates = [f"{UNSTATED}=1", *rates[1:]]
        do = f"Say which it is: reporting currency {lacking[0]} with the rate {UNSTATED}=1 if it is the same."
        chosen = f"--currency {lacking[0]} "
    else:
        told, chosen = f"no rate to {reporting} for {missing}", ""
        do = f"Add a rates file (currency, month, rate) or give one rate, as in {rates[0]}."
    options = " ".join(f"--rate {each}" for each in rates)
    return Refused(told, where="exchange rates", do=do, options=chosen + options)


def raw_paths(cursor: duckdb.DuckDBPyConnection, folder: Path, source_name: str) -> list[tuple[Path, list[str]]]:
    """Raw text files of a kind imported earlier into a folder, oldest first, with their headers."""
    rows = cursor.execute(
        "select raw_path, account from sources where source_name = $name order by source_id", {"name": source_name}
    ).fetchall()
    return [(folder / name, json.loads(account)["header"]) for name, account in rows if (folder / name).exists()]


def _load_one(cursor: duckdb.DuckDBPyConnection, staged: Staged, source_id: int) -> FileAccount:
    if staged.typed_path is None:
        return FileAccount(staged, source_id, 0, 0, 0, staged.money)
    path = staged.typed_path
    staged = replace(staged, source_name=name_among_held(cursor, path, staged.table_name, staged.source_name))
    found = arrive(cursor, Arrival(path, staged.table_name, source_id, staged.source_name, staged.money_columns))
    money = tuple(
        replace(line, duplicate=found.money_twice.get((line.column, line.currency), Decimal(0)))
        for line in staged.money
    )
    return FileAccount(
        staged, source_id, found.taken, found.changed, found.duplicate, money, found.vanished, found.changes
    )


def _record(cursor: duckdb.DuckDBPyConnection, account: FileAccount, import_id: int) -> None:
    staged = account.staged
    told = {
        "header": list(staged.header),
        "mapping": staged.mapping,
        "left_out": staged.left_out,
        "money": [line.row() for line in account.money],
        "money_columns": list(staged.money_columns),
        "typed": staged.typed_path.name if staged.typed_path else "",
        "added": account.rows_added,
        "changed": account.rows_changed,
        "vanished": account.rows_vanished,
    }
    cursor.execute(
        """
        insert into sources values (
            $source_id, $import_id, $file_name, $sheet, $source_name, $table_name, $digest, $raw_path,
            now()::timestamp, $read, $taken, $refused, $duplicate, $left_out, $account
        )
        """,
        {
            "source_id": account.source_id,
            "import_id": import_id,
            "file_name": staged.file_name,
            "sheet": staged.sheet,
            "source_name": staged.source_name,
            "table_name": staged.table_name,
            "digest": staged.digest,
            "raw_path": staged.raw_path.name,
            "read": staged.rows_read,
            "taken": account.rows_taken,
            "refused": staged.rows_refused,
            "duplicate": account.rows_duplicate,
            "left_out": staged.rows_left_out,
            "account": json.dumps(told),
        },
    )
    if staged.refusals:
        cursor.executemany(
            "insert into refusals values (?, ?, ?, ?, ?, ?)",
            [[account.source_id, r.line, r.column, r.value, r.reason, r.raw] for r in staged.refusals],
        )
