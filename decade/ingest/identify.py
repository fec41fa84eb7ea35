"""What each file of an import is: as chosen, as written in a mapping file, as recognised, or as answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from decade.errors import Refused
from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.guess import guess, likely_tables
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind
from decade.ingest.plans import FilePlan
from decade.ingest.raw import RawTable
from decade.ingest.recognise import recognise
from decade.warehouse import Workspace

LEAVE_OUT = "leave_out"


def identify(
    raw: RawTable,
    saved: Mapping[str, str],
    answers: Answers,
    source: str | None,
    written: Sequence[dict[str, object]],
    chosen: FileMapping | None,
) -> tuple[FilePlan | None, list[Doubt]]:
    """What one file is, and how it is read; None with a doubt when only a person can say."""
    if chosen is not None:
        return FilePlan(raw, chosen, f"{chosen.title}, into {chosen.table}.", 1.0), []
    for spec in written:
        if spec.get("file") in (None, raw.file_name) and spec.get("sheet") in (None, raw.sheet):
            mapping = bind({"name": "mapping", **spec}, raw.header, must=True)
            return FilePlan(raw, mapping, f"{mapping.title}, into {mapping.table}.", 1.0), []
    known = recognise(raw, saved, source=source)
    if known is not None:
        return FilePlan(raw, known.mapping, known.sentence(), known.confidence), []
    return _guessed(raw, answers)


def _guessed(raw: RawTable, answers: Answers) -> tuple[FilePlan | None, list[Doubt]]:
    tables = likely_tables(raw)
    key = key_of(raw, "table")
    given = answer(answers, key)
    if given == LEAVE_OUT:
        aside = bind({"name": "left_out", "title": "left out", "reason": "you left this file out"}, raw.header)
        return FilePlan(raw, aside, "Left out, as you said.", 1.0), []
    if given is not None:
        mapping = guess(raw, given)
        for name in mapping.missing:
            header = answer(answers, key_of(raw, "unmapped_column", name))
            if header is not None:
                mapping = mapping.with_column(name, {"from": header})
        return FilePlan(raw, mapping, f"Read by its column names, into {given}.", tables[0][1] if tables else 0.0), []
    told = f"{raw.label} is not a known export. What does it hold?"
    if tables:
        mapping = guess(raw, tables[0][0])
        pairs = ", ".join(f"{raw.header[r[0].source or 0]} → {name}" for name, r in mapping.columns.items())
        told = f"{raw.label} is not a known export. Is it {tables[0][0]} ({pairs})?"
    options = (*(name for name, _ in tables), LEAVE_OUT)
    examples = tuple(each for each in raw.header if each)[:8]
    doubt = Doubt("unknown_file", raw.label, "", told, examples, options, key)
    return None, [doubt]


def refuse_nothing(raws: Sequence[RawTable], found: Sequence[FilePlan], doubts: Sequence[Doubt]) -> None:
    """Refuse an import of which nothing can be recognised, or nothing is for any table."""
    hopeful = [each for each in doubts if each.kind == "unknown_file" and len(each.options) > 1]
    if not found and not hopeful:
        names = ", ".join(each for each in raws[0].header if each)[:200]
        raise Refused(
            f"nothing here can be recognised (columns: {names})",
            where=raws[0].label,
            do="Give a mapping with --map.",
        )
    if found and not doubts and all(not each.mapping.table and not _links_others(each) for each in found):
        first = found[0]
        raise Refused(
            f"{first.mapping.title}: {first.mapping.reason}",
            where=first.raw.label,
            do="Add a file with data.",
        )


def _links_others(each: FilePlan) -> bool:
    return bool((each.mapping.spec or {}).get("links"))


def without_double_counting(found: Sequence[FilePlan], workspace: Workspace) -> list[FilePlan]:
    """The files without the second telling of the same money: it only serves to look things up."""
    here = {each.mapping.source_name for each in found if each.mapping.table}
    result = []
    for each in found:
        mapping = each.mapping
        rival = next((name for name in mapping.yields_to if name in here or workspace.raw_paths(name)), None)
        if mapping.table and rival is not None:
            reason = f"its money is already in {rival}; only used to look things up"
            mapping = replace(mapping, table="", columns={}, leave_out=(), reason=reason)
            each = replace(each, mapping=mapping, recognised=f"{mapping.title}: {reason}.")
        result.append(each)
    return result
