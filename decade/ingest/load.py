"""An import from end to end: read, recognise, settle doubts, type, then load in one transaction."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from decade.errors import Doubts, Refused
from decade.ingest.cast import cast, kept_aside
from decade.ingest.coupons import with_coupons
from decade.ingest.defaults import currency_doubts, with_defaults
from decade.ingest.doubts import Answers, Doubt, unmapped
from decade.ingest.files import read
from decade.ingest.headers import shape
from decade.ingest.hearing import heard_by
from decade.ingest.identify import also, identify, refuse_nothing, without_double_counting
from decade.ingest.joins import KIND, Joined, joined
from decade.ingest.links import Links
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import load_specs
from decade.ingest.plans import FilePlan, ImportPlan, ImportReport
from decade.ingest.raw import RawTable, Upload
from decade.ingest.settle import settle
from decade.warehouse import Progress, Workspace, trouble_told


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

    `answers` settle doubts by key; `mappings` (by file label) are those corrected on screen; `map_file` is a
    TOML file with a mapping, `[answers]`, or both. Raises Refused on a file that cannot be read at all.
    """
    given, written = _map_file(map_file)
    given = {**given, **(answers or {})}
    before = set(workspace.imports.glob("*.parquet"))
    try:
        with trouble_told(workspace.imports):
            found, doubts = _settled(files, workspace, given, source, written, mappings or {}, progress)
            names = Joined()
            if not doubts:
                found, doubts = _typed(found, workspace, given, progress)
            if not doubts:
                names = joined(found, workspace, given)
                doubts = [*names.doubts]
    except BaseException:
        for path in set(workspace.imports.glob("*.parquet")) - before:
            path.unlink(missing_ok=True)
        raise
    is_told = any(KIND not in each.split(":") for each in given)  # of how a file is read
    own = {each.raw.label for each in found if is_told or each.mapping.source_name == "mapping"} | set(mappings or {})
    learned = tuple(shape(each.raw.header) for each in found if each.mapping.table and each.raw.label in own)
    written_now = set(workspace.imports.glob("*.parquet")) - before
    paths = tuple(sorted(written_now))
    return ImportPlan(tuple(found), tuple(doubts), names.notices, learned, names.twins, paths)


def _settled(
    files: Sequence[Path | str | Upload],
    workspace: Workspace,
    answers: Answers,
    source: str | None,
    written: Sequence[dict[str, object]],
    mappings: Mapping[str, FileMapping],
    progress: Progress | None,
) -> tuple[list[FilePlan], list[Doubt]]:
    raws = _read(_uploads(files), workspace, progress)
    saved = workspace.saved("mappings")
    doubts: list[Doubt] = []
    found: list[FilePlan] = []
    for raw in raws:
        file_plan, more = identify(raw, saved, answers, source, written, mappings.get(raw.label))
        doubts += more
        if file_plan is not None:
            found += [file_plan, *also(file_plan)]
    refuse_nothing(raws, found, doubts)
    found = without_double_counting(found, workspace)
    found = with_coupons(found, _links(found, workspace))
    links = _links(found, workspace)
    settled: list[FilePlan] = []
    for each in found:
        mapping = each.mapping
        if mapping.table:
            doubts += unmapped(each.raw, mapping)
            mapping, more = settle(each.raw, mapping, links, answers)
            doubts += more
        settled.append(replace(each, mapping=mapping))
    return settled, list({each.answer_key: each for each in reversed(doubts)}.values())[::-1]


def _read(uploads: Sequence[Upload], workspace: Workspace, progress: Progress | None) -> list[RawTable]:
    sizes = [each.path.stat().st_size if each.path.is_file() else 0 for each in uploads]
    raws: list[RawTable] = []
    for at, upload in enumerate(uploads):
        before, own, seen = sum(sizes[:at]), sizes[at], 0

        def hear(size: int, before: int = before, own: int = own) -> None:
            nonlocal seen
            seen += size
            if progress is not None:
                progress("reading", before + min(seen, own), sum(sizes))

        hear(0)
        with heard_by(hear):
            raws += read(upload, workspace.imports)
    return raws


def _links(found: Sequence[FilePlan], workspace: Workspace) -> Links:
    return Links([(each.raw, each.mapping) for each in found], workspace.raw_paths)


def carry_out(
    ready: ImportPlan,
    workspace: Workspace,
    *,
    as_of: date | None = None,
    rates: Mapping[str, float] | None = None,
    reporting_currency: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Loads a plan in one transaction and gives the account of it; `progress` hears how far it is.

    Raises Doubts while any is open, and Refused when every row of a file was refused.
    """
    if ready.doubts:
        raise Doubts([each.row() for each in ready.doubts])
    staged = [each.staged for each in ready.files if each.staged is not None]
    for each in staged:
        if each.rows_read and each.rows_refused == each.rows_read:
            first = each.refusals[0]
            raise Refused(
                f"all {each.rows_read} rows were refused: {first.column} {first.value!r} {first.reason}",
                where=f"{each.file_name}, line {first.line}",
                do="Correct the file or its mapping.",
            )
    # Of several tables that one file fills, the first is what it is; the others follow from it.
    shapes = {shape(each.raw.header): json.dumps(each.mapping.as_spec()) for each in reversed(ready.files)}
    accounts = workspace.load(
        staged,
        as_of=as_of,
        rates=rates,
        reporting_currency=reporting_currency,
        dry_run=dry_run,
        learned={each: shapes[each] for each in ready.learned if each in shapes},
        twins=ready.twins,
        progress=progress,
    )
    return ImportReport(ready, tuple(accounts), ready.notices, dry_run, accounts.before, accounts.after)


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


def _typed(
    found: Sequence[FilePlan],
    workspace: Workspace,
    answers: Answers,
    progress: Progress | None,
) -> tuple[list[FilePlan], list[Doubt]]:
    total, done = sum(each.raw.rows for each in found), 0
    result: list[FilePlan] = []
    doubts: list[Doubt] = []
    links = _links(found, workspace)

    def report(rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress("understanding rows", done, total)

    for each in found:
        if not each.mapping.table:
            result.append(replace(each, staged=kept_aside(each.raw, each.mapping)))
            continue
        mapping, note = with_defaults(each, workspace, answers)
        staged = cast(each.raw, mapping, links, report)
        doubts += currency_doubts(each.raw, staged, answers)
        result.append(replace(each, mapping=mapping, staged=staged, recognised=" ".join((each.recognised, *note))))
    return result, doubts
