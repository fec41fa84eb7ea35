"""The filters in the sidebar, each in the URL; the same on every page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from decade.ui import session
from decade.ui.fetch import fetch_is_empty, filter_values, month_names
from decade.ui.words import ATTRIBUTES


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


def _keep_owners() -> None:
    """Callback: owners are called otherwise from now on, and the chosen ones stay chosen."""
    if session.value(session.OWNER):
        session.put(session.OWNER, session.value(session.OWNER))
