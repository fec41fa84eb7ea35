"""Writers: plain CSV, Salesforce's report, and a small workbook with the same bytes each time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Row = Sequence[object]
SALESFORCE_FOOTER = (
    '\n"Grand Totals"\n\n"Confidential Information - Do Not Distribute"\n'
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
)


def text_of(rows: Iterable[Row], delimiter: str = ",", quote_all: bool = False) -> str:
    """Rows as delimited text with LF line ends."""
    out = io.StringIO()
    if quote_all:
        csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_csv(path: Path, header: str, rows: Iterable[Row], encoding: str = "utf-8") -> None:
    """A CSV under its header line."""
    path.write_bytes((header + "\n" + text_of(rows)).encode(encoding))


def write_report(path: Path, header: str, rows: Iterable[Row], has_footer: bool) -> None:
    """A Salesforce report: every value quoted, footer lines on request."""
    body = text_of([header.split(","), *rows], quote_all=True)
    path.write_bytes((body + (SALESFORCE_FOOTER if has_footer else "")).encode())


def american(day: date | None) -> str:
    """M/D/YYYY."""
    return f"{day.month}/{day.day}/{day.year}" if day else ""


_OPEN = "http://schemas.openxmlformats.org"
_OFFICE = f"{_OPEN}/officeDocument/2006/relationships"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_RELS = f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships">'
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETS}.styles+xml"/></Types>'
)
# The first cell format is plain, the second a date.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _cell(value: object) -> str:
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value else "<c/>"


def write_workbook(path: Path, sheet: str, rows: Iterable[Row]) -> None:
    """A workbook of one sheet: text, numbers and real dates."""
    body = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows)
    links = _relation(1, "worksheet", "worksheets/sheet1.xml") + _relation(2, "styles", "styles.xml")
    workbook = f'<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets>'
    cells = f"<sheetData>{body}</sheetData>"
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f"{_RELS}{_relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": f"{_RELS}{links}</Relationships>",
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_MAIN}">{cells}</worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(2026, 11, 1, 0, 0, 0))
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
