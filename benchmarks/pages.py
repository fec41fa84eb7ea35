"""Server time of a page switch and of a filter change, beside a page that only says hello."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.browser import PROJECT, Answer, Session, cpu_milliseconds, serving, visiting

SERVER = PROJECT / "decade" / "ui" / "server.py"
HELLO = Path(__file__).with_name("hello.py")
PAGES = ("Net revenue retention", "Cohorts", "Big logos", "Account", "Scenarios")
ROUNDS = 6
WARM = 2
CHANGES = 24


def hello() -> dict[str, object]:
    """A press of a button on the page that says hello."""
    with serving(HELLO) as (port, process), visiting(port) as visitor:
        visitor.open()
        for _ in range(5):
            visitor.press()
        return _row("hello, a press of its button", process, (visitor.press() for _ in range(CHANGES)))


def decade(workspace: Path, label: str) -> list[dict[str, object]]:
    """Switches between the pages, asked before and for the first time in a scope; filters never set before."""
    rows = []
    with serving(SERVER, {"DECADE_WORKSPACE": str(workspace)}) as (port, process), visiting(port) as visitor:
        visitor.open()
        for _ in range(WARM):
            for page in PAGES:
                visitor.open(page)
        switches = (visitor.open(page) for _ in range(ROUNDS) for page in PAGES)
        rows.append(_row(f"{label}: page switch", process, switches))
        for page in PAGES:
            visitor.open(page)
            rows.append(_row(f"{label}: filter, {page}", process, _changes(visitor)))
        fresh = iter(_scopes(visitor))
        rows.append(_row(f"{label}: page switch, new scope", process, _new_scopes(visitor, fresh)))
    return rows


def _changes(visitor: Session) -> Iterator[Answer]:
    """Another value of a filter each time, one filter at a time, none seen before on this page."""
    done = 0
    for name, (_, values) in visitor.filters.items():
        for value in values[:6]:
            if done == CHANGES:
                break
            done += 1
            yield visitor.choose(name, [value])
        visitor.choose(name, [])


def _scopes(visitor: Session) -> list[tuple[str, list[str]]]:
    """Pairs of values, which no page was asked for before."""
    return [
        (name, [values[number], values[number + 1]])
        for name, (_, values) in visitor.filters.items()
        for number in range(min(len(values) - 1, 4))
    ]


def _new_scopes(visitor: Session, fresh: Iterator[tuple[str, list[str]]]) -> Iterator[Answer]:
    for name, values in fresh:
        visitor.open("Account")
        visitor.choose(name, values)
        for page in ("Net revenue retention", "Cohorts", "Big logos"):
            yield visitor.open(page)
        visitor.choose(name, [])


def _row(label: str, process: int, answers: Iterator[Answer]) -> dict[str, object]:
    """Milliseconds until the script has ended; processor time is that of the server, all its threads."""
    found, spent = [], []
    before = cpu_milliseconds(process)
    for answer in answers:
        after = cpu_milliseconds(process)
        if before is not None and after is not None:
            spent.append(after - before)
        found.append(answer)
        before = cpu_milliseconds(process)
    took = [each.milliseconds for each in found]
    return {
        "what": label,
        "n": len(found),
        "p50 ms": median(took),
        "p95 ms": float(np.percentile(took, 95)),
        "CPU ms": float(np.mean(spent)) if spent else None,
        "kB": median(each.kilobytes for each in found),
    }
