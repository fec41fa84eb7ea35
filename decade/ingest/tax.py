"""Amounts with tax in them: which column is without it, by sums that add up or by names; else it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

from decade.ingest.amounts import decimal_signs_that_fit, read_amount
from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.headers import MOST_NAMES
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.spoken import variants
from decade.ingest.values import is_missing

WITHOUT_TAX, WITH_TAX = "without_tax", "with_tax"
_TAX = frozenset({
    "btw", "dds", "ddv", "dph", "gst", "hst", "igic", "igv", "imposta", "imposto", "impostos", "impuesto",
    "impuestos", "iva", "kdv", "mehrwertsteuer", "moms", "mva", "mwst", "pdv", "podatek", "pst", "steuer",
    "steuerbetrag", "tax", "taxe", "taxes", "tva", "umsatzsteuer", "ust", "vat", "кдв", "ндс",
})  # fmt: skip
_NO_SUM = frozenset({
    "class", "code", "date", "exempt", "id", "name", "number", "percent", "percentage", "rate", "satz", "stawka",
    "taux", "tipo", "ставка",
})  # fmt: skip
_TOTAL = frozenset({
    "bruto", "brutto", "gesamt", "gross", "incl", "including", "inkl", "razem", "suma", "total", "ttc", "брутто",
    "всего", "итого",
})  # fmt: skip
_BARE = frozenset({
    "arr", "before", "excl", "excluding", "exkl", "hors", "ht", "imponible", "mrr", "net", "neto", "netto",
    "subtotal", "without", "zzgl", "без", "нетто",
})  # fmt: skip
_CENT = Decimal("0.02")
_MOST_ROWS, _MOST_COLUMNS = 200, 12
_SUM = re.compile(r"\d")


def net_of(raw: RawTable) -> dict[int, int]:
    """For each column that is another one plus a tax, row by row, that other column."""
    taxes = tax_columns(raw)
    if not taxes:
        return {}
    sums = [at for at in range(len(raw.header)) if at not in taxes and raw.header[at] and _is_money(raw, at)]
    sums = sums[:_MOST_COLUMNS]
    read = _numbers(raw, [*sums, *taxes])
    return {
        whole: part
        for part, whole in permutations(sums, 2)
        if any(_adds_up(read[part], read[tax], read[whole]) for tax in taxes)
    }


def tax_columns(raw: RawTable) -> list[int]:
    """The columns that hold amounts of tax."""
    named = enumerate(raw.header[:MOST_NAMES])
    return [at for at, name in named if _words(name) & _TAX and _is_tax(name) and _is_money(raw, at)]


def with_tax_by_name(raw: RawTable) -> list[int]:
    """The columns that are called a whole beside one of tax."""
    if not tax_columns(raw):
        return []
    return [at for at, name in enumerate(raw.header) if _words(name) & _TOTAL and _is_money(raw, at)]


def with_tax(raw: RawTable, mapping: Mapping, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with the tax taken off an amount that holds it, or the question."""
    amounts = mapping.columns.get("amount", ())
    if mapping.table != "charges" or mapping.source_name != "mapping" or len(amounts) != 1:
        return mapping, []
    amount, taxes = amounts[0], tax_columns(raw)
    if amount.source is None or amount.minus is not None or len(taxes) != 1 or amount.source in net_of(raw).values():
        return mapping, []
    header, tax = raw.header[amount.source], raw.header[taxes[0]]
    words, key = _words(header), key_of(raw, "tax", header)
    given = answer(answers, key)
    if given is None and words & _BARE:
        return mapping, []
    if given == WITH_TAX or (given is None and words & _TOTAL):
        return mapping.with_column("amount", [{**amount.spec, "minus": tax}]), []
    if given == WITHOUT_TAX:
        return mapping, []
    pairs = zip(raw.examples(amount.source, 3), raw.examples(taxes[0], 3), strict=False)
    told = f"Is the tax in {tax!r} part of the amounts in {header!r}, or does it come on top?"
    shown = tuple(f"{one}, tax {other}" for one, other in pairs)
    return mapping, [Doubt("tax", raw.label, header, told, shown, (WITHOUT_TAX, WITH_TAX), key)]


def _words(header: str) -> set[str]:
    return {word for name in variants(header) for word in name.split()}


def _is_tax(header: str) -> bool:
    """A sum of tax: no rate, no code, and no amount that is named after the tax it leaves out or holds."""
    words = _words(header)
    return not words & _NO_SUM and not words & (_BARE | _TOTAL) and "%" not in header


def _is_money(raw: RawTable, at: int) -> bool:
    texts = [text for text in raw.examples(at, 20) if not is_missing(text)]
    return (
        bool(texts) and not any("%" in text for text in texts) and any(None not in _read(texts, sign) for sign in ".,")
    )


def _numbers(raw: RawTable, positions: Sequence[int]) -> dict[int, list[Decimal | None]]:
    """The first rows' amounts by column, each with the decimal sign that fits it."""
    found: dict[int, list[Decimal | None]] = {at: [] for at in positions}
    for batch in raw.batches(sorted(positions), size=_MOST_ROWS):
        for at in positions:
            texts = [text or "" for text in batch.column(f"c{at}").to_pylist()]
            signs = decimal_signs_that_fit(text for text in texts if not is_missing(text))
            found[at] = _read(texts, "," if signs == {","} else ".")
        break
    return found


def _read(texts: Sequence[str], sign: str) -> list[Decimal | None]:
    read: list[Decimal | None] = []
    for text in texts:
        try:
            read.append(read_amount(text, sign) if _SUM.search(text) else None)
        except ValueError:
            read.append(None)
    return read


def _adds_up(part: Sequence[Decimal | None], tax: Sequence[Decimal | None], whole: Sequence[Decimal | None]) -> bool:
    rows = [
        (one, more, all_of)
        for one, more, all_of in zip(part, tax, whole, strict=True)
        if one is not None and more is not None and all_of is not None
    ]
    taxed = [row for row in rows if row[1] and abs(row[1]) < abs(row[0])]
    fitting = sum(abs(one + more - all_of) <= _CENT for one, more, all_of in rows)
    return bool(taxed) and fitting >= 0.9 * len(rows)
