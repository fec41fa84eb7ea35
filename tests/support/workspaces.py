"""Canonical rows into a workspace the way the importer does it: typed Parquet, `Staged`, `Workspace.load`."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from decade.conventions import Conventions
from decade.warehouse import FileAccount, MoneyLine, Staged, Workspace

ACME = Path(__file__).resolve().parent.parent / "acme"
OWN = ("source_id", "source_row", "row_key", "content_hash")
ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
}
_types: dict[str, dict[str, pa.DataType]] = {}


def charge(
    account_id: str, starts_on: str | date, ends_on: str | date | None, amount: object, **others: object
) -> dict[str, object]:
    """A monthly charge in USD, unless `others` say something else."""
    row: dict[str, object] = {
        "account_id": account_id,
        "starts_on": as_date(starts_on),
        "ends_on": as_date(ends_on),
        "amount": Decimal(str(amount)),
        "interval_unit": "month",
        "interval_count": 1,
        "currency": "USD",
        "is_recurring": True,
    }
    dated = {name: as_date(value) if name.endswith("_on") else value for name, value in others.items()}
    return {**row, **dated}


def as_date(value: object) -> date | None:
    """A date from ISO text; dates and None stay."""
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def stage(
    workspace: Workspace,
    table_name: str,
    rows: Sequence[Mapping[str, object]],
    *,
    file_name: str = "",
    source_name: str = "test",
    left_out: int = 0,
) -> Staged:
    """Rows as one typed file of a canonical table. `natural_key` may stand among a row's values."""
    types = column_types(workspace, table_name)
    unknown = {name for row in rows for name in row} - types.keys() - {"natural_key"}
    if unknown:
        raise KeyError(f"{table_name} has no column {', '.join(sorted(unknown))}")
    columns = {name: pa.array([_fitted(row.get(name), kind) for row in rows], kind) for name, kind in types.items()}
    texts = [repr([row.get(name) for name in types]) for row in rows]
    money = "amount" in types
    columns |= {
        "source_row": pa.array(range(2, len(rows) + 2), pa.int64()),
        "natural_key": pa.array([row.get("natural_key") for row in rows], pa.string()),
        "content_hash": pa.array([_fingerprint(text) for text in texts], pa.uint64()),
    }
    if money:
        columns["money_0"] = columns["amount"]
        columns["money_currency"] = columns["currency"]
    name = file_name or f"{table_name}.csv"
    digest = hashlib.sha256("\n".join([name, *texts]).encode()).hexdigest()
    typed = workspace.imports / f"{digest[:16]}-0.{table_name}.parquet"
    pq.write_table(pa.table(columns), typed)
    return Staged(
        file_name=name,
        sheet="",
        source_name=source_name,
        table_name=table_name,
        digest=digest,
        raw_path=workspace.imports / f"{digest[:16]}-0.raw.parquet",
        typed_path=typed,
        rows_read=len(rows) + left_out,
        rows_refused=0,
        rows_left_out=left_out,
        left_out={"total": left_out} if left_out else {},
        money_columns=("amount",) if money else (),
        money=tuple(_money(rows)) if money else (),
        header=tuple(types),
    )


def fill(
    workspace: Workspace,
    *,
    as_of: str | date | None = None,
    rates: Mapping[str, float] | None = None,
    today: date | None = None,
    **tables: Sequence[Mapping[str, object]],
) -> list[FileAccount]:
    """Load rows into tables named by keyword, in one transaction."""
    staged = [stage(workspace, name, rows) for name, rows in tables.items()]
    return workspace.load(staged, as_of=as_date(as_of), rates=rates, today=today)


def empty(workspace: Workspace) -> Workspace:
    """The same workspace as on its first day: much quicker than opening another."""
    cursor = workspace.cursor()
    names = [
        row[0]
        for row in cursor.execute(
            "select distinct table_name from information_schema.columns where column_name = 'content_hash'"
        ).fetchall()
    ]
    told = ("account_links", "product_links", "kept_apart", "named_big_logos", "stakeholders_by_hand")
    for name in (*names, "sources", "refusals", "settings", *told):
        cursor.table(name)  # fails loudly when a table is renamed
        cursor.execute(f"delete from {name}")
    fresh = {field.name: field.default for field in fields(Conventions) if field.name != "reporting_currency"}
    for name, value in fresh.items():
        cursor.execute(f"update conventions set {name} = $value", {"value": value})
    for path in workspace.imports.glob("*.parquet"):
        path.unlink()
    return workspace


def column_types(workspace: Workspace, table_name: str) -> dict[str, pa.DataType]:
    """The canonical columns of a table, without those that every row carries, as Arrow types."""
    if table_name not in _types:
        described = workspace.cursor().execute(f"describe {table_name}").fetchall()
        _types[table_name] = {name: ARROW[kind] for name, kind, *_ in described if name not in OWN}
    return _types[table_name]


def read_rows(workspace: Workspace, table_name: str, path: Path) -> list[dict[str, object]]:
    """Rows of a CSV whose headers are canonical columns; an empty cell is missing."""
    types = column_types(workspace, table_name)
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {name: _read(value, types[name]) for name, value in row.items() if name and value != ""}
            for row in csv.DictReader(lines)
        ]


def load_acme(workspace: Workspace) -> Workspace:
    """The twelve accounts of `tests/acme`, at the end of March 2025, in dollars."""
    fill(
        workspace,
        as_of="2025-03-31",
        **{
            name: read_rows(workspace, name, ACME / f"{name}.csv")
            for name in ("accounts", "charges", "deals", "fx_rates", "spend", "costs")
        },
    )
    return workspace


def _read(value: str, kind: pa.DataType) -> object:
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    if pa.types.is_decimal(kind):
        return Decimal(value)
    if pa.types.is_integer(kind):
        return int(value)
    if pa.types.is_floating(kind):
        return float(value)
    return value == "true" if pa.types.is_boolean(kind) else value


def _fitted(value: object, kind: pa.DataType) -> object:
    if value is not None and pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-kind.scale))
    return value


def _fingerprint(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _money(rows: Iterable[Mapping[str, object]]) -> Iterable[MoneyLine]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        currency = str(row.get("currency") or "")
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(str(row.get("amount") or 0))
    return [MoneyLine("amount", currency, read) for currency, read in sums.items()]
