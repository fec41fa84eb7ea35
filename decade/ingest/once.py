"""Charges whose own words say that they are no subscription, among others of one file: asked, never guessed."""

from __future__ import annotations

from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.spoken import variants
from decade.ingest.values import is_missing, says_once

ONCE, AGAIN = "not_recurring", "recurring"
_LINES = frozenset({"item", "product", "plan", "line", "charge", "description", "memo", "concept"})
_TRIED = 200


def with_once(raw: RawTable, mapping: Mapping, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with such charges kept out of MRR or in it, as answered, or the question."""
    if mapping.table != "charges" or mapping.source_name != "mapping" or "is_recurring" in mapping.columns:
        return mapping, []
    others = {each.source for name in ("account_id", "status") for each in mapping.columns.get(name, ())}
    for at, name in enumerate(raw.header):
        words = {word for each in variants(name) for word in each.split()}
        if at in others or not words & _LINES:
            continue
        texts = [text for text in raw.examples(at, _TRIED) if not is_missing(text)]
        found = [text for text in texts if says_once(text)]
        if not found or len(found) == len(texts):
            continue
        key = key_of(raw, "once", name)
        given = answer(answers, key)
        if given == ONCE:
            return mapping.with_column("is_recurring", {"from": name, "read": "recurs"}), []
        if given == AGAIN:
            return mapping, []
        told = f"Are the charges that {name!r} calls {found[0]!r} recurring, or are they no part of MRR?"
        return mapping, [Doubt("once", raw.label, name, told, tuple(found[:5]), (ONCE, AGAIN), key)]
    return mapping, []
