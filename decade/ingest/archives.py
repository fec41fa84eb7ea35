"""Packed files: what is in them is read as if it had been given by itself, within limits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from decade.errors import Refused
from decade.ingest.raw import RawTable, Upload

MOST_MEMBERS = 200
MOST_BYTES = 8 << 30
MOST_RATIO = 200
_SMALL = 10 << 20  # bytes: below this a ratio says nothing

Reader = Callable[[Upload, Path], list[RawTable]]
_OPENERS: dict[str, Callable[[Path], gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile]] = {
    "gzip": gzip.GzipFile,
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}


def read_zip(upload: Upload, imports: Path, read: Reader) -> list[RawTable]:
    """The tables of every file in a ZIP, each by `read`. Refuses bombs, locked archives and archives in archives."""
    tables: list[RawTable] = []
    try:
        archive = zipfile.ZipFile(upload.path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise _damaged(upload) from None
    with archive, tempfile.TemporaryDirectory(dir=imports) as folder:
        members = [each for each in archive.infolist() if not each.is_dir() and not _is_noise(each.filename)]
        size = sum(each.file_size for each in members)
        packed = sum(each.compress_size for each in members) or 1
        if len(members) > MOST_MEMBERS or size > MOST_BYTES or (size > _SMALL and size / packed > MOST_RATIO):
            raise _bomb(upload)
        if not members:
            raise Refused("the archive is empty", where=upload.name, do="Give the files themselves.")
        for number, member in enumerate(members):
            unpacked = Path(folder) / str(number)
            try:
                with archive.open(member) as reading, unpacked.open("wb") as writing:
                    shutil.copyfileobj(reading, writing, 1 << 20)
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError):
                raise _damaged(upload) from None
            tables += read(Upload(unpacked, member.filename.replace("\\", "/").rpartition("/")[2]), imports)
            unpacked.unlink()
    return tables


def read_packed(upload: Upload, imports: Path, kind: str, read: Reader) -> list[RawTable]:
    """The table of a file packed by itself (gzip, bzip2, xz), within the same limits."""
    packed, size = max(1, upload.path.stat().st_size), 0
    with tempfile.TemporaryDirectory(dir=imports) as folder:
        unpacked = Path(folder) / "0"
        try:
            with _OPENERS[kind](upload.path) as reading, unpacked.open("wb") as writing:
                while piece := reading.read(1 << 20):
                    size += len(piece)
                    if size > MOST_BYTES or (size > _SMALL and size / packed > MOST_RATIO):
                        raise _bomb(upload)
                    writing.write(piece)
        except (OSError, EOFError, lzma.LZMAError, zlib.error):
            raise _damaged(upload) from None
        name = upload.name.rpartition(".")[0] if upload.name.lower().endswith((".gz", ".bz2", ".xz")) else upload.name
        return read(Upload(unpacked, name or upload.name), imports)


def _bomb(upload: Upload) -> Refused:
    return Refused("the archive unpacks to more than is allowed", where=upload.name, do="Give the files themselves.")


def _damaged(upload: Upload) -> Refused:
    return Refused("the archive is damaged or locked", where=upload.name, do="Unpack it first.")


def _is_noise(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
