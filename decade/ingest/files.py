"""Bytes to raw text tables: what kind of file it is, and who reads it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from decade.errors import Refused
from decade.ingest import archives, delimited, documents, sheets
from decade.ingest.ledger import with_levels
from decade.ingest.raw import RawTable, Upload, digest_of
from decade.ingest.reshape import reshaped
from decade.ingest.spans import with_spans_apart

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "excel"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_FOREIGN = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"7z\xbc\xaf": "a 7z archive"}
_FOREIGN |= {b"Rar!": "a RAR archive", b"SQLite format 3": "a database", b"\x1f\x9d": "a packed file"}
_PACKED = ("gzip", "bzip2", "xz")
_HTML = re.compile(rb"(?is)\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta|div)\b")


def read(upload: Upload, imports: Path) -> list[RawTable]:
    """The tables that a file holds, written under `imports`. Refuses what is empty or not a table."""
    return _read(upload, imports, is_packed=False)


def _read(upload: Upload, imports: Path, *, is_packed: bool) -> list[RawTable]:
    if not upload.path.is_file():
        raise Refused("there is no such file", where=upload.name, do="Check the path.")
    if upload.path.stat().st_size == 0:
        raise Refused("the file is empty", where=upload.name, do="Export it again.")
    imports.mkdir(parents=True, exist_ok=True)
    with upload.path.open("rb") as opened:
        start = opened.read(1 << 16)
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise Refused(f"this is {what}, not a table", where=upload.name, do="Give CSV, Excel or Parquet.")
    kind = next((kind for mark, kind in _MAGIC if start.startswith(mark)), "text")
    if kind in _PACKED or (kind == "zip" and not _is_workbook(upload.path)):
        if is_packed:
            raise Refused("the archive holds another archive", where=upload.name, do="Unpack it first.")
        if kind == "zip":
            return archives.read_zip(upload, imports, _read_inside)
        return archives.read_packed(upload, imports, kind, _read_inside)
    tables = _tables(upload, imports, kind, start, digest_of(upload.path))
    filled = [table for table in tables if table.rows]
    if not filled:
        raise Refused("there is a header and not one row below it", where=upload.name, do="Export it again with rows.")
    return [with_levels(with_spans_apart(reshaped(table))) for table in filled]


def _read_inside(upload: Upload, imports: Path) -> list[RawTable]:
    return _read(upload, imports, is_packed=True)


def _tables(upload: Upload, imports: Path, kind: str, start: bytes, digest: str) -> list[RawTable]:
    if kind in ("zip", "excel"):
        return sheets.read_workbook(upload, imports, digest)
    if kind == "parquet":
        return sheets.read_parquet(upload, imports, digest)
    bare = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    if re.match(rb'\{\s*("|\})|\[\s*\{', bare):
        return documents.read_json(upload, imports, digest)
    if _HTML.match(bare):
        return documents.read_html(upload, imports, digest)
    return delimited.read_delimited(upload, imports, digest)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return True
    return any(re.match(r"(xl/|\[Content_Types\]|content\.xml|mimetype)", name) for name in names)
