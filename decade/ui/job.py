"""Long work of a session, on a thread of its own: how far it is, its result, and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from decade.errors import Doubts, Refused
from decade.warehouse import Progress


class Stopped(Exception):
    """A person stopped the work; nothing was changed."""


class Job:
    """One piece of work under way. `work` is given a Progress to call, which raises Stopped when it is to end."""

    def __init__(self, work: Callable[[Progress], Any], interrupt: Callable[[], None] | None = None) -> None:
        self.what, self.done, self.total = "starting", 0, 0
        self.result: Any = None
        self.problem: BaseException | None = None
        self._stop = threading.Event()
        self._interrupt = interrupt
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """True when the work has ended, one way or another."""
        return not self._thread.is_alive()

    @property
    def is_stopped(self) -> bool:
        """True when a person stopped it."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End the work at its next step, or in the midst of a question to the database."""
        self._stop.set()
        if self._interrupt is not None:
            self._interrupt()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the work is over, at most so long; True when it is."""
        self._thread.join(seconds)
        return self.is_over

    def outcome(self) -> Any:
        """The result of work that is over; raises what the work raised, and Stopped when it was stopped."""
        if self.is_stopped and self.result is None:
            raise Stopped
        if self.problem is not None:
            raise self.problem
        return self.result

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self.result = work(self._heard)
        except (Refused, Doubts, Stopped) as told:
            self.problem = told
        except Exception as bug:
            self.problem = bug

    def _heard(self, what: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self.what, self.done, self.total = what, done, total
