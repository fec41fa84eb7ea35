"""Undoing an import leaves the workspace as if the file had never come, whatever came before and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from decade.errors import Refused
from decade.ingest import carry_out, plan
from decade.warehouse import Workspace

HEADER = "subscription_id,customer_id,plan,start_date,end_date,monthly_amount,currency\n"
JANUARY = HEADER + "s1,A,Pro,2024-01-01,2024-07-01,100,USD\ns2,B,Pro,2024-02-01,2024-08-01,50,USD\n"
# s1 has another price, s2 is as before, s3 is new
MARCH = (
    HEADER
    + "s1,A,Pro,2024-01-01,2024-07-01,120,USD\ns2,B,Pro,2024-02-01,2024-08-01,50,USD\n"
    + ("s3,C,Pro,2024-03-01,2024-09-01,70,USD\n")
)
MAY = HEADER + "s3,C,Pro,2024-03-01,2024-09-01,70,USD\ns4,D,Pro,2024-05-01,2024-11-01,10,USD\n"
ACCOUNTS = "account_id,name,segment\nA,Alder,SMB\nB,Birch,SMB\n"
FILES = {"january.csv": JANUARY, "march.csv": MARCH, "may.csv": MAY, "accounts.csv": ACCOUNTS}
MAPPING = """
name = "ours"
table = "charges"
[columns]
charge_id = [{ from = "subscription_id" }]
account_id = [{ from = "customer_id" }]
plan = [{ from = "plan" }]
starts_on = [{ from = "start_date" }]
ends_on = [{ from = "end_date" }]
amount = [{ from = "monthly_amount" }]
interval_unit = [{ value = "month" }]
currency = [{ from = "currency" }]
"""


def bring(workspace: Workspace, folder: Path, *names: str) -> None:
    """Each file as an import of its own."""
    mapping = folder / "mapping.toml"
    mapping.write_text(MAPPING)
    for name in names:
        path = folder / name
        path.write_text(FILES[name])
        known = {"answers": {"table": "accounts"}} if "accounts" in name else {"map_file": mapping}
        carry_out(plan([path], workspace, **known), workspace)


def held(workspace: Workspace) -> list[tuple[object, ...]]:
    """Everything that the tables say, without which file said it."""
    cursor = workspace.cursor()
    charges = (
        "select charge_id, account_id, starts_on, ends_on, amount, row_key, content_hash from charges order by all"
    )
    movements = "select account_id, month, kind, opening, amount, closing from movements order by all"
    accounts = "select account_id, name, segment, row_key from accounts order by all"
    return [row for asked in (charges, accounts, movements) for row in cursor.execute(asked).fetchall()]


ALL = ("january.csv", "march.csv", "may.csv", "accounts.csv")


@pytest.mark.parametrize("undone", range(4))
def test_as_if_it_had_never_come(undone: int, tmp_path: Path) -> None:
    with_it, without = (Workspace.open(tmp_path / name) for name in ("with", "without"))
    bring(with_it, tmp_path, *ALL)
    bring(without, tmp_path, *(name for at, name in enumerate(ALL) if at != undone))
    before, after = with_it.undo(undone + 1)
    assert held(with_it) == held(without)
    assert with_it.conventions().as_of == without.conventions().as_of
    assert ALL[undone] not in with_it.sources()["file_name"].tolist()
    assert (after == before) == (undone == 0), "March brought everything that January had"
    read, taken, duplicate = (with_it.sources()[f"rows_{name}"].sum() for name in ("read", "taken", "duplicate"))
    assert read == taken + duplicate
    kept = {path.name for path in with_it.imports.iterdir()}
    assert len(kept) == 6, "raw text and typed rows of the three imports that stay, and nothing else"
    with_it.close(), without.close()


def test_all_undone_is_an_empty_workspace(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    bring(workspace, tmp_path, *ALL)
    for import_id in (2, 4, 1, 3):
        workspace.undo(import_id)
    assert held(workspace) == []
    assert workspace.is_empty
    assert list(workspace.imports.iterdir()) == []
    with pytest.raises(Refused, match="there is no import 3"):
        workspace.undo(3)
    workspace.close()


def test_a_newer_export_says_what_changed(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    bring(workspace, tmp_path, "january.csv")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    newer = tmp_path / "newer.csv"
    newer.write_text(MARCH.replace("s2,B,Pro,2024-02-01,2024-08-01,50,USD\n", ""))
    report = carry_out(plan([newer], workspace, map_file=tmp_path / "mapping.toml"), workspace)
    (account,) = report.accounts
    assert (account.rows_added, account.rows_changed, account.rows_vanished) == (1, 1, 1)
    assert [(each.what, each.line, each.row) for each in account.changes] == [
        ("changed", 2, "s1"),
        ("vanished", 3, "s2"),
    ]
    assert (report.before["charges"], report.after["charges"]) == (2, 3), "what vanished is told, and kept"
    assert report.after["charged"] - report.before["charged"] == pytest.approx(120 + 70 - 100)
    later = tmp_path / "later.csv"
    later.write_text(MAY)
    (account,) = carry_out(plan([later], workspace, map_file=tmp_path / "mapping.toml"), workspace).accounts
    assert account.rows_vanished == 0, "rows before the days of a file cannot vanish from it"
    workspace.close()
