"""Typed files into canonical tables: what is new, changed or held already, and the account that adds up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse.staged import FileAccount, MoneyLine, Staged


def load(cursor: duckdb.DuckDBPyConnection, staged: Sequence[Staged]) -> list[FileAccount]:
    """Load each file's rows; one account a file. The caller's transaction makes it all or nothing."""
    row = cursor.execute("select coalesce(max(source_id), 0), coalesce(max(import_id), 0) from sources").fetchone()
    last_source, last_import = row if row else (0, 0)
    accounts = []
    for source_id, each in enumerate(staged, start=last_source + 1):
        account = _load_one(cursor, each, source_id)
        _record(cursor, account, last_import + 1)
        accounts.append(account)
    return accounts


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
    lacking = [currency or "XXX" for currency, _, _, _, rate in rows_of if rate is None]
    missing = [
        f"{currency or 'a missing currency'} ({amount:,.2f} in {rows:,} rows of {column})"
        for currency, column, rows, amount, rate in rows_of
        if rate is None
    ]
    if missing:
        row = cursor.execute("select reporting_currency from conventions").fetchone()
        raise Refused(
            f"no rate to {row[0] if row else 'the reporting currency'} for {'; '.join(missing)}",
            where="exchange rates",
            do=f"Add a rates file (currency, month, rate) or give one rate, as in --rate {lacking[0]}=1.08.",
        )


def raw_paths(cursor: duckdb.DuckDBPyConnection, folder: Path, source_name: str) -> list[tuple[Path, list[str]]]:
    """Raw text files of a kind imported earlier into a folder, oldest first, with their headers."""
    rows = cursor.execute(
        "select raw_path, account from sources where source_name = $name order by source_id", {"name": source_name}
    ).fetchall()
    return [(folder / name, json.loads(account)["header"]) for name, account in rows if (folder / name).exists()]


def _load_one(cursor: duckdb.DuckDBPyConnection, staged: Staged, source_id: int) -> FileAccount:
    if staged.typed_path is None:
        return FileAccount(staged, source_id, 0, 0, 0, staged.money)
    load = in_folder("load")
    cursor.execute(
        load["incoming"].sql,
        {
            "path": str(staged.typed_path),
            "source_id": source_id,
            "source_name": staged.source_name,
            "table_name": staged.table_name,
        },
    )
    outcomes = dict(cursor.execute(load["outcome"].sql).fetchall())
    money = _with_duplicates(cursor, staged)
    if outcomes.get("changed"):
        cursor.execute(
            "create or replace temp table stale as "
            "select $table_name as table_name, row_key from incoming where outcome = 'changed'",
            {"table_name": staged.table_name},
        )
        cursor.execute(load["forget"].sql)
    columns = [column.name for column in in_folder("tables")[staged.table_name].columns]
    fresh = cursor.sql("select * from incoming where outcome <> 'duplicate' order by source_row")
    fresh.select(*[duckdb.ColumnExpression(name) for name in columns]).insert_into(staged.table_name)
    taken = outcomes.get("new", 0) + outcomes.get("changed", 0)
    return FileAccount(staged, source_id, taken, outcomes.get("changed", 0), outcomes.get("duplicate", 0), money)


def _with_duplicates(cursor: duckdb.DuckDBPyConnection, staged: Staged) -> tuple[MoneyLine, ...]:
    if not staged.money_columns:
        return staged.money
    rows = cursor.execute(
        "select money_currency, sum(columns('^money_[0-9]+$')) from incoming "
        "where outcome = 'duplicate' group by money_currency"
    ).fetchall()
    twice = {
        (name, currency or ""): Decimal(amount or 0)
        for currency, *amounts in rows
        for name, amount in zip(staged.money_columns, amounts, strict=True)
    }
    return tuple(replace(line, duplicate=twice.get((line.column, line.currency), Decimal(0))) for line in staged.money)


def _record(cursor: duckdb.DuckDBPyConnection, account: FileAccount, import_id: int) -> None:
    staged = account.staged
    told = {
        "header": list(staged.header),
        "mapping": staged.mapping,
        "left_out": staged.left_out,
        "money": [line.row() for line in account.money],
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
