"""Runs the benchmarks and prints what each method took, beside Decade, as ratios."""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import pandas as pd

from benchmarks import data, pages
from benchmarks.methods import RESULTS

PROJECT = Path(__file__).resolve().parents[1]
SECTIONS = ("import", "results", "pages")
IMPORTS = {
    "import_decade": "Decade: whole import, marts included",
    "import_pandas": "pandas: read, typed, checked, into tables",
    "import_duckdb": "DuckDB: typed load, no checks",
}
RESULTS_BY = {
    "answers_pandas": "pandas, account x month",
    "answers_duckdb": "DuckDB, account x month",
    "answers_decade": "Decade: marts built, then asked",
    "asking_decade": "Decade: asked, marts there",
}
GIGABYTE = 1_400_000  # accounts, whose charges make a file of 1.2 GB
KEYS = {"movements": ["month", "kind"], "triangle": ["cohort", "age"], "retention": ["month", "segment"]}
TOLERANCE = {"mrr": 0.005, "base": 0.005, "active": 0.0, "nrr": 1e-9, "grr": 1e-9}


def main() -> None:
    """Reads the choice, runs it, and ends with an error when two methods disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[10_000, 100_000], help="sizes to run at")
    parser.add_argument("--only", choices=SECTIONS, nargs="+", default=list(SECTIONS), help="sections to run")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each method, interleaved (median taken)")
    parser.add_argument(
        "--gigabyte", action="store_true", help="import 15 million charges (1.2 GB) once as well; needs 8 GB of memory"
    )
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores; median of {chosen.repeats} interleaved runs, each in a process of its own.")
    with tempfile.TemporaryDirectory(prefix="decade-bench-") as name:
        work = Path(name)
        sizes = sorted(chosen.accounts)
        for size in sizes:
            data.write(work / str(size), size)
        if "import" in chosen.only:
            _heading("Import")
            _compare(work, sizes, IMPORTS, chosen.repeats, base="import_duckdb")
            if chosen.gigabyte:
                data.write(work / str(GIGABYTE), GIGABYTE)
                _compare(work, [GIGABYTE], IMPORTS, 1, base="import_duckdb")
        if "results" in chosen.only:
            _heading("Movements, the 40 x 40 quarterly triangle, TTM NRR and GRR by segment")
            _prepare(work, sizes)
            _compare(work, sizes, RESULTS_BY, chosen.repeats, base="answers_pandas")
            for size in sizes:
                print(f"{size:,} accounts: {_equal(work, size):,} numbers equal in all methods")
        if "pages" in chosen.only:
            _heading("Server time, in ms")
            _prepare(work, sizes[-1:])
            _pages(work, sizes[-1])


def _compare(work: Path, sizes: list[int], methods: dict[str, str], repeats: int, *, base: str) -> None:
    seconds: dict[tuple[str, int], float] = {}
    for size in sizes:
        runs: dict[str, list[dict[str, float]]] = {method: [] for method in methods}
        for _ in range(repeats):
            for method in methods:
                runs[method].append(_run(method, work, size))
        table = []
        for method, label in methods.items():
            took = {key: median(each[key] for each in runs[method]) for key in runs[method][0]}
            seconds[method, size] = took["seconds"]
            table.append({"method": label, **took})
        beside = next(each for each, method in zip(table, methods, strict=True) if method == base)
        for each in table:
            each["x time"] = each["seconds"] / beside["seconds"]
            each["x CPU"] = each["CPU"] / beside["CPU"]
            each["x memory"] = each["megabytes"] / beside["megabytes"]
        lines = data.count(work / str(size))
        print(f"\n{size:,} accounts, {lines:,} charges (x: beside {methods[base]})")
        print(_table(table))
    if len(sizes) > 1:
        growth = math.log(sizes[-1] / sizes[0])
        print(f"\ngrowth exponent, {sizes[0]:,} to {sizes[-1]:,} accounts")
        for method, label in methods.items():
            print(f"  {label}: {math.log(seconds[method, sizes[-1]] / seconds[method, sizes[0]]) / growth:.2f}")


def _run(method: str, work: Path, size: int) -> dict[str, float]:
    folder = _folder(work, method, size)
    if method.startswith("import") or method == "answers_duckdb":
        shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.methods", method, str(work / str(size)), str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{method} failed at {size:,} accounts:\n{done.stderr}")
    took: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return took


def _folder(work: Path, method: str, size: int) -> Path:
    """Where a method works; what asks Decade finds the workspace that its import left there."""
    return work / f"{size}-{'import_decade' if method.endswith('_decade') else method}"


def _prepare(work: Path, sizes: list[int]) -> None:
    for size in sizes:
        if not _folder(work, "import_decade", size).exists():
            _run("import_decade", work, size)


def _equal(work: Path, size: int) -> int:
    """How many numbers are the same in all three methods, to the cent and to 1e-9; ends when one is not."""
    count = 0
    for name in RESULTS:
        ours = _result(work, "answers_decade", size, name)
        for method in ("answers_pandas", "answers_duckdb"):
            theirs = _result(work, method, size, name)
            if not ours.index.equals(theirs.index):
                sys.exit(f"{name} at {size:,} accounts: Decade and {method} have different rows")
            for column in ours.columns:
                apart = (ours[column].astype(float) - theirs[column].astype(float)).abs().max()
                if not apart <= TOLERANCE[column]:
                    sys.exit(f"{name}.{column} at {size:,} accounts: Decade and {method} differ by {apart}")
        count += ours.size
    return count


def _result(work: Path, method: str, size: int, name: str) -> pd.DataFrame:
    frame = pd.read_parquet(_folder(work, method, size) / f"{name}.parquet")
    if "month" in frame.columns:
        frame["month"] = frame["month"].astype("datetime64[s]")
    keys = KEYS[name]
    frame[keys[-1]] = frame[keys[-1]].astype("int64" if keys[-1] == "age" else "str")
    return frame.set_index(keys).sort_index().sort_index(axis=1)


def _pages(work: Path, size: int) -> None:
    sample = work / "sample"
    program = (
        "import sys; from decade.commands import import_sample; from decade.warehouse import Workspace; "
        "import_sample(Workspace.open(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, str(sample)], cwd=PROJECT, check=True, capture_output=True)
    print(_table([pages.hello()]))
    for label, workspace in (("sample company", sample), (f"{size:,} accounts", _folder(work, "import_decade", size))):
        print(f"\n{label}")
        print(_table(pages.decade(workspace)))


def _table(rows: list[dict[str, object]]) -> str:
    frame = pd.DataFrame(rows)
    return frame.to_string(
        index=False, na_rep="-", float_format=lambda value: f"{value:,.3g}" if abs(value) < 10 else f"{value:,.0f}"
    )


def _heading(text: str) -> None:
    print(f"\n== {text} ==", flush=True)


if __name__ == "__main__":
    main()
