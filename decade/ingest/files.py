"""Bytes to raw text tables: what kind of file it is, and who reads it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from decade.errors import Refused
from decade.ingest import archives, delimited, sheets
from decade.ingest.raw import RawTable, Upload, digest_of

_MAGIC = ((b"PK\x03\x04", "zip"), (b"PAR1", "parquet"), (b"\xd0\xcf\x11\xe0", "excel"))


def read(upload: Upload, imports: Path) -> list[RawTable]:
    """The tables that a file holds, written under `imports`. Refuses what is empty or not a table."""
    if not upload.path.is_file():
        raise Refused("there is no such file", where=upload.name, do="Check the path.")
    if upload.path.stat().st_size == 0:
        raise Refused("the file is empty", where=upload.name, do="Export it again.")
    imports.mkdir(parents=True, exist_ok=True)
    with upload.path.open("rb") as opened:
        start = opened.read(1 << 16)
    kind = next((kind for mark, kind in _MAGIC if start.startswith(mark)), "text")
    digest = digest_of(upload.path)
    if kind == "zip" and not _is_workbook(upload.path):
        return archives.read_zip(upload, imports, read)
    if kind in ("zip", "excel"):
        tables = sheets.read_workbook(upload, imports, digest)
    elif kind == "parquet":
        tables = sheets.read_parquet(upload, imports, digest)
    elif start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        tables = sheets.read_json_lines(upload, imports, digest)
    else:
        tables = [delimited.read_delimited(upload, imports, digest)]
    filled = [table for table in tables if table.rows]
    if not filled:
        raise Refused("there is a header and not one row below it", where=upload.name, do="Export it again with rows.")
    return filled


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return True
    return any(re.match(r"(xl/|\[Content_Types\]|content\.xml|mimetype)", name) for name in names)
