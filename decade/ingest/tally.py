"""What becomes of each row: taken, left out or refused with its reason; and the money in each."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest.cells import Cells, decoded, one_may_match
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.schema import CanonicalTable
from decade.warehouse import MoneyLine, Refusal

Flags = npt.NDArray[np.bool_]
MOST_REFUSALS = 100_000
TOTAL = "totals and subtotals"
FOOTER = "footer lines below the data"
NO_CURRENCY = "has money and no currency"
_TOTALS = (
    r"(?i)^((grand|overall|report|running) )?(sub[ -]?)?totals?( for .+)?$|^(grand )?totals?\s*[:(].*$"
    r"|^(sub-?total|zwischensumme|sous-total|подытог)\b.*$"
    r"|^(gesamt|gesamtsumme|gesamtergebnis|insgesamt|summe|razem|łącznie|suma|suma końcowa|итого|всего)\b\s*(:.*)?$"
    r"|^total g[eé]n[eé]ral$|^total of \d.*$"
)
# A rate below the amounts is no customer; a plan with a discount of `20 %` in its name is a plan.
_RATES = (
    r"^\s*(?:[%Δ]\s*\pL|(?i:growth|change|churn|margin|retention|wachstum|veränderung|marge|crecimiento|margen|variación"
    r"|croissance|variation|wzrost|zmiana|marża|рост|изменение)[\s(][^%\d]{0,40}%\)?\s*$)"
)
_GROUP_TOTAL = re.compile(r"(?i)^(.+) (?:sub-?total|total|summe|ergebnis|gesamt|suma|razem|итог|итого)$")
_TOTAL_WORDS = (
    "otal|rgebnis|RGEBNIS|итог|ИТОГ|OTAL|esamt|ESAMT|umme|UMME|azem|AZEM|того|ТОГО|uma|UMA|ącznie|ĄCZNIE|сего|СЕГО"
)
_FOOTER_ROWS = 12


@dataclass
class Count:
    """What is counted while a file is typed, batch by batch."""

    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    money: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)  # column, currency, state


def left_out_rows(batch: pa.RecordBatch, raw: RawTable, mapping: Mapping, seen: int, count: Count) -> Flags:
    """The rows of a batch that are no data of ours: totals, footers, what the source says is not for us."""
    result = np.zeros(batch.num_rows, dtype=bool)
    first = batch.column("c0")
    if len(raw.header) > 1:
        is_blank = pc.equal(first, "")
        first = pc.if_else(is_blank, batch.column("c1"), first) if pc.any(is_blank).as_py() else first
    _leave(result, _totals(first.fill_null(""), batch.column("c0")), TOTAL, count)
    named = next((each.source for each in mapping.columns.get("account_id", ()) if not each.via), None)
    if named:
        _leave(result, _totals(batch.column(f"c{named}").fill_null(""), batch.column("c0")), TOTAL, count)
    last = batch.num_rows - max(0, raw.rows - _FOOTER_ROWS - seen)
    if last > 0 and len(raw.header) > 2:
        tail = batch.slice(max(0, batch.num_rows - last)).select(batch.schema.names[1:])
        rows = [[bool((cell or "").strip()) for cell in row.values()] for row in tail.to_pylist()]
        footer = np.zeros(batch.num_rows, dtype=bool)
        footer[batch.num_rows - len(rows) :] = [row[0] and sum(row) == 1 for row in rows]
        _leave(result, footer, FOOTER, count)
    for rule in mapping.leave_out:
        cells = pc.utf8_lower(
            pc.utf8_trim_whitespace(batch.column(f"c{rule.source}").fill_null(""))
        ).dictionary_encode()
        hit = pc.is_in(cells.dictionary, pa.array(sorted(rule.words), pa.string()))
        _leave(result, _by_code(cells, pc.invert(hit) if rule.unless else hit), rule.reason, count)
    return result


def _totals(texts: pa.Array, groups: pa.Array) -> Flags:
    """The rows that are called a total, or the total of a group that other rows are in (`EMEA Total`)."""
    if not one_may_match(texts, f"{_TOTAL_WORDS}|[%Δ]"):
        return np.zeros(len(texts), dtype=bool)
    is_rate: Flags = pc.match_substring_regex(texts, _RATES).to_numpy(zero_copy_only=False)
    hit: Flags = pc.match_substring_regex(texts, _TOTAL_WORDS).to_numpy(zero_copy_only=False) | is_rate
    for at in np.flatnonzero(hit & ~is_rate):
        text = texts[int(at)].as_py().strip()
        group = _GROUP_TOTAL.match(text)
        hit[at] = re.match(_TOTALS, text) is not None or (
            group is not None and bool(pc.any(pc.equal(groups, group.group(1))).as_py())
        )
    return hit


def _by_code(texts: pa.DictionaryArray, hit: pa.Array) -> Flags:
    flags = hit.to_numpy(zero_copy_only=False)
    result: Flags = (
        flags[texts.indices.to_numpy(zero_copy_only=False)] if len(flags) else np.zeros(len(texts), dtype=bool)
    )
    return result


def _leave(result: Flags, hit: Flags, reason: str, count: Count) -> None:
    fresh = int((hit & ~result).sum())
    if fresh:
        count.left_out[reason] += fresh
        result |= hit


def refused_rows(
    batch: pa.RecordBatch,
    raw: RawTable,
    mapping: Mapping,
    table: CanonicalTable,
    cells: dict[str, Cells],
    left_out: Flags,
    count: Count,
) -> Flags:
    """The rows of a batch that cannot be taken, each recorded with the first thing that is wrong with it."""
    refused = np.zeros(batch.num_rows, dtype=bool)

    def refuse(rows: Flags, column: str, reason: Callable[[int], tuple[str, str]]) -> None:
        for at in np.flatnonzero(rows & ~left_out & ~refused):
            count.refused += 1
            if len(count.refusals) < MOST_REFUSALS:
                value, why = reason(int(at))
                line = int(batch.column("line")[int(at)].as_py())
                count.refusals.append(Refusal(line, column, value, why, _raw_text(batch, int(at))))
        refused[rows & ~left_out] = True

    if raw.faults:
        lines = batch.column("line").to_pylist()
        refuse(np.isin(lines, list(raw.faults)), "", lambda at: ("", raw.faults[lines[at]]))
    for column in table.columns:
        read = cells[column.name]
        if read.bad is not None and read.texts is not None:
            texts, reasons = decoded(read.texts), read.reasons or {}
            refuse(read.bad, column.name, partial(_why_bad, texts, reasons))
        if column.is_required and (nulls := decoded(read.values).is_null()).true_count:
            absent = nulls.to_numpy(zero_copy_only=False)
            refuse(absent, column.name, partial(_why_missing, batch, mapping, column.name))
    if "currency" in cells and "amount" in cells and decoded(cells["currency"].values).null_count:
        amount, currency = decoded(cells["amount"].values), decoded(cells["currency"].values)
        lacking = pc.and_(pc.is_null(currency), pc.is_valid(amount)).to_numpy(zero_copy_only=False)
        refuse(lacking, "currency", lambda _: ("", NO_CURRENCY))
    return refused


def _why_bad(texts: pa.Array, reasons: dict[str, str], at: int) -> tuple[str, str]:
    text = str(texts[at].as_py())
    return text, reasons[text]


def _why_missing(batch: pa.RecordBatch, mapping: Mapping, name: str, at: int) -> tuple[str, str]:
    for reading in mapping.columns.get(name, ()):
        if reading.via and reading.source is not None:
            text = (batch.column(f"c{reading.source}")[at].as_py() or "").strip()
            if text:
                return text, f"is not among the {reading.via[-1].source} that were imported"
    return "", "is missing"


def _raw_text(batch: pa.RecordBatch, at: int) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([column[at].as_py() or "" for column in batch.columns[1:]])
    return re.sub(r"[\r\n]+", " ", line.getvalue())[:2000]


def add_money(
    count: Count,
    names: tuple[str, ...],
    amounts: list[pa.Array],
    currency: pa.Array,
    left_out: Flags,
    refused: Flags,
) -> None:
    """Add a batch's money to the count, per column, currency and what became of its row."""
    if not names:
        return
    state = pa.DictionaryArray.from_arrays(
        pa.array(np.where(left_out, 2, np.where(refused, 1, 0)).astype(np.int8)),
        pa.array(["taken", "refused", "left_out"]),
    )
    columns = {"currency": currency.fill_null(""), "state": state.dictionary_decode()}
    columns |= {f"m{at}": amount for at, amount in enumerate(amounts)}
    sums = (
        pa.table(columns).group_by(["currency", "state"]).aggregate([(f"m{at}", "sum") for at in range(len(amounts))])
    )
    for row in sums.to_pylist():
        for at, name in enumerate(names):
            key = (name, row["currency"], row["state"])
            count.money[key] = count.money.get(key, Decimal(0)) + (row[f"m{at}_sum"] or Decimal(0))


def money_lines(count: Count, names: tuple[str, ...]) -> tuple[MoneyLine, ...]:
    """The account of the money: one line per column and currency."""
    lines = []
    for name in names:
        for currency in sorted({code for column, code, _ in count.money if column == name}):
            taken, refused, left = (
                count.money.get((name, currency, state), Decimal(0)) for state in ("taken", "refused", "left_out")
            )
            if currency or taken or refused or left:
                lines.append(MoneyLine(name, currency, taken + refused + left, refused, left))
    return tuple(lines)
