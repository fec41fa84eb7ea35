"""What crosses from ingest to the warehouse, and what comes back: files, refusals and the account that adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path

Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: its line in the file, the column and value at fault, why, and the raw text."""

    line: int
    column: str
    value: str
    reason: str
    raw: str


@dataclass(frozen=True)
class Change:
    """A row that a newer export changed, or no longer has: its line (where it vanished, the earlier file's) and id."""

    what: str  # changed or vanished
    line: int
    row: str


@dataclass(frozen=True)
class MoneyLine:
    """Money of one column and currency, as the file wrote it: read = taken + refused + duplicate + left out."""

    column: str
    currency: str
    read: Decimal
    refused: Decimal = Decimal(0)
    left_out: Decimal = Decimal(0)
    duplicate: Decimal = Decimal(0)

    @property
    def taken(self) -> Decimal:
        """What went into the workspace."""
        return self.read - self.refused - self.left_out - self.duplicate

    def row(self) -> dict[str, str]:
        """The line as texts, exact to the last digit."""
        return {
            "column": self.column,
            "currency": self.currency,
            "read": f"{self.read:f}",
            "taken": f"{self.taken:f}",
            "refused": f"{self.refused:f}",
            "duplicate": f"{self.duplicate:f}",
            "left_out": f"{self.left_out:f}",
        }


@dataclass(frozen=True)
class Twin:
    """What a person said of an id that nothing knows, and of the known one that it may mean."""

    kind: str  # account or product
    alias: str
    twin: str
    is_same: bool


@dataclass(frozen=True)
class Staged:
    """One file or sheet, read and typed, ready to load.

    `typed_path` is a Parquet file with the canonical columns of `table_name`, and beside them: source_row
    (line in the file), natural_key (the row's own id, or null), content_hash (uint64, of all canonical values),
    money_0, money_1, ... (the values of `money_columns` as the file wrote them) and money_currency.
    """

    file_name: str
    sheet: str
    source_name: str
    table_name: str
    digest: str
    raw_path: Path
    typed_path: Path | None
    rows_read: int
    rows_refused: int
    rows_left_out: int
    left_out: dict[str, int] = field(default_factory=dict)
    money_columns: tuple[str, ...] = ()
    money: tuple[MoneyLine, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    header: tuple[str, ...] = ()
    mapping: dict[str, object] = field(default_factory=dict)
    shape: str = ""


@dataclass(frozen=True)
class FileAccount:
    """What became of one file: rows read = taken + refused + duplicate + left out; money likewise."""

    staged: Staged
    source_id: int
    rows_taken: int
    rows_changed: int
    rows_duplicate: int
    money: tuple[MoneyLine, ...]
    rows_vanished: int = 0  # held from earlier exports of the kind, and no longer in this one; they are kept
    changes: tuple[Change, ...] = ()

    @property
    def rows_added(self) -> int:
        """Rows taken that nothing held before."""
        return self.rows_taken - self.rows_changed

    def __post_init__(self) -> None:
        accounted = self.rows_taken + self.staged.rows_refused + self.rows_duplicate + self.staged.rows_left_out
        if accounted != self.staged.rows_read:
            raise AssertionError(
                f"{self.staged.file_name}: {accounted} rows accounted for, {self.staged.rows_read} read"
            )

    def row(self) -> dict[str, object]:
        """The account as plain values: rows, reasons, money as exact texts, the refused rows."""
        staged = self.staged
        return {
            "file": f"{staged.file_name} [{staged.sheet}]" if staged.sheet else staged.file_name,
            "recognised": staged.source_name,
            "into": staged.table_name or "-",
            "read": staged.rows_read,
            "taken": self.rows_taken,
            "added": self.rows_added,
            "changed": self.rows_changed,
            "vanished": self.rows_vanished,
            "refused": staged.rows_refused,
            "duplicate": self.rows_duplicate,
            "left_out": staged.rows_left_out,
            "left_out_reasons": dict(staged.left_out),
            "money": [line.row() for line in self.money],
            "refusals": [asdict(refusal) for refusal in staged.refusals],
            "changes": [asdict(change) for change in self.changes],
        }


class Loaded(list[FileAccount]):
    """The accounts of the files of one import, beside the totals of the workspace before and after it."""

    def __init__(
        self, accounts: Sequence[FileAccount], before: Mapping[str, float], after: Mapping[str, float]
    ) -> None:
        super().__init__(accounts)
        self.before, self.after = dict(before), dict(after)
