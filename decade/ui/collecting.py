"""The garbage collector, kept off what lives long: it walks over all it knows at the end of every run of a page."""

from __future__ import annotations

import gc
import threading

SECONDS = 2.0
WHOLE = 60  # every so many times, what was set aside is looked through as well


def keep_apart() -> threading.Event:
    """Set aside what is alive, now and every few seconds in which pages ran; until the event is set.

    Kept answers, figures and sessions come and go by their references alone. Cycles among what was set aside are
    found when all of it is looked through.
    """
    gc.collect()
    gc.freeze()
    is_over = threading.Event()
    threading.Thread(target=_go_on, args=(is_over,), name="collecting", daemon=True).start()
    return is_over


def _go_on(is_over: threading.Event) -> None:
    seen = walks = 0
    while not is_over.wait(SECONDS):
        if (now := gc.get_stats()[2]["collections"]) == seen:
            continue
        walks += 1
        if walks % WHOLE == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        seen = now + 1
