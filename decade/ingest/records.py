"""Lines to records: a cell may hold line ends, and a quote that never closes must not swallow the file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TextIO

from decade.errors import Refused
from decade.ingest.dialect import Dialect, cut

LONGEST = 1 << 24  # characters in one line
_AHEAD_LINES, _AHEAD_SIZE = 400, 1 << 20
_PATIENCE = 50  # quotes that never closed before little is read ahead


def records(opened: TextIO, dialect: Dialect, *, name: str, width: int | None = None) -> Iterator[tuple[int, str]]:
    """Each record with the number of the line on which it starts, without its line end; blank ones are left out.

    Lines are joined while a quote is open, if the cell then closes as it should. Refuses a line without end.
    """
    waiting: deque[tuple[int, str]] = deque()
    line, failed = 0, 0

    def following() -> tuple[int, str] | None:
        nonlocal line
        text = opened.readline(LONGEST + 1)
        if not text:
            return None
        line += 1
        if len(text) > LONGEST:
            raise Refused(
                f"line {line:,} is longer than {LONGEST >> 20} million characters",
                where=name,
                do="Export it again as CSV.",
            )
        return line, text.replace("\x00", "") if "\x00" in text else text

    while (each := waiting.popleft() if waiting else following()) is not None:
        number, text = each
        bare = text.rstrip("\r\n")
        if dialect.quote in bare and bare.count(dialect.quote) % 2 and (alone := cut(bare, dialect)).is_open:
            limit = _AHEAD_LINES if failed < _PATIENCE else 3
            held: list[tuple[int, str]] = []
            whole, size = text, len(text)
            while len(held) < limit and size < _AHEAD_SIZE:
                after = waiting[len(held)] if len(held) < len(waiting) else following()
                if after is None:
                    break
                if len(held) == len(waiting):
                    waiting.append(after)
                held.append(after)
                whole += after[1]
                size += len(after[1])
                if after[1].count(dialect.quote) % 2:
                    joined = cut(whole.rstrip("\r\n"), dialect, only_clean=True)
                    if joined.is_clean and (width is None or len(joined.cells) == width or len(alone.cells) != width):
                        bare = whole.rstrip("\r\n")
                        for _ in held:
                            waiting.popleft()
                        break
            else:
                failed += 1
        if bare.strip():
            yield number, bare
