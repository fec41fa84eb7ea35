"""The filters in the sidebar, each in the URL; the same on every page."""

from __future__ import annotations

import streamlit as st

from decade.ui import session
from decade.ui.fetch import fetch_is_empty, filter_values, full_months, month_names
from decade.ui.words import ATTRIBUTES


def scope_bar() -> None:
    """Workspace, period, attributes, big logos and masking. A filter with one value is not offered."""
    with st.sidebar:
        names = list(session.workspaces())
        if len(names) > 1:
            st.selectbox("Workspace", names, key="w", bind="query-params")
        if fetch_is_empty():
            return
        months = month_names()
        left, right = st.columns(2)
        left.selectbox("From", months, index=None, placeholder=months[0], key="from", bind="query-params")
        right.selectbox("To", months, index=None, placeholder=months[-1], key="to", bind="query-params")
        values = filter_values()
        for name, label in ATTRIBUTES.items():
            if len(values.get(name, [])) > 1 or session.value(name):
                st.multiselect(label, values.get(name, []), key=name, bind="query-params", placeholder="All")
        if "big_logo" in values:
            st.toggle("Big logos only", key="big_logos", bind="query-params")
        st.toggle("Mask customer names", key="mask", bind="query-params")


def latest_full_month() -> str | None:
    """The last full month inside the period that is shown, as YYYY-MM."""
    scope = session.scope()
    months = [
        each
        for each in full_months()
        if (scope.to_month is None or each <= f"{scope.to_month:%Y-%m}")
        and (scope.from_month is None or each >= f"{scope.from_month:%Y-%m}")
    ]
    return months[-1] if months else None
