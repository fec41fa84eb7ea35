"""What a page shows when there is nothing to show: why, and the next step in one click."""

from __future__ import annotations

import streamlit as st

from decade.ui.fetch import fetch_is_empty
from decade.ui.page import go

IMPORT_PAGE = "pages/data/import_data.py"


def stop_if_empty() -> None:
    """End the page with a way in, when nothing was imported yet."""
    if not fetch_is_empty():
        return
    with st.container(border=True):
        st.markdown("#### Nothing imported yet")
        st.markdown("Drop in billing and CRM exports exactly as the vendors wrote them. Nothing leaves this machine.")
        left, right, _ = st.columns([1, 1, 2])
        if left.button("Import files", type="primary", icon=":material/upload:", width="stretch"):
            go(IMPORT_PAGE)
        if right.button("Show the sample company", icon=":material/science:", width="stretch"):
            st.switch_page(IMPORT_PAGE, query_params={"sample": "true"})
    st.stop()


def nothing(what: str, reason: str) -> None:
    """A quiet box in place of a chart: what is missing and why."""
    with st.container(border=True):
        st.markdown(f"**{what}**")
        st.caption(reason)
