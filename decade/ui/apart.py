"""Calculations in a process of their own: a long one and the pages would take turns on one interpreter."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

Answer = TypeVar("Answer")
PROJECT = Path(__file__).resolve().parents[2]


class Apart:
    """One process, begun when first needed; one calculation at a time. It ends when this process ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __call__(self, function: Callable[..., Answer], *given: object) -> Answer:
        """What a function of a module answers, or raises; it, what it is given and its answer are pickled."""
        with self._lock:
            try:
                is_answer, found = self._asked(function, given)
            except (OSError, EOFError, pickle.UnpicklingError):  # it could not begin, or was stopped: then here
                self.close()
                return function(*given)
        if is_answer:
            return cast(Answer, found)
        raise cast(Exception, found)

    def close(self) -> None:
        """Stop the process; the next calculation begins another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _asked(self, function: Callable[..., object], given: tuple[object, ...]) -> tuple[bool, object]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "decade.ui.apart"],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # what interrupts the app from the keyboard is not its own
            )
            atexit.register(self.close)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump((function, given), self._process.stdin)
        self._process.stdin.flush()
        return cast(tuple[bool, object], pickle.load(self._process.stdout))


def _serve() -> None:
    """Answer until nobody asks any more; pages come first where the system lets processes give way."""
    if hasattr(os, "nice"):
        os.nice(5)
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    while True:
        try:
            function, given = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        found: tuple[bool, object]
        try:
            found = True, function(*given)
        except Exception as trouble:
            found = False, trouble
        try:
            pickle.dump(found, answers)
            answers.flush()
        except BrokenPipeError:  # whoever asked has ended meanwhile
            os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())  # what is left is not flushed into the pipe
            return


if __name__ == "__main__":
    _serve()
