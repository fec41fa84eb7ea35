"""Server time of every page: switched to, filtered, clicked; beside a page that only says hello."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.browser import PROJECT, Answer, Session, cpu_milliseconds, serving, visiting

SERVER = PROJECT / "decade" / "ui" / "server.py"
HELLO = Path(__file__).with_name("hello.py")
ROUNDS = 4
CHANGES = 12
PRESSES = 24


def hello() -> dict[str, object]:
    """A press of a button on the page that says hello."""
    with serving(HELLO) as (port, process), visiting(port) as visitor:
        visitor.open()
        for _ in range(5):
            visitor.press()
        before = cpu_milliseconds(process)
        pressed = [visitor.press() for _ in range(PRESSES)]
        return {"page": "hello, its button", **_taken("click", pressed), **_used(process, before, PRESSES)}


def decade(workspace: Path, only: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """One row a page, milliseconds until the script has ended, p50 and p95.

    first: opened before anyone else did; switch: opened again, from another page; new scope: opened from another
    page under filters that no page was asked for before; filter: another value, never set before; click: one of its
    choices, or one of its boxes opened, for the first time; second run: what the page draws by itself after a filter's
    change, from when it asks. CPU: of the whole server, in a filter's change.
    """
    with serving(SERVER, {"DECADE_WORKSPACE": str(workspace)}) as (port, process), visiting(port) as visitor:
        visitor.open()
        pages = [page for page in visitor.pages if not only or page in only]
        rows: dict[str, dict[str, object]] = {
            page: {"page": page, "first": visitor.open(page).milliseconds} for page in pages
        }
        switches = [(page, visitor.open(page)) for _ in range(ROUNDS) for page in pages]
        for page in pages:
            rows[page] |= _taken("switch", [answer for name, answer in switches if name == page][1:])
        for number, page in enumerate(pages):
            rows[page] |= _taken("new scope", list(_new_scopes(visitor, page, number)))
            _begin(visitor, page, number + len(pages))
            before = cpu_milliseconds(process)
            changes = list(_changes(visitor))
            used = _used(process, before, len(changes))
            later = [each.rest for each in changes if each.rest is not None]
            rows[page] |= {**_taken("filter", changes), **_taken("click", list(_clicks(visitor))), **used}
            rows[page]["second run"] = median(later) if later else None
            rows[page]["kB"] = median(each.kilobytes for each in changes)
    return list(rows.values())


def _begin(visitor: Session, page: str, number: int) -> None:
    """Open a page from a month on that belongs to it alone, so that no other page has asked for its filters."""
    if visitor.months is not None:
        visitor.choose(visitor.months, visitor.months.options[1 + number % (len(visitor.months.options) // 2)])
    visitor.open(page)


def _new_scopes(visitor: Session, page: str, number: int) -> Iterator[Answer]:
    """A page opened under another filter each time; the filter is set on a page that asks little."""
    _begin(visitor, "Definitions", number)
    for widget in list(visitor.filters.values())[:ROUNDS]:
        visitor.choose(widget, [widget.options[0]])
        yield visitor.open(page)
        visitor.open("Definitions")
        visitor.reset(widget)


def _changes(visitor: Session) -> Iterator[Answer]:
    """Another value of a filter each time, one filter at a time, none set before on this page."""
    widgets = [each for each in visitor.filters.values() if each.options]
    for widget in widgets:
        for value in widget.options[: max(2, CHANGES // len(widgets))]:
            yield visitor.choose(widget, [value])
        visitor.reset(widget)


def _clicks(visitor: Session) -> Iterator[Answer]:
    """Every other value of each choice, then every box opened, one after the other."""
    for widget in list(visitor.choices.values()):
        for value in widget.options[1:]:
            yield visitor.choose(widget, [value])
        visitor.reset(widget)
    for widget in list(visitor.boxes.values()):
        yield visitor.choose(widget, value=True)
        visitor.reset(widget)


def _taken(what: str, answers: list[Answer]) -> dict[str, object]:
    took = [each.milliseconds for each in answers]
    if not took:
        return {what: None, f"{what} p95": None}
    return {what: median(took), f"{what} p95": float(np.percentile(took, 95))}


def _used(process: int, before: float | None, answers: int) -> dict[str, object]:
    after = cpu_milliseconds(process)
    return {"CPU": None if before is None or after is None or not answers else (after - before) / answers}
