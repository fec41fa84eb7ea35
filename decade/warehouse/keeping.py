"""What a person saves under a name: mappings by shape of file, scenarios by name."""

from __future__ import annotations

import duckdb

SAVED = {
    "mappings": "select shape, mapping from mappings order by shape",
    "scenarios": "select name, inputs from scenarios order by saved_at, name",
    "notes": "select note_id, to_json({account_id: account_id, month: month, words: words}) from notes "
    "order by month, saved_at, note_id",
}
FORGET = {
    "mappings": "delete from mappings where shape = $name",
    "scenarios": "delete from scenarios where name = $name",
    "notes": "delete from notes where note_id = $name",
}
SAVE = {
    "mappings": "insert into mappings values ($name, $value, now()::timestamp)",
    "scenarios": "insert into scenarios values ($name, $value, now()::timestamp)",
    "notes": "insert into notes select $name, $value::json->>'account_id', ($value::json->>'month')::date, "
    "$value::json->>'words', now()::timestamp",
}


def saved(cursor: duckdb.DuckDBPyConnection, kind: str) -> dict[str, str]:
    """Everything saved of a kind, as JSON texts by name."""
    return dict(cursor.execute(SAVED[kind]).fetchall())


def save(cursor: duckdb.DuckDBPyConnection, kind: str, name: str, value: str | None) -> None:
    """Save a text under a name, in the caller's transaction; None deletes it."""
    cursor.execute(FORGET[kind], {"name": name})
    if value is not None:
        cursor.execute(SAVE[kind], {"name": name, "value": value})
