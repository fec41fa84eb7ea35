"""Which column tells the rows of a file apart, and which one says who pays where no name does."""

from __future__ import annotations

from decade.ingest.headers import normal
from decade.ingest.naming import LEAST, told_by_name
from decade.ingest.raw import RawTable
from decade.ingest.schema import NATURAL_KEY
from decade.ingest.values import is_missing

_MOST_KEYS = 1_000_000  # of a key are looked at
_TRIED = 40
_LIKELY = 0.85


def give_first_id(name: str, raw: RawTable, table: str, chosen: dict[str, tuple[int, float]]) -> None:
    """`Copper ID` in front: whatever word stands before it, an id that no two rows share is the rows' own."""
    taken = {at for at, _ in chosen.values()}
    if raw.header and 0 not in taken and normal(raw.header[0]).endswith(" id") and can_be(name, raw, table, 0):
        chosen[name] = (0, LEAST)


def give_email(raw: RawTable, chosen: dict[str, tuple[int, float]]) -> None:
    """Where nothing else says who pays, the address of who pays does."""
    taken = {at for at, _ in chosen.values()}
    for at, name in enumerate(raw.header):
        texts = [text for text in raw.examples(at, _TRIED) if not is_missing(text)]
        is_email = "email" in normal(name).replace("e mail", "email").split() and all("@" in text for text in texts)
        if at not in taken and texts and is_email:
            chosen["account_id"] = (at, LEAST)
            return


def can_be(name: str, raw: RawTable, table: str, at: int) -> bool:
    """Whether a column can be the key of its table, if that is what it is wanted for: rows of one key are one row."""
    if NATURAL_KEY.get(table, ()) != (name,) or table == "accounts":
        return True
    seen: set[int] = set()
    read = 0
    for batch in raw.batches([at]):
        cells = [hash(cell) for cell in batch.column(1).to_pylist() if cell and cell.strip()]
        seen.update(cells)
        read += len(cells)
        if len(seen) < read or read > _MOST_KEYS:
            break
    return len(seen) == read


def give_since(raw: RawTable, chosen: dict[str, tuple[int, float]]) -> None:
    """Where nothing else says when somebody began to pay, the day from which on they are a customer does."""
    taken = {at for at, _ in chosen.values()}
    for at, name in enumerate(raw.header):
        if at not in taken and told_by_name("customer_since", name, "accounts") >= _LIKELY:
            chosen["starts_on"] = (at, LEAST)
            return
