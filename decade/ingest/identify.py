"""What each file of an import is: as chosen, as written in a mapping file, as recognised, or as answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from decade.errors import Refused
from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.guess import completed, guess, lacking, likely_tables, rivals
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind
from decade.ingest.periods import span_of
from decade.ingest.plans import FilePlan
from decade.ingest.raw import RawTable
from decade.ingest.recognise import known_sources, recognise
from decade.ingest.reshape import MEANINGS, UNTOLD
from decade.ingest.schema import canonical_tables
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
    raw = _with_meaning(raw, answers)
    if chosen is not None:
        return FilePlan(raw, chosen, f"{chosen.title}, into {chosen.table}.", 1.0), []
    for spec in written:
        if spec.get("file") in (None, raw.file_name) and spec.get("sheet") in (None, raw.sheet):
            mapping = bind({"name": "mapping", **spec}, raw.header, must=True)
            return FilePlan(raw, mapping, f"{mapping.title}, into {mapping.table}.", 1.0), []
    known = recognise(raw, saved, source=source)
    if known is not None:
        if known.mapping.source_name != "mapping":
            known = replace(known, mapping=completed(known.mapping, raw))
        plan = FilePlan(raw, known.mapping, " ".join((known.sentence(), *_notes(raw))), known.confidence)
        return _dated(plan, answers)
    if raw.header[-1] == UNTOLD:
        key = key_of(raw, "wide_meaning")
        told = f"{raw.label} has a column for each month. What do they hold?"
        return None, [
            Doubt(
                "wide_meaning",
                raw.label,
                UNTOLD,
                told,
                tuple(raw.examples(len(raw.header) - 1, 3)),
                (*MEANINGS, LEAVE_OUT),
                key,
            )
        ]
    return _guessed(raw, answers)


def _with_meaning(raw: RawTable, answers: Answers) -> RawTable:
    """A sheet with a column for each month, told what these hold by an answer."""
    given = answer(answers, key_of(raw, "wide_meaning")) if raw.header[-1] == UNTOLD else None
    return replace(raw, header=(*raw.header[:-1], MEANINGS[given])) if given in MEANINGS else raw


def _notes(raw: RawTable) -> list[str]:
    """What a person should know of how the file was read."""
    notes = []
    if raw.repairs:
        line, told = next(iter(raw.repairs.items()))
        notes.append(f"{len(raw.repairs):,} rows were put right (line {line:,}: {told}).")
    if "became" in raw.written:
        notes.append(f"{raw.written.partition('; ')[2].capitalize()} rows, one a month.")
    return notes


def also(plan: FilePlan) -> list[FilePlan]:
    """What else the same rows hold: a line of two things fills two tables."""
    names = (plan.mapping.spec or {}).get("also", ())
    found = []
    for spec in (known_sources()[name] for name in names):
        mapping = bind(spec, plan.raw.header)
        raw = replace(plan.raw, sheet=mapping.table if not plan.raw.sheet else f"{plan.raw.sheet}, {mapping.table}")
        if not mapping.missing:
            found.append(FilePlan(raw, mapping, f"{mapping.title}, into {mapping.table}.", plan.confidence))
    return found


def _dated(plan: FilePlan, answers: Answers) -> tuple[FilePlan | None, list[Doubt]]:
    """A report without a column of days takes its month from the title above it; a longer span has to be asked."""
    mapping, raw = plan.mapping, plan.raw
    column = (mapping.spec or {}).get("month_in_title")
    if not column or column in mapping.columns:
        return plan, []
    span = next((found for text in (*raw.preamble, raw.sheet, raw.file_name) if (found := span_of(text))), None)
    months = [] if span is None else _months(*span)
    key = key_of(raw, "month")
    given = months[0] if len(months) == 1 else answer(answers, key)
    if given and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", given):
        mapping = mapping.with_column(column, {"value": given})
        told = f"{plan.recognised} All of it is for {given[:7]}."
        return replace(plan, mapping=mapping, recognised=told), []
    told = f"{raw.label} has no column of days. For which month is it? Better: export it by day or month."
    if span is not None:
        told = (
            f"{raw.label} covers {span[0]} to {span[1]} without a column of days: give its month, or export it by day."
        )
    examples = tuple(text for text in raw.preamble if text)[:3]
    return None, [Doubt("month", raw.label, column, told, examples, tuple(each[:7] for each in months), key)]


def _months(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = (first.month - 1 + at for at in range(min(count, 60)))
    return [f"{first.year + month // 12}-{month % 12 + 1:02d}-01" for month in months]


def _guessed(raw: RawTable, answers: Answers) -> tuple[FilePlan | None, list[Doubt]]:
    tables = likely_tables(raw)
    key = key_of(raw, "table")
    given = answer(answers, key)
    if given == LEAVE_OUT:
        aside = bind({"name": "left_out", "title": "left out", "reason": "you left this file out"}, raw.header)
        return FilePlan(raw, aside, "Left out, as you said.", 1.0), []
    if given is not None:
        chosen: dict[str, str] = {}
        doubts: list[Doubt] = []
        for name in ("amount", "starts_on") if given == "charges" else ():
            among, key = rivals(raw, given, name), key_of(raw, "column", name)
            header = answer(answers, key)
            if among and header in raw.header:
                chosen[name] = str(header)
            elif among:
                meaning = canonical_tables()[given].column(name).asked_for
                asked = f"Which column of {raw.label} holds {meaning} ({given}.{name})?"
                shown = tuple(f"{each}: {', '.join(raw.examples(raw.header.index(each), 2))}" for each in among)
                doubts.append(Doubt("column", raw.label, name, asked, shown, tuple(among), key))
        if doubts:
            return None, doubts
        mapping = guess(raw, given, chosen)
        headers = {name: answer(answers, key_of(raw, "unmapped_column", name)) for name in mapping.missing}
        chosen |= {name: header for name, header in headers.items() if header in raw.header}
        mapping = guess(raw, given, chosen)  # what stands beside an answered column is read with it
        for name in mapping.missing:
            if (header := headers.get(name)) is not None:
                mapping = mapping.with_column(name, {"from": header})
        pairs = ", ".join(f"{name} {share:.0%}" for name, share in (mapping.confidence or {}).items())
        sentence = f"Read by its column names, into {given} (how sure: {pairs})."
        return FilePlan(raw, mapping, sentence, tables[0][1] if tables else 0.0), []
    told = f"{raw.label} is not a known export. What does it hold?"
    if tables:
        mapping = guess(raw, tables[0][0])
        sure = mapping.confidence or {}
        pairs = ", ".join(
            f"{raw.header[r[0].source]} → {name} {sure.get(name, 1):.0%}"
            for name, r in mapping.columns.items()
            if r[0].source is not None
        )
        told = f"{raw.label} is not a known export. Is it {tables[0][0]} ({pairs})?"
    options = (*(name for name, _ in tables), LEAVE_OUT)
    examples = tuple(each for each in raw.header if each)[:8]
    doubt = Doubt("unknown_file", raw.label, "", told, examples, options, key)
    return None, [doubt]


def refuse_nothing(raws: Sequence[RawTable], found: Sequence[FilePlan], doubts: Sequence[Doubt]) -> None:
    """Refuse an import of which nothing can be recognised, or nothing is for any table."""
    hopeful = [each for each in doubts if each.kind != "unknown_file" or len(each.options) > 1]
    if not found and not hopeful:
        names = ", ".join(each for each in raws[0].header if each)[:200]
        raise Refused(
            f"nothing here can be recognised (columns: {names})" + (f"; {near}" if (near := lacking(raws[0])) else ""),
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
