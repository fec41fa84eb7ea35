"""JSON and HTML to raw tables: JSON lines, a JSON list of objects, and the HTML table that some call a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from decade.errors import Refused
from decade.ingest.heading import heading
from decade.ingest.raw import MOST_COLUMNS, RawTable, Upload, raw_path, write_rows
from decade.ingest.sheets import json_cell
from decade.ingest.text import SAMPLE, encoding_of

Record = dict[str, Any]
MOST_BYTES = 256 << 20  # of a document that is read as a whole
_MOST_DEPTH = 5
_ROWS = "items"  # the list that an object is about, where it holds several: its own cells stand beside each of them


def read_json(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The one table of JSON objects, one a line or in a list; its columns are all names met, in order.

    An object within an object gives columns with both names (`plan.id`), and so does the one object of a list
    (`items.data.price`) where no list of that name holds more; any other list stays one cell of JSON.
    """
    several = {name for _, record in _records(upload) for each in _parts(record) for name in _several(each)}
    header: dict[str, int] = {}
    for _, record in _records(upload):
        for name, _ in (pair for each in _parts(record) for pair in _flat(each, several)):
            header.setdefault(name, len(header))
        if len(header) > MOST_COLUMNS:
            raise Refused(f"the objects have over {MOST_COLUMNS:,} names", where=upload.name, do="Give CSV.")
    if not header:
        raise Refused("the file holds no object", where=upload.name, do="Give a list of objects.")
    path = raw_path(imports, digest, 0)
    flat = ((line, dict(_flat(each, several))) for line, record in _records(upload) for each in _parts(record))
    rows = ((line, [record.get(name, "") for name in header]) for line, record in flat)
    count, faults = write_rows(path, len(header), rows)
    return [RawTable(upload.name, "", digest, path, tuple(header), count, 0, written="JSON", faults=faults)]


def _records(upload: Upload) -> Iterator[tuple[int, Record]]:
    try:
        with upload.path.open("r", encoding="utf-8-sig") as opened:
            first = next((text for text in opened if text.strip()), "")
        if not _is_whole(first):
            yield from _of_document(upload)
            return
        with upload.path.open("r", encoding="utf-8-sig") as opened:
            for line, text in enumerate(opened, start=1):
                if text.strip():
                    try:
                        record = json.loads(text)
                    except ValueError:
                        told = f"{upload.name}, line {line}"
                        raise Refused("this line is not JSON", where=told, do="Give JSON lines.") from None
                    if line == 1 and (inside := _unwrapped(record)) is not None:
                        yield from inside
                    elif isinstance(record, dict):
                        yield line, record
    except UnicodeDecodeError:
        raise Refused("the JSON is not UTF-8", where=upload.name, do="Write it again as UTF-8.") from None
    except RecursionError:
        raise Refused("the JSON is nested too deeply", where=upload.name, do="Give a list of objects.") from None


def _is_whole(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _of_document(upload: Upload) -> Iterator[tuple[int, Record]]:
    if upload.path.stat().st_size > MOST_BYTES:
        raise Refused("the JSON document is too large to be read as one", where=upload.name, do="Give JSON lines.")
    try:
        document = json.loads(upload.path.read_text(encoding="utf-8-sig"))
    except ValueError as problem:
        line = getattr(problem, "lineno", 1)
        raise Refused("this line is not JSON", where=f"{upload.name}, line {line}", do="Give JSON lines.") from None
    yield from _unwrapped(document) or ([(1, document)] if isinstance(document, dict) else [])


def _unwrapped(document: Any) -> list[tuple[int, Record]] | None:
    """The objects of a list, also of one in its wrapping, as an API answers; None for anything else."""
    if isinstance(document, dict):
        lists = [each for each in document.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        document = lists[0] if len(lists) == 1 and "id" not in document else None
    if not isinstance(document, list):
        return None
    return [(number, each) for number, each in enumerate(document, start=1) if isinstance(each, dict)]


def _parts(record: Record) -> list[Record]:
    """A subscription of several items, as an API tells it, once for each of them."""
    held = record.get(_ROWS)
    inside = held.get("data") if isinstance(held, dict) else None
    if not isinstance(inside, list) or len(inside) < 2 or not all(isinstance(each, dict) for each in inside):
        return [record]
    return [{**record, _ROWS: {"data": [each]}} for each in inside]


def _flat(record: Record, several: AbstractSet[str], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) and path not in several:
            value = value[0]
        if isinstance(value, dict) and depth < _MOST_DEPTH:
            yield from _flat(value, several, f"{path}.", depth + 1)
        else:
            yield path, json_cell(value)


def _several(record: Record, before: str = "", depth: int = 0) -> Iterator[str]:
    """The names of the lists that hold more than one object."""
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict):
            yield path
        inside = value[0] if isinstance(value, list) and value else value
        if isinstance(inside, dict) and depth < _MOST_DEPTH:
            yield from _several(inside, f"{path}.", depth + 1)


def read_html(upload: Upload, imports: Path, digest: str) -> list[RawTable]:
    """The largest table of an HTML page, as some tools write their "Excel" exports. Refuses a page without one."""
    if upload.path.stat().st_size > MOST_BYTES:
        raise Refused("the web page is too large to be read", where=upload.name, do="Export it as CSV.")
    data, parser = upload.path.read_bytes(), _Tables()
    parser.feed(data.decode(encoding_of(data[:SAMPLE], upload.name), errors="replace"))
    rows = max(parser.tables, key=len, default=[])
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        raise Refused("this is a web page, not a table", where=upload.name, do="Download the export itself.")
    numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(cell for cell in row)]
    top = heading([row for _, row in numbered[:400]])
    path = raw_path(imports, digest, 0)
    count, faults = write_rows(path, len(top.names), numbered[top.below :])
    preamble = tuple(" ".join(cell for cell in row if cell) for _, row in numbered[: top.first])
    line = numbered[top.first][0]
    return [RawTable(upload.name, "", digest, path, top.names, count, line, preamble, "HTML table", faults)]


class _Tables(HTMLParser):
    """The text of every table's cells, row by row; markup in them is dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
