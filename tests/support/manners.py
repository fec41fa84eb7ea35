"""Ways in which one table is written: encoding, delimiter, and how a locale writes numbers and days."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl


@dataclass(frozen=True)
class Grouped:
    """A whole number that a locale groups by thousands."""

    value: int


@dataclass(frozen=True)
class Moment:
    """A day with a time."""

    day: date


Cell = str | int | bool | Decimal | date | Grouped | Moment | None


@dataclass(frozen=True)
class Table:
    """One file's cells, typed; `above` and `below` are lines that are no data."""

    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Manner:
    """How a file is written; `language` is that of the names in it."""

    name: str
    language: str
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    day: str = "%Y-%m-%d"
    negative: str = "-{}"
    money: str = "{}"
    mark: bytes = field(default=b"", repr=False)

    def write(self, table: Table, path: Path) -> None:
        """The table at a path."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n")
        for row in (*table.above, table.header, *table.rows, *table.below):
            writer.writerow([self.text(cell) for cell in row])
        path.write_bytes(self.mark + out.getvalue().encode(self.encoding))

    def text(self, cell: Cell) -> str:
        """A cell as this manner writes it."""
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell, Moment):
            return f"{cell.day.strftime(self.day)} 09:12"
        if isinstance(cell, date):
            return cell.strftime(self.day)
        if isinstance(cell, Grouped):
            return self._grouped(f"{cell.value:,}")
        if isinstance(cell, Decimal):
            plain = self.money.format(self._grouped(f"{abs(cell):,.2f}"))
            return self.negative.format(plain) if cell < 0 else plain
        return str(cell)

    def _grouped(self, plain: str) -> str:
        return plain.translate({ord(","): self.thousands, ord("."): self.decimal})


class Workbook(Manner):
    """The same cells with types, as a spreadsheet holds them."""

    def write(self, table: Table, path: Path) -> None:
        """The table as a workbook at the path."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (*table.above, table.header, *table.rows, *table.below):
            sheet.append([_native(cell) for cell in row])
        book.save(path.with_suffix(".xlsx"))
        path.unlink(missing_ok=True)


def _native(cell: Cell) -> object:
    if isinstance(cell, Moment):
        return datetime.combine(cell.day, time(9, 12))
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.value if isinstance(cell, Grouped) else cell


MANNERS: Sequence[Manner] = (
    Manner("plain", "en"),
    Manner("German UTF-8 with a mark", "de", "utf-8-sig", ";", ",", ".", "%d.%m.%Y", money="{} €"),
    Manner("French UTF-16 with tabs", "fr", "utf-16", "\t", ",", "\u202f", "%d/%m/%Y"),
    Manner("American UTF-16 without a mark", "es", "utf-16-le", "\t", ".", ",", "%m/%d/%Y", "({})", "${}"),
    Manner("Polish Windows-1250", "pl", "cp1250", ";", ",", "\xa0", "%d.%m.%Y"),
    Manner("Russian Windows-1251", "ru", "cp1251", ";", ",", " ", "%d.%m.%Y"),
    Manner("Swiss Windows-1252", "de", "cp1252", ";", ".", "’", "%d.%m.%Y", "{}-"),
    Manner("Spanish Latin-1", "es", "latin-1", ";", ",", ".", "%d/%m/%y"),
    Manner("American Latin-1", "fr", "latin-1", ",", ".", ",", "%m/%d/%Y", "({})"),
    Manner("British, day first, quoted commas", "en", "utf-8", ",", ".", ",", "%d/%m/%Y"),
    Workbook("a workbook", "pl"),
)
