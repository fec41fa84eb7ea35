"""A workspace: a folder with one database file, asked through cursors of one hardened connection."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from decade.conventions import Conventions
from decade.errors import Refused
from decade.queries import catalogue, in_folder
from decade.scope import Scope
from decade.warehouse import joining, keeping, linking, loading, marts, opening, undoing
from decade.warehouse.asking import Asker, ask
from decade.warehouse.frames import normalise
from decade.warehouse.staged import Loaded, Progress, Staged, Twin

_open: dict[Path, Workspace] = {}
_lock = threading.Lock()
_numbers = itertools.count(1)


class Workspace:
    """One company's data. Opened once a process; every question runs on its own cursor."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self.imports = folder / "imports"
        self._connection = connection
        self._counting = threading.Lock()
        self.opened = next(_numbers)
        self.is_closed = False
        self._revision = 0
        self._saved: dict[str, dict[str, str]] = {}
        self._writing = threading.RLock()
        self._changing: duckdb.DuckDBPyConnection | None = None

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = True, heard: Callable[[str], None] | None = None) -> Workspace:
        """The workspace in a folder, made when missing; `heard` is told of what takes long while it opens.

        Raises Refused when it cannot be opened.
        """
        path = Path(folder).expanduser().resolve()
        with _lock:
            if path in _open:
                return _open[path]
            if not create and not (path / opening.DATABASE).exists():
                raise Refused("there is no workspace here", where=str(folder), do="Import a file into it first.")
            workspace = cls(path, opening.connect(path))
            try:
                opening.prepare(workspace.cursor(), path, heard)
            except BaseException:
                workspace._connection.close()
                raise
            workspace._count()
            _open[path] = workspace
            return workspace

    def close(self) -> None:
        """Close the database; the workspace can be opened again."""
        with _lock:
            _open.pop(self.folder, None)
            self.is_closed = True
            self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own: one connection shared by threads gives wrong results."""
        return self._connection.cursor()

    @property
    def revision(self) -> int:
        """A number that grows with every change of what is held: part of every cache key."""
        return self._revision

    @property
    def is_empty(self) -> bool:
        """True before the first import."""
        row = self.cursor().execute("select count(*) from sources").fetchone()
        return row is None or row[0] == 0

    def conventions(self) -> Conventions:
        """The conventions with which the marts were built."""
        return marts.conventions(self.cursor())

    def set_conventions(self, conventions: Conventions) -> None:
        """Rebuild the marts under other conventions, in one transaction; another `as_of` is kept as chosen."""
        with self._transaction() as cursor:
            if conventions.as_of != marts.conventions(cursor).as_of:
                chosen = None if conventions.as_of is None else conventions.as_of.isoformat()
                marts.set_setting(cursor, "as_of", chosen)
            marts.rebuild(cursor, conventions)
            marts.next_revision(cursor)

    def ask(
        self,
        name: str,
        scope: Scope | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> pd.DataFrame:
        """The answer to a question: its promised columns, money and rates as float64, missing as missing."""
        return ask(self.cursor(), catalogue()[name], scope, settings, parameters)

    def history(self, kind: str, scope: Scope | None = None, *, by: str = "none", grain: str = "year") -> pd.DataFrame:
        """What projections learn from: the life table for logo, revenue levels for gross and net; counts as int64."""
        if kind == "logo":
            frame = self.ask("renewal_life_table", scope, by=by, grain=grain)
        else:
            frame = self.ask("revenue_levels", scope, by=by, kind=kind, grain=grain)
        return frame.astype({name: "int64" for name, found in frame.dtypes.items() if str(found) == "Int64"})

    @contextlib.contextmanager
    def under(self, conventions: Conventions, *, is_revenue_only: bool = False) -> Iterator[Asker]:
        """Something to ask as if other conventions were in force; nothing is changed.

        With `is_revenue_only`, what is about revenue alone is counted anew, and accounts keep their attributes.
        """
        with self._writing:
            cursor = self.cursor()
            cursor.execute("begin transaction")
            try:
                marts.rebuild(cursor, conventions, is_revenue_only=is_revenue_only)
                yield Asker(cursor)
            finally:
                cursor.execute("rollback")

    def load(
        self,
        staged: Sequence[Staged],
        *,
        as_of: date | None = None,
        rates: Mapping[str, float] | None = None,
        reporting_currency: str | None = None,
        today: date | None = None,
        dry_run: bool = False,
        learned: Mapping[str, str] | None = None,
        twins: Sequence[Twin] = (),
        progress: Progress | None = None,
    ) -> Loaded:
        """Load files in one transaction: all of it or nothing. A dry run rolls back and returns the account.

        `learned` mappings (by shape) and what was said of `twins` are kept with it.
        An `as_of` chosen earlier stays, unless the data had not reached it then and goes past it now.
        Raises Refused on a currency without a rate or an `as_of` before the data.
        """
        with self._transaction(keep=not dry_run) as cursor:
            known_before, before = marts.latest_day(cursor, today), loading.totals(cursor)
            if as_of is not None:
                marts.set_setting(cursor, "as_of", as_of.isoformat())
            if reporting_currency is not None:
                marts.set_setting(cursor, "reporting_currency", reporting_currency.upper())
            loading.add_rates(cursor, rates or {})
            accounts = loading.load(cursor, staged, progress)
            joining.decide(cursor, twins)
            marts.outgrow_as_of(cursor, known_before, marts.latest_day(cursor, today))
            conventions = replace(marts.conventions(cursor), as_of=None)
            marts.rebuild(cursor, conventions, today=today, progress=progress)
            loading.refuse_missing_rates(cursor)
            for shape, mapping in (learned or {}).items():
                keeping.save(cursor, "mappings", shape, mapping)
            after = loading.totals(cursor)
            is_told = bool(rates or as_of or reporting_currency or twins)
            if is_told or any(account.rows_taken for account in accounts):
                marts.next_revision(cursor)
        return Loaded(accounts, before, after)

    def undo(self, import_id: int, *, today: date | None = None) -> tuple[dict[str, float], dict[str, float]]:
        """Take an import out again, in one transaction; the totals of the workspace before and after.

        Raises Refused when there is no such import, or a currency would have no rate any more.
        """
        with self._transaction() as cursor:
            before, named = loading.totals(cursor), opening.named_files(cursor)
            undoing.undo(cursor, import_id, self.imports)
            marts.rebuild(cursor, replace(marts.conventions(cursor), as_of=None), today=today)
            loading.refuse_missing_rates(cursor)
            marts.next_revision(cursor)
            after = loading.totals(cursor)
        self.discard([self.imports / name for name in sorted(named - {""})])
        return before, after

    def link(self, pairs: Mapping[str, str | None]) -> None:
        """Keep that accounts of the CRM (left) are accounts of billing (right; None parts them), now and later."""
        with self._transaction() as cursor:
            linking.link(cursor, pairs)
            marts.rebuild(cursor, marts.conventions(cursor))
            marts.next_revision(cursor)

    def unmatched(self, staged: Sequence[Staged]) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[str, str, str]]]:
        """Ids of typed files that nothing knows; what each could mean; and the pairs that a person kept apart."""
        cursor = self.cursor()
        found = joining.unmatched(cursor, staged)
        if found.empty:
            return found, pd.DataFrame(columns=["kind", "name", "id"]), set()
        return found, joining.known(cursor), joining.kept_apart(cursor)

    def interrupt(self) -> None:
        """Break off the change that is under way on another thread, if there is one; nothing of it stays."""
        if (changing := self._changing) is not None:
            changing.interrupt()

    def discard(self, paths: Sequence[Path]) -> None:
        """Delete files that were written for an import that is not to be, except those that another one holds."""
        try:
            named = opening.named_files(self.cursor())
        except duckdb.ConnectionException:  # closed by a full disk: opening it again sweeps
            return
        for path in paths:
            if path.name not in named:
                path.unlink(missing_ok=True)

    def settings(self) -> dict[str, str]:
        """Everything that was decided for this workspace, by name."""
        return dict(self.cursor().execute("select name, value from settings").fetchall())

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep a decision; None forgets it."""
        with self._transaction() as cursor:
            marts.set_setting(cursor, name, value)

    @contextlib.contextmanager
    def change(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction at whose end the revision grows: for what is typed by hand."""
        with self._transaction() as cursor:
            yield cursor
            marts.next_revision(cursor)

    def saved(self, kind: str) -> dict[str, str]:
        """Saved `mappings` (by shape), `scenarios` (by name) or `notes` (by id), as JSON texts."""
        held = self._saved  # the change that makes an answer old puts another in its place
        if kind not in held:
            held[kind] = keeping.saved(self.cursor(), kind)
        return dict(held[kind])

    def save(self, kind: str, name: str, value: str | None) -> None:
        """Save a mapping, scenario or note under a name; None deletes it."""
        with self._transaction() as cursor:
            keeping.save(cursor, kind, name, value)

    def sources(self) -> pd.DataFrame:
        """The imported files, newest first, with what became of their rows."""
        return normalise(
            self.cursor().execute("select * from sources order by source_id desc").df(),
            in_folder("workspace")["sources"],
        )

    def raw_paths(self, source_name: str) -> list[tuple[Path, list[str]]]:
        """Raw text files of a kind imported earlier, oldest first, with their headers."""
        return loading.raw_paths(self.cursor(), self.imports, source_name)

    def _setting(self, name: str) -> str | None:
        row = self.cursor().execute("select value from settings where name = $name", {"name": name}).fetchone()
        return None if row is None else str(row[0])

    @contextlib.contextmanager
    def _transaction(self, *, keep: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._writing, opening.trouble_told(self.folder):
            cursor = self.cursor()
            cursor.execute("begin transaction")
            self._changing = cursor
            try:
                yield cursor
                self._changing = None
                cursor.execute("commit" if keep else "rollback")
            except duckdb.FatalException:  # the database shuts itself: the next visitor opens it anew, as it was
                self.close()
                raise
            except BaseException:
                with contextlib.suppress(duckdb.TransactionException):
                    cursor.execute("rollback")
                raise
            finally:
                self._changing = None
        self._count()

    def _count(self) -> None:
        """Read the revision once a change: only this process writes, and every page asks for it many times."""
        with self._counting:
            self._revision = int(self._setting("revision") or 0)
            self._saved = {}
