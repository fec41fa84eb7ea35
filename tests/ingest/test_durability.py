"""An import that is killed, or that the disk does not hold, leaves the workspace as before or as after it."""

from __future__ import annotations

import errno
import multiprocessing
import random
import resource
import shutil
import sys
import time
from pathlib import Path

import pytest

from decade import ingest
from decade.errors import Refused
from decade.warehouse import Workspace, opening
from decade.warehouse.opening import trouble_told

ROWS, KILLS = 12_000, 14
HEADER = "customer_id,start_date,end_date,monthly_amount,currency\n"
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["decade.ingest"])
State = tuple[object, ...]


def written(path: Path, first: int, rows: int) -> Path:
    lines = (
        f"C{at % 997},20{10 + at % 14}-{1 + at % 12:02}-01,,{at % 400 + 1},USD\n" for at in range(first, first + rows)
    )
    path.write_text(HEADER + "".join(lines))
    return path


def bring(folder: str, file: str, most_bytes: int = 0) -> None:
    """In a process of its own: one import from end to end, where no file may grow beyond so many bytes."""
    if most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        workspace = Workspace.open(folder)
        ingest.carry_out(ingest.plan([file], workspace), workspace)
    except Refused as refused:
        (Path(folder).parent / "told").write_text(refused.sentence())


def hold(folder: str, ready: object, done: object) -> None:
    """In a process of its own: have a workspace open until told."""
    Workspace.open(folder)
    ready.set()  # type: ignore[attr-defined]
    done.wait(60)  # type: ignore[attr-defined]


def state(folder: Path) -> State:
    """What a workspace says, and which files lie in it."""
    workspace = Workspace.open(folder, create=False)
    cursor = workspace.cursor()
    asked = (
        "select count(*), sum(amount), sum(hash(row_key)) from charges",
        "select count(*), sum(amount) from movements",
        "select count(*), sum(rows_taken) from sources",
        "select count(*) from refusals",
        "select count(*) from mappings",
    )
    found = tuple(cursor.execute(each).fetchone() for each in asked)
    files = tuple(sorted(path.name for path in workspace.imports.iterdir()))
    revision = workspace.revision
    workspace.close()
    return (*found, revision, files)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace that holds something already, and the file that is to come."""
    folder = tmp_path_factory.mktemp("killed")
    workspace = Workspace.open(folder / "w")
    ingest.carry_out(ingest.plan([written(folder / "first.csv", 0, 300)], workspace), workspace)
    workspace.close()
    written(folder / "second.csv", 200, ROWS)
    return folder


def started(folder: Path, file: Path, most_bytes: int = 0) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=bring, args=(str(folder), str(file), most_bytes))
    process.start()
    return process


def test_killed_at_any_moment(before: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(before / "w", whole)
    was = state(whole)
    began = time.monotonic()
    process = started(whole, before / "second.csv")
    process.join()
    took = time.monotonic() - began
    after = state(whole)
    assert process.exitcode == 0
    assert after != was
    assert after[0][0] == 200 + ROWS  # type: ignore[index]
    chance, reached = random.Random(20), []
    for trial in range(KILLS):
        folder = tmp_path / f"trial{trial}"
        shutil.copytree(before / "w", folder)
        process = started(folder, before / "second.csv")
        share = chance.uniform(0.1, 1.0) if trial % 2 else chance.uniform(0.5, 1.1)
        process.join(share * took)
        process.kill()
        process.join()
        found = state(folder)
        assert found in (was, after), f"killed after {share:.0%} of an import"
        reached.append(found)
        shutil.rmtree(folder)
    assert was in reached, "at least one was killed early enough to be as before"


def test_after_a_kill_the_import_can_be_carried_out(before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    shutil.copytree(before / "w", folder)
    process = started(folder, before / "second.csv")
    process.join(0.7)
    process.kill()
    process.join()
    process = started(folder, before / "second.csv")
    process.join()
    assert process.exitcode == 0
    assert state(folder)[0][0] == 200 + ROWS  # type: ignore[index]


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands for a full disk")
@pytest.mark.parametrize("room", [60_000, 400_000])
def test_a_full_disk_is_told_and_changes_nothing(room: int, before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    shutil.copytree(before / "w", folder)
    was = state(folder)
    process = started(folder, before / "second.csv", room)
    process.join()
    assert (tmp_path / "told").read_text().startswith(f"{folder}"), "one sentence, with the place"
    assert "the disk is full; nothing was changed" in (tmp_path / "told").read_text()
    assert state(folder) == was


def test_a_second_process_is_told_who_has_it(before: Path, tmp_path: Path) -> None:
    shutil.copytree(before / "w", tmp_path / "w")
    ready, done = PROCESSES.Event(), PROCESSES.Event()
    process = PROCESSES.Process(target=hold, args=(str(tmp_path / "w"), ready, done))
    process.start()
    assert ready.wait(60)
    with pytest.raises(Refused, match="another Decade has this workspace open"):
        Workspace.open(tmp_path / "w")
    done.set()
    process.join()
    Workspace.open(tmp_path / "w").close()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EROFS, "the folder cannot be written"),
        (errno.EACCES, "the folder cannot be written"),
        (errno.ENOSPC, "the disk is full; nothing was changed"),
        (errno.EDQUOT, "the disk is full; nothing was changed"),
    ],
)
def test_what_the_system_says_becomes_a_sentence(number: int, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=sentence), trouble_told(tmp_path):
        raise OSError(number, "told by the system")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Refused, match="the folder cannot be written"):
        Workspace.open(tmp_path / "file" / "w")


def test_what_does_not_fit_into_memory_goes_to_the_disk_after_sweeping_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace of an earlier version builds its marts while it is opened, which can need the disk already."""
    monkeypatch.setattr(opening, "MEMORY", "40MB")
    (tmp_path / "spill").mkdir()
    (tmp_path / "spill" / "left").touch()
    connection = opening.connect(tmp_path)
    assert not (tmp_path / "spill").exists()  # of a process that was killed
    large = "select count(*) from (select i, hash(i) as h from range(4000000) as r(i) order by h limit 3900000)"
    for _ in range(2):
        assert connection.execute(large).fetchall() == [(3_900_000,)]
        assert (tmp_path / "spill").exists()
        opening.sweep(connection.cursor(), tmp_path)
