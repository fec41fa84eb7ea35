"""The command line's imports: carry one out, list them, undo one."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from decade import commands
from decade.errors import Refused
from decade.ui.export import csv_bytes
from decade.warehouse import DATABASE, Workspace


def import_files(options: argparse.Namespace) -> None:
    """Import files and print the account that adds up. Raises Doubts while a question is open."""
    from decade import ingest

    rates = ingest.typed_rates(commands.pairs(options.rate).items(), "--rate")
    choices = {"as_of": _day(options.as_of), "rates": rates, "reporting_currency": options.currency}
    folder = commands.folder_of(options.workspace)
    before = _in_folder(folder)
    workspace = Workspace.open(folder, heard=commands.say)
    ready = None
    progress = Told() if sys.stderr.isatty() and not options.json else None
    try:
        map_file = Path(options.map) if options.map else None
        ready = ingest.plan(options.files, workspace, source=options.source, map_file=map_file, progress=progress)
        report = ingest.carry_out(ready, workspace, **choices, dry_run=options.dry_run, progress=progress)
    except BaseException:
        if ready is not None:
            ready.discard(workspace)
        _take_away(workspace, before)
        raise
    if options.dry_run:
        ready.discard(workspace)
        _take_away(workspace, before)
    told: list[dict[str, Any]] = [account.row() for account in report.accounts]
    if options.json:
        totals = {"before": report.before, "after": report.after}
        written = {"files": told, "notices": list(report.notices), "dry_run": report.is_dry_run, "totals": totals}
        print(json.dumps(written, indent=1))
        return
    columns = ["file", "into", "read", "taken", "added", "changed", "vanished", "refused", "duplicate", "left_out"]
    print(pd.DataFrame(told)[columns].to_string(index=False))
    for row in told:
        _print_details(row)
    print_totals(report.before, report.after)
    for notice in report.notices:
        print(f"note: {notice}")
    if options.refused:
        _write_refused(Path(options.refused), told)
    if options.dry_run:
        print("Dry run: nothing was changed.")


def _in_folder(folder: Path) -> frozenset[str] | None:
    """The names of what a folder holds; None when there is no folder."""
    return frozenset(path.name for path in folder.expanduser().iterdir()) if folder.expanduser().is_dir() else None


def _take_away(workspace: Workspace, before: frozenset[str] | None) -> None:
    """Remove a workspace that was made for this import alone: what its folder did not hold before."""
    if before is not None and DATABASE in before:
        return
    workspace.close()
    for path in workspace.folder.iterdir():
        if path.name not in (before or ()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if before is None:
        workspace.folder.rmdir()


def _print_details(row: Mapping[str, Any]) -> None:
    for line in row["money"]:
        print(
            f"{row['file']}: {line['column']} {line['currency']}: read {line['read']} = taken {line['taken']} "
            f"+ refused {line['refused']} + duplicate {line['duplicate']} + left out {line['left_out']}"
        )
    for refusal in row["refusals"][:20]:
        what = f"{refusal['column']} {refusal['value']!r} {refusal['reason']}"
        print(f"{row['file']}, line {refusal['line']}: refused: {what}")
    if len(row["refusals"]) > 20:
        print(
            f"{row['file']}: {len(row['refusals']) - 20:,} more rows were refused; --refused FILE.csv writes them all"
        )
    if row["vanished"]:
        print(f"{row['file']}: {row['vanished']:,} rows of earlier exports are not in it any more; they are kept")


def _write_refused(path: Path, told: Sequence[Mapping[str, Any]]) -> None:
    rows = [{"file": row["file"], **refusal} for row in told for refusal in row["refusals"]]
    columns = ["file", "line", "column", "value", "reason", "raw"]
    path.write_bytes(csv_bytes(pd.DataFrame(rows, columns=columns)))
    print(f"{len(rows):,} refused rows are in {path}")


def list_imports(options: argparse.Namespace) -> None:
    """The imported files, newest first, with the number of their import."""
    workspace = Workspace.open(commands.folder_of(options.workspace), create=False, heard=commands.say)
    columns = ["import_id", "imported_at", "file_name", "sheet", "source_name", "table_name"]
    columns += ["rows_read", "rows_taken", "rows_refused", "rows_duplicate", "rows_left_out"]
    commands.print_frame(workspace.sources()[columns], options.format)


def undo(options: argparse.Namespace) -> None:
    """Take an import out again, and print the totals before and after."""
    workspace = Workspace.open(commands.folder_of(options.workspace), create=False, heard=commands.say)
    before, after = workspace.undo(options.import_id)
    print(f"Import {options.import_id} is undone.")
    print_totals(before, after)


def print_totals(before: Mapping[str, float], after: Mapping[str, float]) -> None:
    """What the workspace held before, and holds after, by name."""
    for name in before:
        if before[name] or after[name]:
            print(f"{name.replace('_', ' ')}: {number(before[name])} before, {number(after[name])} after")


def number(value: Any) -> str:
    """A total as people write it: money with its cents, a count without."""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


class Told:
    """One line on standard error that says how far an import is."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Write over the line before."""
        share = f"{done / total:.0%}" if total else ""
        print(f"\r\033[K{what} {share}" if done < total else "\r\033[K", end="", file=sys.stderr, flush=True)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"{text!r} is no day", where="--as-of", do="Write it as 2026-03-31.") from None
