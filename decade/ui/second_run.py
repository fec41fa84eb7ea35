"""What takes long is drawn in a second run, which the page asks for by itself: what was clicked is answered first."""

from __future__ import annotations

import streamlit as st

from decade.ui import session
from decade.ui.fetch import not_like_the_next

KEPT = 200


def is_due(*choices: object) -> bool:
    """False in the first run for these choices in this scope of this data, true in every later one."""
    workspace = session.workspace()
    asked = (*choices, str(workspace.folder), workspace.opened, workspace.revision, session.scope())
    seen: dict[object, None] = session.stashed("seen") or {}
    if asked in seen:
        not_like_the_next()
        return True
    session.stash("seen", dict.fromkeys([*list(seen)[1 - KEPT :], asked]))
    return False


def come_back(height: int) -> None:
    """Room for what follows, in pixels, and the run that draws it as soon as this one is on the screen."""
    st.skeleton(height=height)
    is_first = iter([True])

    @st.fragment(run_every=0.1)
    def again() -> None:
        if not next(is_first, False):
            st.rerun()

    again()
