"""One typed file into its table: which rows are new, changed or held already, and which an earlier export had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import duckdb

from decade.queries import in_folder
from decade.warehouse.staged import Change

# Tables of nobody's make: their ids are told apart by what they name, not by who wrote them.
OF_NO_VENDOR = ("mapping", "charges", "subscription_periods")
_WITH_OWN_IDS = ("charges", "deals")
MOST_CHANGES = 10_000  # that are kept by name; all are counted
# The day that a row speaks about: a newer export answers for the days that it spans, and for no others.
DAYS: Mapping[str, str] = MappingProxyType(
    {
        "charges": "starts_on",
        "deals": "created_on",
        "activities": "occurred_on",
        "leads": "created_on",
        "surveys": "answered_on",
        "spend": "month",
        "costs": "month",
        "usage": "month",
        "fx_rates": "month",
    }
)


@dataclass(frozen=True)
class Arrival:
    """A typed file that is about to go into its table."""

    path: Path
    table_name: str
    source_id: int
    source_name: str
    money_columns: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of a typed file: `taken` are new or changed; `vanished` an earlier export had."""

    taken: int
    changed: int
    duplicate: int
    vanished: int
    money_twice: Mapping[tuple[str, str], Decimal]  # column, currency → money in duplicates
    changes: tuple[Change, ...]


def name_among_held(cursor: duckdb.DuckDBPyConnection, path: Path, table_name: str, source_name: str) -> str:
    """The source's name under which a file's rows are known: that of the table held already whose ids name the same
    accounts, whatever columns it was exported with; a new one where the same ids name others."""
    if source_name not in OF_NO_VENDOR or table_name not in _WITH_OWN_IDS:
        return source_name
    asked = in_folder("load")["same_table"].sql
    found = cursor.execute(asked, {"path": str(path), "table_name": table_name}).fetchall()
    held = {name: (alike, rows) for name, rows, alike in found if name.split(" (")[0] in OF_NO_VENDOR}
    same = [(alike, name) for name, (alike, rows) in held.items() if 2 * alike >= rows]
    if same:
        return str(max(same, key=lambda each: (each[0], each[1] == source_name))[1])
    number, name = 1, source_name
    while name in held:
        number += 1
        name = f"{source_name} ({number})"
    return name


def arrive(cursor: duckdb.DuckDBPyConnection, arrival: Arrival) -> Outcome:
    """Put a file's rows into its table, in the caller's transaction."""
    load = in_folder("load")
    path = {"path": str(arrival.path)}
    cursor.execute(load["repeats"].sql, path)
    is_first = not cursor.table(arrival.table_name).limit(1).fetchall()
    if is_first:
        cursor.execute(load["first"].sql, {**path, "source_name": arrival.source_name})
    else:
        named = {"source_name": arrival.source_name, "table_name": arrival.table_name}
        cursor.execute(load["incoming"].sql, {**path, **named})
    counts = dict(cursor.execute(load["outcome"].sql).fetchall())
    twice = _money_twice(cursor, arrival) if counts.get("duplicate") and arrival.money_columns else {}
    changes = [] if is_first else _vanished(cursor, arrival)
    vanished = len(changes)
    if counts.get("changed"):
        cursor.execute(
            "create or replace temp table stale as "
            "select $table_name as table_name, row_key from incoming where outcome = 'changed'",
            {"table_name": arrival.table_name},
        )
        cursor.execute(load["forget"].sql)
        rows = cursor.execute(
            "select source_row, row_key from incoming where outcome = 'changed' order by row_at limit $most",
            {"most": MOST_CHANGES},
        ).fetchall()
        changes = [*(Change("changed", line, _own_key(key)) for line, key in rows), *changes]
    taken = _insert(cursor, arrival)
    return Outcome(
        taken, counts.get("changed", 0), counts.get("duplicate", 0), vanished, twice, tuple(changes[:MOST_CHANGES])
    )


def _insert(cursor: duckdb.DuckDBPyConnection, arrival: Arrival) -> int:
    cursor.execute("set variable typed_path = $path", {"path": str(arrival.path)})
    cursor.execute("set variable source_id = $number", {"number": arrival.source_id})
    cursor.execute("set variable source_name = $name", {"name": arrival.source_name})
    rows = cursor.sql(in_folder("load")["arriving"].sql)
    columns = [column.name for column in in_folder("tables")[arrival.table_name].columns]
    rows.select(*[duckdb.ColumnExpression(name) for name in columns]).insert_into(arrival.table_name)
    count = (
        cursor.table(arrival.table_name)
        .filter(duckdb.ColumnExpression("source_id") == duckdb.ConstantExpression(arrival.source_id))
        .aggregate("count(*)")
        .fetchall()
    )
    return int(count[0][0])


def _money_twice(cursor: duckdb.DuckDBPyConnection, arrival: Arrival) -> dict[tuple[str, str], Decimal]:
    rows = cursor.execute(in_folder("load")["held_twice"].sql, {"path": str(arrival.path)}).fetchall()
    return {
        (name, currency or ""): Decimal(amount or 0)
        for currency, *amounts in rows
        for name, amount in zip(arrival.money_columns, amounts, strict=True)
    }


def _vanished(cursor: duckdb.DuckDBPyConnection, arrival: Arrival) -> list[Change]:
    """Rows of earlier exports of this kind, within the days of this file, that it does not have any more."""
    overlap = cursor.execute("select count(*) from incoming where is_held").fetchone()
    if not overlap or not overlap[0]:
        return []
    day = DAYS.get(arrival.table_name)
    column, constant = duckdb.ColumnExpression, duckdb.ConstantExpression
    earlier = cursor.execute(
        "select source_id from sources where source_name = $source_name and table_name = $table_name",
        {"source_name": arrival.source_name, "table_name": arrival.table_name},
    ).fetchall()
    if not earlier:
        return []
    held = cursor.table(arrival.table_name).filter(column("source_id").isin(*(constant(row[0]) for row in earlier)))
    if day is not None:
        span = cursor.read_parquet(str(arrival.path)).aggregate(
            [duckdb.FunctionExpression(name, column(day)).alias(name) for name in ("min", "max")]
        )
        first, last = span.fetchall()[0]
        if first is None:
            return []
        held = held.filter(column(day).between(constant(first), constant(last)))
    here = cursor.sql("select row_key from incoming where is_held")
    gone = held.select(column("source_row"), column("row_key")).set_alias("held")
    gone = gone.join(here.set_alias("here"), "row_key", how="anti").order("row_key")
    return [Change("vanished", line, _own_key(key)) for line, key in gone.fetchall()]


def _own_key(row_key: str) -> str:
    """The row's own id, without the name of its source and without the number of its version."""
    return row_key.partition(":")[2].rpartition("#")[0]
