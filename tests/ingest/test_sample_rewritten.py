"""The sample company written in other encodings, delimiters and locales gives the same canonical rows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from decade.ingest import plan
from decade.warehouse import Workspace

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
SMALL = [path for path in sorted(SAMPLE.glob("*.csv")) if path.stat().st_size < 600_000]
NAMES = [path.name for path in SMALL if not path.read_bytes().startswith(b"\xff\xfe")]
WAYS = {"tabs in UTF-16": ("\t", "utf-16", ""), "decimal commas in UTF-8 with a mark": (";", "utf-8-sig", ",")}
_NUMBER = re.compile(r"-?\d+\.\d+|-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SWAPPED = str.maketrans(".,", ",.")


def rewritten(text: str, delimiter: str, decimal: str) -> str:
    """The same cells under another delimiter, numbers with another decimal sign."""
    rows = csv.reader(io.StringIO(text, newline=""))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        changed = [cell.translate(_SWAPPED) if decimal and _NUMBER.fullmatch(cell) else cell for cell in row]
        writer.writerow(changed)
    return out.getvalue()


def typed(files: list[Path], desk: Workspace) -> dict[str, pa.Table]:
    ready = plan(files, desk)
    assert [each.question for each in ready.doubts] == []
    found = {}
    for each in ready.files:
        if each.staged is not None and each.staged.typed_path is not None:
            assert each.staged.rows_refused == 0
            table = pq.read_table(each.staged.typed_path)
            found[each.raw.file_name] = table.drop_columns(
                [name for name in ("source_row",) if name in table.schema.names]
            )
    return found


@pytest.mark.parametrize("way", WAYS)
def test_the_sample_company_in_other_words(way: str, tmp_path: Path, desk: Workspace) -> None:
    delimiter, encoding, decimal = WAYS[way]
    plain = typed([SAMPLE / name for name in NAMES], desk)
    files = []
    for name in NAMES:
        files.append(tmp_path / name)
        text = rewritten((SAMPLE / name).read_text(encoding="utf-8-sig"), delimiter, decimal)
        files[-1].write_bytes(text.encode(encoding))
    other = typed(files, desk)
    assert set(other) == set(plain)
    for name, table in plain.items():
        assert other[name].equals(table), name
