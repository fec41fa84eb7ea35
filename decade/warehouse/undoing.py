"""Undoing an import: the workspace as if its files had never come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse.arriving import Arrival, Outcome, arrive
from decade.warehouse.opening import typed_name

Source = dict[str, Any]


def undo(cursor: duckdb.DuckDBPyConnection, import_id: int, imports: Path) -> None:
    """Take an import's files out again, in the caller's transaction. Raises Refused when there is no such import.

    Where its rows replaced others, or later files brought the same rows, the tables are filled again from the
    typed files of the imports that stay, in their order: then each row is what it would have been without it.
    """
    sources = _sources(cursor)
    mine = [each for each in sources if each["import_id"] == import_id]
    if not mine:
        raise Refused(f"there is no import {import_id}", where="undo", do="The list of imports has their numbers.")
    tables = {each["table_name"] for each in mine} - {""}
    entangled = sorted(name for name in tables if _is_entangled(name, sources, mine))
    stay = [each for each in sources if each["table_name"] in entangled and each["import_id"] != import_id]
    for each in stay:
        if not (imports / each["typed"]).exists():
            raise Refused(
                f"the rows of {each['file_name']} are not kept, and would be lost",
                where=f"undo of import {import_id}",
                do="Import that file again first.",
            )
    _remember(cursor, [(name, 0) for name in entangled])
    cursor.execute(in_folder("load")["empty"].sql)
    _remember(cursor, [(each["table_name"], each["source_id"]) for each in mine])
    cursor.execute(in_folder("load")["remove"].sql)
    cursor.execute("delete from sources where import_id = $import_id", {"import_id": import_id})
    cursor.execute("delete from refusals where source_id in (select source_id from undone)")
    for each in stay:
        told = each["told"]
        found = arrive(
            cursor,
            Arrival(
                imports / each["typed"],
                each["table_name"],
                each["source_id"],
                each["source_name"],
                tuple(told.get("money_columns", ())),
            ),
        )
        _recount(cursor, each, found)


def _sources(cursor: duckdb.DuckDBPyConnection) -> list[Source]:
    rows = cursor.execute(
        "select source_id, import_id, file_name, source_name, table_name, raw_path, rows_duplicate, account "
        "from sources order by source_id"
    )
    names = [column[0] for column in rows.description or []]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    for each in found:
        each["typed"] = typed_name(each["raw_path"], each["table_name"], each["account"])
        each["told"] = json.loads(each["account"])
    return found


def _is_entangled(table_name: str, sources: Sequence[Source], mine: Sequence[Source]) -> bool:
    """True when an import replaced rows of others, or later files held rows that it had brought."""
    replaced = any(each["told"].get("changed", 1) for each in mine if each["table_name"] == table_name)
    last = max(each["source_id"] for each in mine)
    later = [each for each in sources if each["source_id"] > last and each["table_name"] == table_name]
    return replaced or any(each["rows_duplicate"] or each["told"].get("changed", 1) for each in later)


def _remember(cursor: duckdb.DuckDBPyConnection, undone: Sequence[tuple[str, int]]) -> None:
    cursor.execute("create or replace temp table undone (table_name varchar, source_id integer)")
    for table_name, source_id in undone:
        cursor.execute("insert into undone values ($name, $number)", {"name": table_name, "number": source_id})


def _recount(cursor: duckdb.DuckDBPyConnection, source: Source, found: Outcome) -> None:
    told = {
        **source["told"],
        "added": found.taken - found.changed,
        "changed": found.changed,
        "vanished": found.vanished,
    }
    cursor.execute(
        "update sources set rows_taken = $taken, rows_duplicate = $duplicate, account = $account "
        "where source_id = $source_id",
        {
            "taken": found.taken,
            "duplicate": found.duplicate,
            "account": json.dumps(told),
            "source_id": source["source_id"],
        },
    )
