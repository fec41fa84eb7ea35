"""Work beside the pages, one piece at a time: what every session has turned away from is dropped before it begins."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Beside(Generic[Answer]):
    """Answers kept by the place they are about (which accounts of which workspace) and the kind of question.

    A visitor who asks about another place no longer waits for the one before. Nothing under way is stopped.
    """

    def __init__(self, name: str, kept: int) -> None:
        self._kept = kept
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._answers: OrderedDict[tuple[Hashable, str], Future[Answer]] = OrderedDict()
        self._visitors: dict[tuple[Hashable, str], set[str]] = {}
        self._lock = threading.Lock()

    def asked(self, visitor: str, place: Hashable, kind: str, work: Callable[[], Answer]) -> Future[Answer]:
        """The answer, or the promise of one; it is begun when nobody has asked before, and again when it failed."""
        key = place, kind
        with self._lock:
            self._leave(visitor, place)
            found = self._answers.get(key)
            if found is None or (found.done() and found.exception()):
                self._answers[key] = found = self._worker.submit(work)
                while len(self._answers) > self._kept:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            if not found.done():
                self._visitors.setdefault(key, set()).add(visitor)
            return found

    def answer(self, place: Hashable, kind: str) -> Answer | None:
        """The answer, when it is there."""
        with self._lock:
            found = self._answers.get((place, kind))
            return found.result() if found is not None and found.done() and not found.exception() else None

    def _leave(self, visitor: str, place: Hashable) -> None:
        for key, visitors in list(self._visitors.items()):
            found = self._answers.get(key)
            if found is None or found.done():
                del self._visitors[key]
            elif key[0] != place:
                visitors.discard(visitor)
                if not visitors and found.cancel():
                    del self._visitors[key], self._answers[key]
