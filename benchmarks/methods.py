"""What is compared: imports and the three results, each run in a process of its own, which prints what it took."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks import notebook
from benchmarks.data import ACCOUNTS, AS_OF, CHARGES
from decade import ingest
from decade.queries import catalogue
from decade.warehouse import Workspace

Took = dict[str, float]
ANSWERS = {"table": "accounts", "cents": "cents"}
RESULTS = ("movements", "triangle", "retention")
REPEATS = 5
LOAD = """
create table charges as
select * from read_csv($charges, header = true, auto_detect = false, columns = {
    charge_id: 'varchar', customer_id: 'varchar', subscription_id: 'varchar', plan: 'varchar',
    service_period_start: 'date', service_period_end: 'date', amount: 'bigint', currency: 'varchar',
    cancelled_at: 'date'
});
create table accounts as
select * from read_csv($accounts, header = true, auto_detect = false, columns = {
    account_id: 'varchar', name: 'varchar', segment: 'varchar', region: 'varchar', channel: 'varchar',
    customer_since: 'date'
});
"""


def import_decade(folder: Path, work: Path) -> Took:
    """The whole import into a new workspace: recognised, typed, checked, accounted for, marts built."""
    began = time.perf_counter()
    workspace = Workspace.open(work)
    ready = ingest.plan([folder / CHARGES, folder / ACCOUNTS], workspace, answers=ANSWERS)
    planned = time.perf_counter()
    held: list[float] = []

    def hear(what: str, done: int, _: int) -> None:
        if what == "building what pages ask" and not done:
            held.append(time.perf_counter())

    ingest.carry_out(ready, workspace, as_of=AS_OF, progress=hear)
    ended = time.perf_counter()
    workspace.close()
    return {
        "seconds": ended - began,
        "reading": planned - began,
        "loading": held[0] - planned,
        "marts": ended - held[0],
    }


def import_pandas(folder: Path, work: Path) -> Took:
    """Read, typed and checked in memory, then into the tables of a database file."""
    began = time.perf_counter()
    charges, accounts = notebook.read_checked(folder)
    planned = time.perf_counter()
    work.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(work / "plain.duckdb"))
    for name, frame in (("charges", charges), ("accounts", accounts)):
        connection.from_df(frame).create(name)
    connection.close()
    ended = time.perf_counter()
    return {"seconds": ended - began, "reading": planned - began, "loading": ended - planned}


def import_duckdb(folder: Path, work: Path) -> Took:
    """Typed load into a database file, without checks: the first bad row would stop it."""
    began = time.perf_counter()
    connection = _loaded(folder, work)
    connection.close()
    return {"seconds": time.perf_counter() - began}


def answers_pandas(folder: Path, work: Path) -> Took:
    """The typical notebook: account x month spread out in memory."""
    began = time.perf_counter()
    charges, accounts = notebook.read(folder)
    loaded = time.perf_counter()
    found = notebook.results(charges, accounts)
    took = {"seconds": time.perf_counter() - loaded, "reading": loaded - began}
    _keep(work, found)
    return took


def answers_duckdb(folder: Path, work: Path) -> Took:
    """The same spreading out, in SQL over a database file."""
    began = time.perf_counter()
    connection = _loaded(folder, work)
    loaded = time.perf_counter()
    connection.execute(_sql("exploded"))
    found = {name: connection.execute(_sql(name)).df() for name in RESULTS}
    took = {"seconds": time.perf_counter() - loaded, "reading": loaded - began}
    _keep(work, found)
    return took


def answers_decade(_: Path, work: Path) -> Took:
    """Marts built anew, then asked; and the median of asking again. The workspace was imported before."""
    workspace = Workspace.open(work)
    catalogue()
    began = time.perf_counter()
    workspace.set_conventions(workspace.conventions())
    built = time.perf_counter()
    found = _asked(workspace)
    asked = time.perf_counter()
    again = [_timed(lambda: _asked(workspace)) for _ in range(REPEATS)]
    workspace.close()
    _keep(work, found)
    return {"seconds": asked - began, "marts": built - began, "asking": float(np.median(again))}


def asking_decade(_: Path, work: Path) -> Took:
    """Only asked, from marts that are there: the median, and the memory of a process that does nothing else."""
    workspace = Workspace.open(work, create=False)
    catalogue()
    took = [_timed(lambda: _asked(workspace)) for _ in range(REPEATS)]
    workspace.close()
    return {"seconds": float(np.median(took))}


def _asked(workspace: Workspace) -> dict[str, pd.DataFrame]:
    bridge = workspace.ask("mrr_bridge")
    kinds = [
        bridge[["month", kind]].assign(kind=kind).set_axis(["month", "mrr", "kind"], axis=1) for kind in notebook.KINDS
    ]
    moved = pd.concat(kinds)
    logo, net = (workspace.ask("cohort_retention", kind=kind, grain="quarter") for kind in ("logo", "net"))
    cells = logo.merge(net, on=["cohort", "age"], suffixes=("", "_net"))
    cells = cells[cells["is_mature"] & (cells["age"] < 40)]
    triangle = cells[["cohort", "age"]].assign(
        active=cells["numerator"], mrr=cells["numerator_net"], base=cells["denominator_net"]
    )
    kept = workspace.ask("revenue_retention", form="ttm", by="segment")
    retention = kept.dropna(subset="nrr")[["month", "slice", "nrr", "grr"]].set_axis(
        ["month", "segment", "nrr", "grr"], axis=1
    )
    return {"movements": moved[moved["mrr"] != 0], "triangle": triangle, "retention": retention}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _loaded(folder: Path, work: Path) -> duckdb.DuckDBPyConnection:
    work.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(work / "plain.duckdb"))
    paths = {"charges": str(folder / CHARGES), "accounts": str(folder / ACCOUNTS)}
    for statement, name in zip(duckdb.extract_statements(LOAD), ("charges", "accounts"), strict=True):
        connection.execute(statement, {name: paths[name]})
    return connection


def _sql(name: str) -> str:
    return Path(__file__).with_name("exploded").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _keep(work: Path, found: dict[str, pd.DataFrame]) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for name, frame in found.items():
        frame.to_parquet(work / f"{name}.parquet")


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size / (1024**2 if sys.platform == "darwin" else 1024)
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


METHODS = {
    each.__name__: each
    for each in (
        import_decade,
        import_pandas,
        import_duckdb,
        answers_pandas,
        answers_duckdb,
        answers_decade,
        asking_decade,
    )
}

if __name__ == "__main__":
    processor = time.process_time()
    took = METHODS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    processor = time.process_time() - processor
    print(json.dumps({"seconds": took.pop("seconds"), "CPU": processor, **took, "megabytes": peak_megabytes()}))
