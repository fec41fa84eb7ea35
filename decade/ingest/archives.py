"""ZIP files: their members are read as if they had been given one by one, within limits."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from decade.errors import Refused
from decade.ingest.raw import RawTable, Upload

MOST_MEMBERS = 200
MOST_BYTES = 8 << 30
MOST_RATIO = 200


Reader = Callable[[Upload, Path], list[RawTable]]


def read_zip(upload: Upload, imports: Path, read: Reader) -> list[RawTable]:
    """The tables of every file in a ZIP, each by `read`. Refuses bombs, locked archives and archives in archives."""
    tables: list[RawTable] = []
    with zipfile.ZipFile(upload.path) as archive, tempfile.TemporaryDirectory(dir=imports) as folder:
        members = [each for each in archive.infolist() if not each.is_dir() and not _is_noise(each.filename)]
        size = sum(each.file_size for each in members)
        packed = sum(each.compress_size for each in members) or 1
        if len(members) > MOST_MEMBERS or size > MOST_BYTES or size / packed > MOST_RATIO:
            raise Refused(
                "the archive unpacks to more than is allowed",
                where=upload.name,
                do="Give the files themselves.",
            )
        for number, member in enumerate(members):
            if member.filename.lower().endswith(".zip"):
                raise Refused("the archive holds another archive", where=upload.name, do="Unpack it first.")
            unpacked = Path(folder) / str(number)
            try:
                with archive.open(member) as reading, unpacked.open("wb") as writing:
                    shutil.copyfileobj(reading, writing, 1 << 20)
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError):
                raise Refused("the archive is damaged or locked", where=upload.name, do="Unpack it first.") from None
            tables += read(Upload(unpacked, member.filename.replace("\\", "/").rpartition("/")[2]), imports)
    return tables


def _is_noise(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
