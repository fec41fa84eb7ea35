"""An import that is stopped at any step leaves nothing behind: no row, no file, no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from decade.ingest import carry_out, plan
from decade.ui.job import Job, Stopped
from decade.warehouse import Workspace

PERIODS = (
    "customer_id,start_date,end_date,monthly_amount,currency\nA,2024-01-31,,100,USD\nB,2024-02-01,2024-06-30,50,USD\n"
)


class StopAt:
    """Hears how far an import is, and stops it at the step of that number."""

    def __init__(self, step: int) -> None:
        self.left, self.heard = step, list[tuple[str, int, int]]()

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self.left:
            raise Stopped
        self.left -= 1
        self.heard.append((what, done, total))


def bring(workspace: Workspace, file: Path, progress: StopAt) -> None:
    ready = plan([file], workspace, progress=progress)
    try:
        carry_out(ready, workspace, progress=progress)
    except BaseException:
        ready.discard(workspace)
        raise


def held(workspace: Workspace) -> tuple[object, ...]:
    names = ("charges", "sources", "movements", "mappings", "settings")
    counts = [workspace.cursor().execute(f"select count(*) from {name}").fetchone() for name in names]
    return workspace.revision, *counts, sorted(workspace.imports.iterdir())


def test_stopped_at_every_step(tmp_path: Path) -> None:
    file = tmp_path / "periods.csv"
    file.write_text(PERIODS)
    whole = Workspace.open(tmp_path / "whole")
    told = StopAt(1000)
    bring(whole, file, told)
    assert whole.revision == 1
    whole.close()
    assert all(0 <= done <= total for _, done, total in told.heard), "no bar goes beyond its end"
    by_step: dict[str, list[int]] = {}
    for what, done, _ in told.heard:
        by_step.setdefault(what, []).append(done)
    assert list(by_step) == ["reading", "understanding rows", "loading rows", "building what pages ask"]
    assert all(found == sorted(found) for found in by_step.values()), "no bar goes back"
    workspace = Workspace.open(tmp_path / "stopped")
    was = held(workspace)
    for step in range(len(told.heard)):
        with pytest.raises(Stopped):
            bring(workspace, file, StopAt(step))
        assert held(workspace) == was, told.heard[step]
    bring(workspace, file, StopAt(1000))
    assert workspace.revision == 1
    workspace.close()


def test_a_job_gives_its_result_or_what_went_wrong() -> None:
    assert Job(lambda progress: 7).wait()
    done = Job(lambda progress: 7)
    done.wait()
    assert done.outcome() == 7

    def fail(progress: object) -> None:
        raise KeyError("a bug")

    failed = Job(fail)
    failed.wait()
    with pytest.raises(KeyError):
        failed.outcome()


def test_a_job_that_is_stopped_breaks_off_a_question_to_the_database(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")

    def endless(progress: object) -> None:
        with workspace._transaction() as cursor:
            cursor.execute(
                "select count(*) from range(100000) a, range(100000) b, range(100000) c where a.range < b.range"
            )

    job = Job(endless, workspace.interrupt)
    assert not job.wait(1)
    job.stop()
    assert job.wait(30)
    with pytest.raises(Stopped):
        job.outcome()
    workspace.close()
