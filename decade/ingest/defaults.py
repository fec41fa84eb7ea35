"""What a file need not say, and what it must: constants for the one, a doubt about currency for the other."""

from __future__ import annotations

import pyarrow.compute as pc

from decade.conventions import UNSTATED
from decade.ingest.amounts import currency_of
from decade.ingest.doubts import REFUSE, Answers, Doubt, answer, key_of
from decade.ingest.mapping import Mapping
from decade.ingest.plans import FilePlan
from decade.ingest.raw import RawTable
from decade.ingest.tally import NO_CURRENCY
from decade.warehouse import Staged, Workspace


def with_defaults(each: FilePlan, workspace: Workspace, answers: Answers) -> tuple[Mapping, list[str]]:
    """Constants for what a file need not say: its currency, that charges recur, one unit an interval."""
    mapping, note = each.mapping, []

    def add(column: str, value: str) -> None:
        nonlocal mapping
        specs = [dict(reading.spec) for reading in mapping.columns.get(column, ())]
        mapping = mapping.with_column(column, [*specs, {"value": value}])

    if mapping.table in ("charges", "deals", "spend", "costs", "products"):
        if "currency" not in mapping.columns and (beside := _with_its_money(each.raw, mapping)) is not None:
            mapping = mapping.with_column("currency", {"from": beside, "read": "currency_beside"})
            note.append("Each amount names its currency.")
        if "currency" not in mapping.columns:
            currency = workspace.conventions().reporting_currency or UNSTATED
            add("currency", currency)
            stated = "which stays unstated" if currency == UNSTATED else f"taken as {currency}"
            note.append(f"The file names no currency: {stated}.")
        else:
            given = answer(answers, key_of(each.raw, "missing_currency"))
            if given not in (None, REFUSE):
                add("currency", given)
    if mapping.table == "charges":
        add("is_recurring", "true")
        add("supersedes", "false")
        if "interval_unit" in mapping.columns:
            add("interval_count", "1")
    return mapping, note


def _with_its_money(raw: RawTable, mapping: Mapping) -> str | None:
    """The header of the amounts, when some of them are written with a sign or code that names their currency."""
    amounts = [each for each in mapping.columns.get("amount", ()) if each.source is not None and not each.via]
    for at in (each.source for each in amounts[:1] if each.source is not None):
        for batch in raw.batches([at]):
            cells = batch.column(f"c{at}")
            marked = cells.filter(pc.match_substring_regex(cells, r"[^\d\s.,+()-]").fill_null(False)).unique()
            if any(currency_of(text) or currency_of(text.upper()) for text in marked.to_pylist()):
                return raw.header[at]
    return None


def currency_doubts(raw: RawTable, staged: Staged, answers: Answers) -> list[Doubt]:
    """A doubt when rows of a typed file have money and no currency, and nobody has said which it is."""
    lacking = [each for each in staged.refusals if each.reason == NO_CURRENCY]
    key = key_of(raw, "missing_currency")
    if not lacking or answer(answers, key) is not None:
        return []
    seen = sorted({line.currency for line in staged.money if line.currency})
    told = f"{len(lacking):,} rows of {raw.label} have money and no currency. Which is it?"
    lines = tuple(f"line {each.line}: {each.raw}"[:120] for each in lacking[:3])
    return [Doubt("missing_currency", raw.label, "currency", told, lines, (*seen, REFUSE), key)]
