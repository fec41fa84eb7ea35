"""A ledger of MRR movements: each movement becomes the MRR that holds from its day on.

Recognised by what it says itself: an amount that is called MRR or ARR, and a column of kinds of movement (`new`,
`expansion`, `churn`). Movements of one day are one; where all amounts are above zero, the kind says which way they go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from decade.ingest.amounts import currency_of, decimal_signs_that_fit, read_amount
from decade.ingest.dates import can_be_read_two_ways, read_date
from decade.ingest.headers import MOST_NAMES, normal
from decade.ingest.naming import LEAST, told_by_name
from decade.ingest.raw import RawTable, raw_schema
from decade.ingest.spoken import variants
from decade.ingest.values import is_missing
from decade.ingest.writing import writing

COLUMNS = ("movement account", "movement day", "movement currency")
AFTER = {"mrr": "mrr after the movement", "arr": "arr after the movement"}
SAME_DAY = "movements of a day, counted in the last of it"
_MOST_ROWS = 2_000_000
_CENT, _SURE = Decimal("0.01"), 0.9
_GAINED = frozenset(
    {"new", "new business", "new biz", "new customer", "new logo", "new mrr", "expansion", "upgrade", "upsell"}
    | {"cross sell", "reactivation", "resurrected", "winback", "win back", "opening", "price increase", "neukunde"}
    | {"nuevo", "expansión", "nouveau", "nowy", "новый", "erweiterung", "neu", "reaktivierung", "increase"}
)
_LOST = frozenset(
    {"churn", "churned", "cancellation", "cancelled", "canceled", "contraction", "downgrade", "downsell", "lost"}
    | {"price decrease", "kündigung", "abgang", "baja", "contracción", "résiliation", "odejście", "отток", "decrease"}
)
_LEVELS = frozenset({"after", "before", "ending", "closing", "starting", "opening", "previous", "current", "total"})


def with_levels(raw: RawTable) -> RawTable:
    """The table with the account, the day and the MRR after each movement; the table itself where it is no ledger,
    or one that does not begin at the beginning: somebody would have less than nothing.
    """
    found = _columns(raw) if raw.rows <= _MOST_ROWS else None
    if found is None:
        return raw
    kind, amount, day, account, rate = found
    rows = [row for batch in raw.batches() for row in zip(*(each.to_pylist() for each in batch.columns), strict=True)]
    texts = [str(row[amount + 1] or "") for row in rows]
    sign = "," if decimal_signs_that_fit(each for each in texts if each) == {","} else "."
    try:
        sums = [read_amount(each, sign) for each in texts]
        days = [read_date(str(row[day + 1] or "")) for row in rows]
    except ValueError:
        return raw
    if not any(each < 0 for each in sums):
        sums = [-each if _kind(row[kind + 1]) in _LOST else each for row, each in zip(rows, sums, strict=True)]
    who = [
        (str(row[account + 1] or "").strip(), money) for row, money in zip(rows, _currencies(raw, rows), strict=True)
    ]
    last: dict[tuple[str, str, date], tuple[int, Decimal]] = {}
    levels: dict[tuple[str, str], Decimal] = {}
    for place in sorted(range(len(rows)), key=lambda at: (days[at], rows[at][0])):
        levels[who[place]] = levels.get(who[place], Decimal(0)) + sums[place]
        last[(*who[place], days[place])] = place, levels[who[place]]
    if any(level < -_CENT for _, level in last.values()):
        return raw
    kept = sorted((place, *key, level) for key, (place, level) in last.items())
    cells = [(*rows[at], name, f"{on:%Y-%m-%d}", money, format(level, "f")) for at, name, money, on, level in kept]
    path, schema = raw.path.with_name(raw.path.name.replace(".raw.", ".levels.raw.")), raw_schema(len(raw.header) + 4)
    with writing(path, schema) as write:
        columns = zip(zip(*cells, strict=True), schema, strict=True)
        write(pa.table([pa.array(each, field.type) for each, field in columns], schema=schema))
    merged = len(rows) - len(kept)
    left_out = {**raw.left_out, SAME_DAY: merged} if merged else raw.left_out
    written = f"{raw.written}; movements, told as the {rate.upper()} after each"
    return replace(
        raw,
        path=path,
        header=(*raw.header, *COLUMNS, AFTER[rate]),
        rows=len(kept),
        written=written,
        left_out=left_out,
    )


def _currencies(raw: RawTable, rows: Sequence[Sequence[object]]) -> list[str]:
    """The currency of each row, from its own column or from the header of an amount; empty where neither tells."""
    at = next((at for at, name in enumerate(raw.header) if told_by_name("currency", name, "charges") >= _SURE), None)
    code = next((found for name in raw.header if (found := currency_of(name.upper()))), "")
    return [(str(row[at + 1] or "").strip() if at is not None else "") or code for row in rows]


def _columns(raw: RawTable) -> tuple[int, int, int, int, str] | None:
    """The positions of kind, amount, day and account, and which rate the amount is; None unless all are there.

    Names come first: hardly a file has an amount that is called so, and its cells are not looked at otherwise.
    """
    names = raw.header[:MOST_NAMES]
    words = [{word for name in variants(header) for word in name.split()} for header in names]
    rates = [at for at, each in enumerate(words) if each & set(AFTER) and not each & _LEVELS]
    sold = (told_by_name(each, name, "deals") for each in ("stage", "probability") for name in names if name)
    if len(rates) != 1 or any(each >= _SURE for each in sold):  # what is sold is not yet what is paid
        return None
    score, place = max((told_by_name("account_id", name, "charges"), -at) for at, name in enumerate(names) if name)
    amount, account = rates[0], -place
    kind = next((at for at in range(len(names)) if at != amount and _holds_kinds(raw, at)), None)
    day = next((at for at in range(len(names)) if _are_clear_days(raw.examples(at, 50))), None)
    if kind is None or day is None or score < LEAST or len({kind, amount, day, account}) < 4:
        return None
    return kind, amount, day, account, "mrr" if "mrr" in words[amount] else "arr"


def _holds_kinds(raw: RawTable, at: int) -> bool:
    kinds = {_kind(text) for text in raw.examples(at, 50)}
    return bool(kinds & _GAINED and kinds & _LOST) and len(kinds - _GAINED - _LOST) <= 1  # one more: a renewal


def _kind(text: object) -> str:
    return normal(str(text or "")).removesuffix(" mrr").removesuffix(" arr")


def _are_clear_days(texts: Sequence[str]) -> bool:
    there = [text for text in texts if not is_missing(text)]
    if not there or any(can_be_read_two_ways(text) for text in there):
        return False
    try:
        return all(read_date(text) is not None for text in there) and not all(text.isdigit() for text in there)
    except ValueError:
        return False
