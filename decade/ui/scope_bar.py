"""The filters in the sidebar, each in the URL; the same on every page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from decade.ui import session
from decade.ui.fetch import fetch_is_empty, filter_values, month_names, not_like_the_next
from decade.ui.page import plain, query_values
from decade.ui.words import ATTRIBUTES

LEFT_OUT = "left_out"


def scope_bar() -> None:
    """Workspace, period, attributes, big logos and masking. A filter with one value is not offered."""
    with st.sidebar:
        names = list(session.workspaces())
        if len(names) > 1:
            st.selectbox("Workspace", names, key="w", bind="query-params")
        if fetch_is_empty():
            return
        filters = st.container()
        # First, because the filters' words depend on it.
        st.toggle("Mask customer names", key="mask", bind="query-params", on_change=_keep_owners)
    if not session.stashed(session.ARRIVED):  # drawing the filters takes what they do not offer out of the address
        session.stash(session.ARRIVED, True)
        session.stash(LEFT_OUT, _not_here())
    with filters:
        months = month_names()
        left, right = st.columns(2)
        left.selectbox("From", months, index=None, placeholder=months[0], key="from", bind="query-params")
        right.selectbox("To", months, index=None, placeholder=months[-1], key="to", bind="query-params")
        values = filter_values()
        for name, label in ATTRIBUTES.items():
            if len(values.get(name, [])) > 1 or session.value(name):
                st.multiselect(
                    label,
                    values.get(name, []),
                    format_func=partial(session.shown_value, name) if name == session.OWNER else str,
                    key=name,
                    bind="query-params",
                    placeholder="All",
                )
        if "big_logo" in values:
            st.toggle("Big logos only", key="big_logos", bind="query-params")


def _not_here() -> list[str]:
    """What the address of a link filters by and the workspace lacks, in words."""
    values = filter_values()
    known = {name: [session.shown_value(name, each) for each in values.get(name, [])] for name in ATTRIBUTES}
    known |= {"from": month_names(), "to": month_names()}
    return [
        f"{label} “{session.shown_value(name, each)}”"
        for name, label in {**ATTRIBUTES, "from": "From", "to": "To"}.items()
        for each in query_values(name)
        if each not in known[name]
    ]


def is_whole() -> bool:
    """True when the page is about what its link asked for; else it is said, and a button leaves out what is lacking."""
    lacking = session.stashed(LEFT_OUT)
    if not lacking:
        return True
    not_like_the_next()
    said = f"Not in this workspace: {', '.join(lacking)}. No numbers are shown until this is left out of the filters."
    st.warning(plain(said), icon=":material/filter_alt_off:")
    st.button("Leave this out", key="leave_out", on_click=session.drop, args=(LEFT_OUT,), type="primary")
    return False


def _keep_owners() -> None:
    """Callback: owners are called otherwise from now on, and the chosen ones stay chosen."""
    if session.value(session.OWNER):
        session.put(session.OWNER, session.value(session.OWNER))
