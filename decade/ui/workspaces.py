"""Workspaces on a page: make one, and what was imported into it."""

from __future__ import annotations

import re

import streamlit as st

from decade.errors import Refused
from decade.places import workspaces_folder
from decade.ui import session
from decade.ui.table import title_of
from decade.warehouse import Workspace

SHOWN = [
    "file_name", "sheet", "source_name", "table_name", "imported_at",
    "rows_read", "rows_taken", "rows_refused", "rows_duplicate", "rows_left_out",
]  # fmt: skip


def create(name: str) -> None:
    """Make a workspace and choose it. Raises Refused on a name that is no plain word."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise Refused(f"{name!r} cannot name a workspace", where="workspace", do="Use letters, digits, - and _.")
    Workspace.open(workspaces_folder() / name)
    session.choose_workspace(name)


def sources_table() -> None:
    """The imported files, newest first, with what became of their rows."""
    with st.container(border=True):
        st.markdown("**Imported files**")
        frame = session.workspace().sources()
        st.dataframe(
            frame[SHOWN].rename(columns=title_of),
            hide_index=True,
            key="sources",
            column_config={
                title_of(name): st.column_config.NumberColumn(format="%,d") for name in SHOWN if "rows" in name
            },
        )
