"""Small deals in big logos: the list to work through each week, sorted by the money at stake."""

import streamlit as st

from decade.charts.formats import count, money, percent
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.page import choice, headline, numbers, plain
from decade.ui.small_deals import GATES, downloads, fails, filtered
from decade.ui.table import table

headline(
    "Small deals in big logos", "Whom do we call this week, what is at stake, and what speaks against the renewal?"
)
stop_if_empty()
rules = conventions()
currency = rules.reporting_currency or ""
views = {"small": "Small deals only", "every": "Every big logo"}
only = choice("List", views, key="list", default="small")
listed = fetch("big_logo_risk", only=only)
if listed.empty:
    nothing(
        "No small deal in a big logo",
        f"No account in this scope is a big logo (from {rules.big_logo_employees:,} employees, or named by hand) "
        f"with a contract below {percent(rules.small_penetration, 0)} of its potential.",
    )
    st.stop()
high = listed[listed["risk"] == "high"]
gates = [(name, listed[fails(listed, name)]) for name in GATES if name != "all"]
numbers(
    [
        ("Accounts", count(len(listed)), "Big logos with a contract value."),
        ("ARR", money(listed["acv"].sum(), currency), "12 x MRR, or won deals of the last twelve months."),
        (
            "Open potential",
            money(listed["open_potential"].sum(min_count=1), currency),
            "Potential not bought yet, where it is known.",
        ),
        (
            "ARR at high risk",
            money(high["acv"].sum(), currency),
            f"{count(len(high))} accounts with four signs or more.",
        ),
        (
            "No CIO office",
            money(gates[1][1]["acv"].sum(), currency),
            "ARR of accounts where nobody of the CIO office was spoken to: no commission before.",
        ),
    ]
)
shown = filtered(listed, rules)
with st.container(border=True, key="list_box"):
    if only == "small":
        st.markdown("**Small deals, most money at stake first** (ARR and open potential together)")
    else:
        st.markdown("**Every big logo, most money at stake first** (ARR and open potential together)")
    table(
        shown,
        explains="big_logo_risk",
        key="logos",
        columns=[
            "account",
            "risk",
            "reasons",
            "acv",
            "open_potential",
            "penetration",
            "landing_penetration",
            "stakeholders_named",
            "stakeholders_touched",
            "last_touch_on",
            "renewal_on",
            "gates_failed",
            "potential_from",
            "share_of_project",
            "owner",
            "segment",
        ],
        height=430,
    )
    downloads(shown)
    failing = "; ".join(
        f"{name} {money(part['acv'].sum(), currency)} ({count(len(part))} accounts)" for name, part in gates
    )
    st.caption(
        plain(
            f"ARR failing each gate: {failing}. Risk counts signs (silence, few people, one name, champion left, owner "
            "changed, renewal near, shrunk): four are high, two or three medium. It is no probability."
        )
    )
