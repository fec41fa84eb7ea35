"""The canonical tables that an import ends in, read from the headers of `queries/tables`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

TABLES = Path(__file__).resolve().parents[2] / "queries" / "tables"
HELD_BY_THE_WAREHOUSE = frozenset({"source_id", "source_row", "row_key", "content_hash"})

# Without these a row says nothing; a row that lacks one is refused.
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounts": ("account_id",),
        "charges": ("account_id", "starts_on", "amount"),
        "deals": ("deal_id",),
        "contacts": ("account_id",),
        "activities": ("account_id", "occurred_on"),
        "leads": ("lead_id",),
        "spend": ("month", "amount"),
        "costs": ("month", "amount"),
        "surveys": ("account_id", "score", "answered_on"),
        "usage": ("account_id", "month"),
        "fx_rates": ("currency", "rate"),
        "products": ("product",),
    }
)
# What makes a row the same row in another export; a table without a key is told apart by content.
NATURAL_KEY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounts": ("account_id",),
        "charges": ("charge_id",),
        "deals": ("deal_id",),
        "contacts": ("contact_id",),
        "activities": ("activity_id",),
        "leads": ("lead_id",),
        "usage": ("account_id", "month"),
        "fx_rates": ("currency", "month"),
        "products": ("product",),
    }
)


@dataclass(frozen=True)
class CanonicalColumn:
    """One column of a canonical table: its unit and meaning as the header of its SQL file gives them."""

    name: str
    unit: str
    meaning: str
    type: pa.DataType
    is_required: bool

    @property
    def asked_for(self) -> str:
        """What a column of a file has to hold to be this one, in a sentence."""
        if self.unit in ("money", "rate"):
            return f"the {self.name}, {self.meaning}"
        return self.meaning if self.meaning.startswith("the ") else f"the {self.meaning}"


@dataclass(frozen=True)
class CanonicalTable:
    """One canonical table and the columns that an import may fill."""

    name: str
    grain: str
    columns: tuple[CanonicalColumn, ...]

    def column(self, name: str) -> CanonicalColumn:
        """The column of that name. Raises KeyError."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(each.name for each in self.columns)

    @property
    def money(self) -> tuple[str, ...]:
        """The columns that hold money."""
        return tuple(each.name for each in self.columns if each.unit == "money")


@lru_cache(maxsize=1)
def canonical_tables() -> Mapping[str, CanonicalTable]:
    """Every canonical table by name."""
    tables = (_read(path) for path in sorted(TABLES.glob("*.sql")))
    return MappingProxyType({table.name: table for table in tables})


def _read(path: Path) -> CanonicalTable:
    text = path.read_text(encoding="utf-8")
    grain = re.search(r"^-- grain: (.+)$", text, re.MULTILINE)
    described = re.findall(r"^-- column (\w+) \| (\w+) \| (.+)$", text, re.MULTILINE)
    body = text[text.index("create table") :]
    types = dict(
        re.findall(r'"?(\w+)"? +(varchar|date|boolean|integer|bigint|ubigint|double|decimal\(\d+, ?\d+\))', body)
    )
    columns = tuple(
        CanonicalColumn(name, unit, meaning, _arrow(types[name]), name in REQUIRED.get(path.stem, ()))
        for name, unit, meaning in described
        if name not in HELD_BY_THE_WAREHOUSE
    )
    return CanonicalTable(path.stem, grain.group(1) if grain else "", columns)


def _arrow(sql_type: str) -> pa.DataType:
    decimal = re.match(r"decimal\((\d+), ?(\d+)\)", sql_type)
    if decimal:
        return pa.decimal128(int(decimal.group(1)), int(decimal.group(2)))
    return {
        "varchar": pa.string(),
        "date": pa.date32(),
        "boolean": pa.bool_(),
        "integer": pa.int32(),
        "bigint": pa.int64(),
        "double": pa.float64(),
    }[sql_type]
