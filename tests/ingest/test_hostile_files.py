"""Hostile input: a sentence or exact cells; never a traceback, a memory explosion, or a row lost without a word."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from decade.errors import Refused
from decade.ingest import plan
from decade.ingest.files import read
from decade.ingest.raw import RawTable, Upload
from decade.warehouse import Workspace

HEADER = ["customer_id", "plan", "start_date", "end_date", "monthly_amount", "currency"]
ROOT = Path(__file__).resolve().parents[2]


def rows_of(raw: RawTable) -> list[list[str]]:
    return [[cell or "" for cell in list(row.values())[1:]] for row in pq.read_table(raw.path).to_pylist()]


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    return path


@pytest.fixture
def naughty(shared_data: Path) -> list[str]:
    with next((shared_data / "blns").rglob("*.json")).open(encoding="utf-8") as opened:
        return [text for text in json.load(opened) if text.strip() and "\x00" not in text]


def test_naughty_strings_as_names(naughty: list[str], tmp_path: Path, desk: Workspace) -> None:
    rows = [[f"c{at}", text, "2024-01-01", "", "10.50", "EUR"] for at, text in enumerate(naughty)]
    path = written(tmp_path / "names.csv", [HEADER, *rows])
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert rows_of(raw) == rows
    (only,) = plan([path], desk).files
    assert only.staged is not None
    assert only.staged.rows_refused == 0
    plans = pq.read_table(only.staged.typed_path).column("plan").to_pylist()
    assert len(plans) == len(naughty)
    assert "<script>alert(123)</script>" in plans


def test_naughty_strings_as_headers_and_file_names(naughty: list[str], tmp_path: Path, desk: Workspace) -> None:
    header = [*HEADER, *(" ".join(text.split()) for text in naughty[:300])]
    row = ["1", "Pro", "2024-01-01", "", "10", "EUR", *("" for _ in naughty[:300])]
    path = written(tmp_path / "headers.csv", [header, [*row[:-1], "x"]])
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert list(raw.header[: len(HEADER)]) == HEADER
    for place, name in enumerate(naughty):
        upload = Upload(written(tmp_path / "one.csv", [HEADER, row[: len(HEADER)]]), name)
        found = read(upload, desk.imports) if place % 10 else [each.raw for each in plan([upload], desk).files]
        assert [each.file_name for each in found] == [name]
        assert found[0].path.parent == desk.imports


def test_nul_bytes_are_left_out_of_cells(tmp_path: Path, desk: Workspace) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes(b"customer_id,start_date,end_date,monthly_amount,currency\n1\x00,2024-01-01,,1\x000,EUR\n")
    (only,) = plan([path], desk).files
    assert only.staged is not None
    assert pq.read_table(only.staged.typed_path).column("account_id").to_pylist() == ["1"]


def test_a_quote_that_never_closes_spoils_its_own_row_alone(tmp_path: Path) -> None:
    rows = [[str(at), f"Plan {at}", "2024-01-01", "", "10.00", "EUR"] for at in range(5000)]
    lines = [",".join(HEADER), *(",".join(row) for row in rows)]
    lines[101] = lines[101].replace("Plan 100", '"Plan 100')
    path = tmp_path / "open.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    found = rows_of(raw)
    assert len(found) == 5000
    assert found[100][1] == '"Plan 100'
    assert [row for at, row in enumerate(found) if row != rows[at]] == [found[100]]


def test_a_thousand_open_quotes_take_no_more_than_their_time(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("a,b,c\n" + '1,"x,3\n' * 20_000, encoding="utf-8")
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert raw.rows == 20_000


@pytest.mark.parametrize(
    "text", ["a," * 1_000_000 + "\n" + "1," * 1_000_000 + "\n", "x" * (100 << 20), "a,b\n" + "y" * (40 << 20)]
)
def test_a_million_columns_and_a_line_without_end_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(text)
    with pytest.raises(Refused) as refused:
        read(Upload(path, path.name), tmp_path / "raw")
    assert "\n" not in refused.value.sentence()
    assert not list((tmp_path / "raw").glob("*.parquet"))


def test_archives_in_archives_and_bombs(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    disguised = tmp_path / "disguised.zip"
    with zipfile.ZipFile(disguised, "w") as archive:
        archive.writestr("table.csv", inner.getvalue())
    zeros = b"0" * (30 << 20)
    bombs = {"gz": gzip.compress(zeros), "bz2": bz2.compress(zeros), "xz": lzma.compress(zeros)}
    files = [disguised]
    for kind, data in bombs.items():
        files.append(tmp_path / f"bomb.csv.{kind}")
        files[-1].write_bytes(data)
    sheet = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (150 << 20))
    for path in [*files, sheet]:
        with pytest.raises(Refused, match=r"archive|allowed"):
            read(Upload(path, path.name), tmp_path / "raw")
    assert not list((tmp_path / "raw").iterdir())


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz"])
def test_a_packed_file_that_is_cut_off(kind: str, tmp_path: Path) -> None:
    pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind]
    path = tmp_path / f"a.csv.{kind}"
    path.write_bytes(pack(b"a,b\n1,2\n" * 1000)[:-12])
    with pytest.raises(Refused, match="damaged"):
        read(Upload(path, path.name), tmp_path / "raw")


def test_deep_and_odd_documents(tmp_path: Path) -> None:
    for name, text in {
        "deep.json": '{"a":' * 100_000 + "1" + "}" * 100_000,
        "list.json": "[" * 100_000 + "]" * 100_000,
        "none.json": "{}",
        "page.html": "<!doctype html><html><body><p>Sign in to go on</p></body></html>",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(Refused):
            read(Upload(path, path.name), tmp_path / "raw")


def test_a_web_page_that_is_called_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.xls"
    cells = "".join(f"<tr><td>{at}</td><td>A &amp; B <b>Ltd</b></td><td>1.50</td></tr>" for at in range(3))
    path.write_text(f"<html><table><tr><th>id</th><th>name</th><th>amount</th></tr>{cells}</table></html>")
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert raw.header == ("id", "name", "amount")
    assert rows_of(raw)[0] == ["0", "A & B Ltd", "1.50"]


def test_bytes_of_another_encoding_far_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    head = "id,name\n" + "1,plain\n" * 100_000
    path.write_bytes(head.encode() + "2,Müller\n".encode("cp1252"))
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert rows_of(raw)[-1] == ["2", "Müller"]
    path.write_bytes(head.encode() + "2,Łódź\n".encode() * 5 + "3,Müller\n".encode("cp1252"))
    (raw,) = read(Upload(path, path.name), tmp_path / "raw")
    assert rows_of(raw)[-2:] == [["2", "Łódź"], ["3", "Müller"]]


def test_memory_stays_bounded_on_an_irregular_file(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as opened:
        opened.write("id,name,amount\n")
        for at in range(400_000):
            opened.write(f'{at},"two\nlines, {at}",{at}.50\n')
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom decade.ingest.files import read\n"
        "from decade.ingest.raw import Upload\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"(raw,) = read(Upload(Path({str(path)!r}), 'long.csv'), Path({str(tmp_path / 'raw')!r}))\n"
        "print(raw.rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    rows, megabytes = (int(word) for word in told.stdout.split())
    assert rows == 400_000
    assert megabytes < 300
