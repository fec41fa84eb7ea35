"""Bad input: one clear sentence, and nothing is changed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from decade.errors import Refused
from decade.ingest import carry_out, plan
from decade.warehouse import Workspace

HEADER = "customer_id,start_date,end_date,monthly_amount,currency\n"
BAD = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n\n\n", "blank lines"),
    "header.csv": (HEADER.encode(), "not one row"),
    "binary.csv": (bytes(range(256)) * 40, "not a table"),
    "songs.csv": (b"song,artist,length\nA,B,3\nC,D,4\n", "nothing here can be recognised"),
    "payments.csv": (b"id,Amount,Currency,Captured\nch_1,5,usd,TRUE\n", "payments do not change MRR"),
    "noid.csv": (HEADER.encode() + b",2024-01-01,,5,USD\n", "all 1 rows were refused"),
    "norate.csv": (
        HEADER.encode() + b"1,2024-01-01,,5,USD\n2,2024-01-01,,7,USD\n3,2024-01-01,,9,JPY\n",
        "JPY",
    ),
    "damaged.xlsx": (b"PK\x03\x04 nothing more", "damaged"),
    "damaged.parquet": (b"PAR1 nothing more", "damaged"),
    "damaged.jsonl": (b'{"a": 1}\n{oops\n', "line 2"),
}


def attempt(path: Path, workspace: Workspace) -> None:
    ready = plan([path], workspace)
    assert not ready.doubts, ready.doubts
    try:
        carry_out(ready, workspace)
    except Refused:
        ready.discard(workspace)
        raise


@pytest.mark.parametrize("name", BAD)
def test_one_sentence_and_nothing_changed(name: str, tmp_path: Path, workspace: Workspace) -> None:
    content, told = BAD[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        attempt(path, workspace)
    assert told in refused.value.sentence()
    assert "\n" not in refused.value.sentence()
    assert workspace.is_empty
    assert list(workspace.imports.iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no such file"):
        plan([tmp_path / "absent.csv"], workspace)


def test_a_refused_import_leaves_the_files_of_an_earlier_one(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "good.csv"
    path.write_text(HEADER + "1,2024-01-01,,5,USD\n")
    carry_out(plan([path], workspace), workspace)
    held = sorted(workspace.imports.iterdir())
    plan([path], workspace).discard(workspace)
    assert sorted(workspace.imports.iterdir()) == held


def test_refused_rows_are_told_by_line_with_their_money(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "some.csv"
    path.write_text(
        HEADER + '1,2024-01-01,,10,USD\n\n"two\nlines",2024-01-01,,1,USD\n,2024-01-01,,20,USD\n3,2024-01-01,,ten,USD\n'
        "4,2024-01-01,,5,USD,more,cells\n"
    )
    (only,) = plan([path], workspace).files
    assert only.staged is not None
    told = [(each.line, each.column, each.value) for each in only.staged.refusals]
    assert sorted(told) == [(6, "account_id", ""), (7, "amount", "ten"), (8, "", "")]
    (money,) = only.staged.money
    assert (str(money.read), str(money.refused), str(money.taken)) == ("36.0000", "25.0000", "11.0000")
    assert only.staged.rows_read == 5


def test_every_row_is_read_once_whatever_the_blank_lines(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("\n" + HEADER + "\n1,2024-01-01,,10,USD\n\n\r\n2,bad,,10,USD\n")
    (only,) = plan([path], workspace).files
    assert only.staged is not None
    assert [each.line for each in only.staged.refusals] == [7]


def test_archives_within_limits(tmp_path: Path, workspace: Workspace) -> None:
    good, nested, bomb = tmp_path / "good.zip", tmp_path / "nested.zip", tmp_path / "bomb.zip"
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("../../evil.csv", HEADER + "1,2024-01-01,,5,USD\n")
        archive.writestr("__MACOSX/._evil.csv", "noise")
    (only,) = plan([good], workspace).files
    assert only.raw.file_name == "evil.csv"
    assert not (tmp_path.parent / "evil.csv").exists()
    with zipfile.ZipFile(nested, "w") as archive:
        archive.write(good, "good.zip")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"0" * 50_000_000)
    for path in (nested, bomb):
        with pytest.raises(Refused):
            plan([path], workspace)
