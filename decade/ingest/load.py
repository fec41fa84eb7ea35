"""An import from end to end: read, recognise, settle doubts, type, then load in one transaction."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from decade.errors import Doubts, Refused
from decade.ingest.cast import NO_CURRENCY, cast, kept_aside
from decade.ingest.doubts import REFUSE, Answers, Doubt, answer, key_of, settle, unmapped
from decade.ingest.files import RawTable, Upload, read
from decade.ingest.guess import guess, likely_tables
from decade.ingest.links import Links
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind, load_specs, shape
from decade.ingest.recognise import recognise
from decade.ingest.twins import unmatched_products
from decade.warehouse import FileAccount, Staged, Workspace

UNSTATED = "XXX"  # ISO 4217: no currency
LEAVE_OUT = "leave_out"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FilePlan:
    """What one file or sheet was taken for, and, when no doubt is left, its typed rows."""

    raw: RawTable
    mapping: FileMapping
    recognised: str
    confidence: float
    staged: Staged | None = None


@dataclass(frozen=True)
class ImportPlan:
    """An import that is ready, or the doubts that keep it from being so. The database has not been touched."""

    files: tuple[FilePlan, ...]
    doubts: tuple[Doubt, ...]
    notices: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()  # shapes whose mapping is worth keeping
    paths: tuple[Path, ...] = field(default=(), repr=False)

    @property
    def is_ready(self) -> bool:
        """True when nothing is left to ask."""
        return not self.doubts

    def discard(self) -> None:
        """Deletes what was written for this plan."""
        for path in self.paths:
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class ImportReport:
    """What became of an import: one account a file, and what a person should know."""

    plan: ImportPlan
    accounts: tuple[FileAccount, ...]
    notices: tuple[str, ...]
    is_dry_run: bool


def plan(
    files: Sequence[Path | str | Upload],
    workspace: Workspace,
    *,
    answers: Answers | None = None,
    source: str | None = None,
    map_file: Path | None = None,
    mappings: Mapping[str, FileMapping] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Reads, recognises and types files without touching the database.

    `answers` settle doubts by key; `mappings` (by file label) are those corrected on screen; `map_file` is a TOML
    file with a mapping, `[answers]`, or both. Raises Refused on a file that cannot be read at all.
    """
    given, written = _map_file(map_file)
    given = {**given, **(answers or {})}
    raws = [raw for each in _uploads(files) for raw in read(each, workspace.imports)]
    saved = workspace.saved("mappings")
    doubts: list[Doubt] = []
    found: list[FilePlan] = []
    for raw in raws:
        chosen = (mappings or {}).get(raw.label)
        file_plan, more = _recognised(raw, saved, given, source, written, chosen)
        doubts += more
        if file_plan is not None:
            found.append(file_plan)
    _refuse_nothing(raws, found, doubts)
    found = _without_double_counting(found, workspace)
    links = Links([(each.raw, each.mapping) for each in found], workspace.raw_paths)
    settled: list[FilePlan] = []
    for each in found:
        mapping = each.mapping
        if mapping.table:
            doubts += unmapped(each.raw, mapping)
            mapping, more = settle(each.raw, mapping, links, given)
            doubts += more
        settled.append(replace(each, mapping=mapping))
    if not doubts:
        settled, doubts = _typed(settled, links, workspace, given, progress)
    staged = [each.staged for each in settled if each.staged is not None]
    learned = tuple(
        shape(each.raw.header)
        for each in settled
        if each.mapping.table and (each.mapping.source_name == "mapping" or given or (mappings or {}).get(each.raw.label))
    )
    paths = [each.raw.path for each in settled] + [each.typed_path for each in staged if each.typed_path]
    return ImportPlan(tuple(settled), tuple(doubts), tuple(unmatched_products(staged)), learned, tuple(paths))


def carry_out(
    ready: ImportPlan,
    workspace: Workspace,
    *,
    as_of: date | None = None,
    rates: Mapping[str, float] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Loads a plan in one transaction and gives the account of it. Raises Doubts while any is open, Refused when
    every row of a file was refused."""
    if ready.doubts:
        raise Doubts([each.row() for each in ready.doubts])
    staged = [each.staged for each in ready.files if each.staged is not None]
    for each in staged:
        if each.rows_read and each.rows_refused == each.rows_read:
            first = each.refusals[0]
            raise Refused(
                f"all {each.rows_read} rows were refused; the first: {first.column} {first.value!r} {first.reason}",
                where=f"{each.file_name}, line {first.line}",
                do="Correct the file or its mapping.",
            )
    accounts = workspace.load(staged, as_of=as_of, rates=rates, dry_run=dry_run)
    if not dry_run:
        for file_plan in ready.files:
            if shape(file_plan.raw.header) in ready.learned:
                workspace.save("mappings", shape(file_plan.raw.header), json.dumps(file_plan.mapping.as_spec()))
    return ImportReport(ready, tuple(accounts), ready.notices, dry_run)


def _uploads(files: Sequence[Path | str | Upload]) -> list[Upload]:
    uploads: list[Upload] = []
    for each in files:
        if isinstance(each, Upload):
            uploads.append(each)
        elif Path(each).is_dir():
            inside = sorted(path for path in Path(each).iterdir() if path.is_file() and not path.name.startswith("."))
            uploads += [Upload(path, path.name) for path in inside]
        else:
            uploads.append(Upload(Path(each), Path(each).name))
    if not uploads:
        raise Refused("no file was given", do="Name at least one.")
    return uploads


def _map_file(path: Path | None) -> tuple[dict[str, str], list[dict[str, object]]]:
    if path is None:
        return {}, []
    if not path.is_file():
        raise Refused("there is no such file", where=str(path), do="Check --map.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Refused(f"this is not TOML ({problem})", where=path.name, do="Correct it.") from None
    return {str(key): str(value) for key, value in document.get("answers", {}).items()}, load_specs(path)


def _recognised(
    raw: RawTable,
    saved: Mapping[str, str],
    answers: Answers,
    source: str | None,
    written: Sequence[dict[str, object]],
    chosen: FileMapping | None,
) -> tuple[FilePlan | None, list[Doubt]]:
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


def _refuse_nothing(raws: Sequence[RawTable], found: Sequence[FilePlan], doubts: Sequence[Doubt]) -> None:
    hopeful = [each for each in doubts if each.kind == "unknown_file" and len(each.options) > 1]
    if not found and not hopeful:
        names = ", ".join(each for each in raws[0].header if each)[:200]
        raise Refused(
            f"nothing here can be recognised (columns: {names})", where=raws[0].label, do="Give a mapping with --map."
        )
    if found and not doubts and all(not each.mapping.table and not _links_others(each) for each in found):
        first = found[0]
        raise Refused(f"{first.mapping.title}: {first.mapping.reason}", where=first.raw.label, do="Add a file with data.")


def _links_others(each: FilePlan) -> bool:
    return bool((each.mapping.spec or {}).get("links"))


def _without_double_counting(found: Sequence[FilePlan], workspace: Workspace) -> list[FilePlan]:
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


def _typed(
    found: Sequence[FilePlan],
    links: Links,
    workspace: Workspace,
    answers: Answers,
    progress: Progress | None,
) -> tuple[list[FilePlan], list[Doubt]]:
    total, done = sum(each.raw.rows for each in found), 0
    result, doubts = [], []

    def report(rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress("reading rows", done, total)

    for each in found:
        if not each.mapping.table:
            result.append(replace(each, staged=kept_aside(each.raw, each.mapping)))
            continue
        mapping, note = _with_defaults(each, workspace, answers)
        staged = cast(each.raw, mapping, links, report)
        doubts += _currency_doubts(each.raw, staged, answers)
        result.append(replace(each, mapping=mapping, staged=staged, recognised=" ".join((each.recognised, *note))))
    return result, doubts


def _with_defaults(each: FilePlan, workspace: Workspace, answers: Answers) -> tuple[FileMapping, list[str]]:
    """Constants for what a file need not say: its currency, that charges recur, that an interval is one unit."""
    mapping, note = each.mapping, []

    def add(column: str, value: str) -> None:
        nonlocal mapping
        specs = [dict(reading.spec) for reading in mapping.columns.get(column, ())]
        mapping = mapping.with_column(column, [*specs, {"value": value}])

    if mapping.table in ("charges", "deals", "spend", "costs", "products"):
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


def _currency_doubts(raw: RawTable, staged: Staged, answers: Answers) -> list[Doubt]:
    lacking = [each for each in staged.refusals if each.reason == NO_CURRENCY]
    key = key_of(raw, "missing_currency")
    if not lacking or answer(answers, key) is not None:
        return []
    seen = sorted({line.currency for line in staged.money if line.currency})
    told = f"{len(lacking):,} rows of {raw.label} have money and no currency. Which is it?"
    lines = tuple(f"line {each.line}: {each.raw}"[:120] for each in lacking[:3])
    return [Doubt("missing_currency", raw.label, "currency", told, lines, (*seen, REFUSE), key)]
