"""The frame around every page: menu, scope bar, and one sentence when something cannot be done."""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from functools import cache
from pathlib import Path

import streamlit as st

from decade.errors import Refused
from decade.ui.fetch import asking_ahead
from decade.ui.scope_bar import is_whole, scope_bar
from decade.ui.session import settled_scope


def _drawn(name: str, kind: str) -> str:
    """A picture as an address that holds it: a file's name would have the file read in every run."""
    return f"data:image/{kind};base64,{b64encode(Path(__file__).with_name(name).read_bytes()).decode()}"


ICON = _drawn("icon.png", "png")
LOGO = _drawn("logo.svg", "svg+xml")
SECTIONS = {
    "Board": [
        ("pages/board/overview.py", "Overview", ":material/dashboard:"),
        ("pages/board/net_revenue_retention.py", "Net revenue retention", ":material/trending_up:"),
        ("pages/board/movements.py", "Movements", ":material/swap_vert:"),
    ],
    "Customers": [
        ("pages/customers/cohorts.py", "Cohorts", ":material/grid_on:"),
        ("pages/customers/lifetimes.py", "Lifetimes", ":material/hourglass_bottom:"),
        ("pages/customers/back_test.py", "Back-test", ":material/history:"),
        ("pages/customers/big_logos.py", "Big logos", ":material/apartment:"),
        ("pages/customers/small_deals.py", "Small deals", ":material/list:"),
        ("pages/customers/landing.py", "After landing", ":material/flight_land:"),
        ("pages/customers/stakeholders.py", "Stakeholders", ":material/groups:"),
        ("pages/customers/capacity.py", "Capacity", ":material/schedule:"),
        ("pages/customers/renewals.py", "Renewals", ":material/event_repeat:"),
        ("pages/customers/account.py", "Account", ":material/person_search:"),
    ],
    "Growth": [
        ("pages/growth/acquisition.py", "Acquisition", ":material/person_add:"),
        ("pages/growth/payback.py", "Payback", ":material/hourglass_bottom:"),
        ("pages/growth/lifetime_value.py", "Lifetime value", ":material/savings:"),
        ("pages/growth/scenarios.py", "Scenarios", ":material/timeline:"),
    ],
    "Data": [
        ("pages/data/import_data.py", "Import", ":material/upload:"),
        ("pages/data/data_health.py", "Data health", ":material/health_and_safety:"),
        ("pages/data/workspace.py", "Workspace", ":material/database:"),
        ("pages/data/definitions.py", "Definitions", ":material/menu_book:"),
        ("pages/data/conventions_compared.py", "Why do they differ?", ":material/compare_arrows:"),
    ],
}


def run() -> None:
    """Draw the frame and run the chosen page."""
    st.set_page_config(page_title="Decade", page_icon=ICON, layout="wide")
    st.logo(LOGO, size="large", icon_image=ICON)
    page = st.navigation({section: [*map(copy, pages)] for section, pages in _menu().items()}, position="top")
    try:
        with asking_ahead(page.url_path):  # the filters have their values before they are drawn
            scope_bar()
            if is_whole():
                with settled_scope():
                    page.run()
    except Refused as refused:
        st.error(refused.sentence(), icon=":material/error:")


@cache
def _menu() -> dict[str, list[st.Page]]:
    """The pages by section. Finding their files takes milliseconds; a run changes its own, hence gets copies."""
    return {
        section: [
            st.Page(path, title=title, icon=icon, default=path.endswith("overview.py")) for path, title, icon in entries
        ]
        for section, entries in SECTIONS.items()
    }
