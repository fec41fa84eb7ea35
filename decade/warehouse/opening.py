"""Opening a workspace's database: hardened, its tables there, and nothing left of what was broken off."""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse import marts

DATABASE = "decade.duckdb"
SPILL = "spill"  # what does not fit into memory; once the database has made it, it has to stay
MEMORY = "1000MB"  # of the database; beside it, reading a file takes about half as much
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_TOLD_FULL = (
    "no space left",
    "disk full",
    "disk quota",
    "file too large",
    "could not write all bytes",
    "max_temp_directory",
)
_TOLD_CLOSED = ("permission denied", "read-only file system", "operation not permitted")


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """The connection to a workspace's database, made when missing. Raises Refused when it cannot be opened."""
    imports = folder / "imports"
    with trouble_told(folder):
        imports.mkdir(parents=True, exist_ok=True)
        try:
            connection = duckdb.connect(
                str(folder / DATABASE),
                config={
                    "temp_directory": str(folder / SPILL),
                    "memory_limit": MEMORY,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "allow_community_extensions": False,
                    "allow_persistent_secrets": False,
                    "python_enable_replacements": False,
                },
            )
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise Refused(
                    "another Decade has this workspace open", where=str(folder), do="Close it, or import through it."
                ) from None
            raise
    shutil.rmtree(folder / SPILL, ignore_errors=True)  # of a process that was killed; ours is not there yet
    # The order matters: directories first, then the lock on everything else.
    connection.execute("set allowed_directories = [$imports]", {"imports": str(imports)})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def prepare(cursor: duckdb.DuckDBPyConnection, folder: Path, heard: Callable[[str], None] | None = None) -> None:
    """Tables, views and marts as the SQL of today has them; what a broken-off import left is swept away.

    `heard` is told of what takes long, before it begins.
    """
    with trouble_told(folder):
        cursor.execute("begin transaction")
        for kind in ("tables", "workspace"):
            for question in in_folder(kind).values():
                cursor.execute(question.sql)
        marts.prepare(cursor, heard)
        cursor.execute("commit")
        sweep(cursor, folder)


def sweep(cursor: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Delete the files of a workspace that no import names: of uploads given up, of imports broken off or undone."""
    named = named_files(cursor)
    for path in (folder / "imports").iterdir():
        if path.name not in named and path.is_file():
            path.unlink(missing_ok=True)
    shutil.rmtree(folder / "uploads", ignore_errors=True)


def named_files(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the files in `imports` that belong to an import."""
    rows = cursor.execute("select raw_path, table_name, account from sources").fetchall()
    return {raw_path for raw_path, _, _ in rows} | {typed_name(*row) for row in rows}


def typed_name(raw_path: str, table_name: str, account: str) -> str:
    """The name of the typed rows of an imported file; nothing for a file that fills no table."""
    if not table_name:
        return ""
    told = json.loads(account)
    return str(told.get("typed") or raw_path.replace(".raw.parquet", f".{table_name}.parquet"))


@contextlib.contextmanager
def trouble_told(folder: Path) -> Iterator[None]:
    """A full disk, a folder that cannot be written, a broken file, money too large: each as one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(folder) from None
        if error.errno in _CLOSED or isinstance(error, NotADirectoryError | FileExistsError | FileNotFoundError):
            raise Refused(
                f"the folder cannot be written ({error.strerror})", where=str(folder), do="Choose another."
            ) from None
        raise
    except duckdb.ConversionException as error:
        if "to DECIMAL" not in str(error):
            raise
        raise Refused(
            "an amount at its rate is too large to be held",
            where="exchange rates",
            do="Correct the rate or the amount.",
        ) from None
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.OutOfMemoryException,
        duckdb.TransactionException,
    ) as error:
        told = str(error).lower()
        if any(each in told for each in _TOLD_FULL):
            raise _full(folder) from None
        if any(each in told for each in _TOLD_CLOSED):
            raise Refused("the folder cannot be written", where=str(folder), do="Choose another.") from None
        if isinstance(error, duckdb.IOException):
            raise Refused(
                "the database cannot be read or written", where=str(folder), do=str(error).splitlines()[0]
            ) from None
        raise


def _full(folder: Path) -> Refused:
    return Refused("the disk is full; nothing was changed", where=str(folder), do="Make room, then import again.")
