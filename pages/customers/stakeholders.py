"""Stakeholder coverage: at how many people each account hangs, who they are, and when each was last spoken to."""

import streamlit as st

from decade.charts.formats import count, money
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.page import choice, headline, numbers, option, plain
from decade.ui.people import add_a_name, coverage_and_renewal, names_table

headline("Stakeholders", "Which accounts hang on one person, and whom have we not spoken to?")
stop_if_empty()
rules = conventions()
currency = rules.reporting_currency or ""
left, middle, right = st.columns(3, vertical_alignment="bottom")
with left:
    days = choice("Touched within", {"30": "30 days", "60": "60 days", "90": "90 days"}, key="recency", default="30")
with middle:
    who = choice("Accounts", {"all": "All accounts", "big": "Big logos"}, key="who", default="all")
with right:
    top = option(
        "Top accounts by ARR",
        {"25": "25 largest", "50": "50 largest", "100": "100 largest", "500": "500 largest"},
        key="top",
        default="25",
    )
found = fetch("stakeholder_coverage", recency_days=int(days))
held = found if who == "all" else found[found["is_big_logo"].fillna(False)].reset_index(drop=True)
if held.empty:
    nothing("Coverage", "No account in this scope has a contract value.")
    st.stop()
if held["touched"].isna().all():
    nothing(
        "Nobody is known yet",
        "No file with contacts or activities was imported. Import them from the CRM, or type names by hand below.",
    )
touched = held["touched"]


if touched.notna().any():
    meaning = f"ARR by the number of active people spoken to in the {days} days before {rules.as_of}."
    parts = {
        "Fewer than 5": (touched < 5, meaning),
        "Fewer than 3": (touched < 3, meaning),
        "Exactly 1": (touched == 1, f"Single-threaded. {meaning}"),
        "None": (touched == 0, meaning),
        "Champion gone": (held["is_champion_gone"], "A champion left, and no other is there."),
        "New owner": (held["is_owner_changed"], "Our owner is not who won the last deal."),
    }
    chosen = {name: held["arr"][which.fillna(False).to_numpy(bool)] for name, (which, _) in parts.items()}
    worth = {name: money(arr.sum(), currency) for name, arr in chosen.items()}
    numbers([(name, worth[name], said) for name, (_, said) in list(parts.items())[:4]])
    counted = ", ".join(f"{count(len(part))} {name.lower()}" for name, part in list(chosen.items())[:4])
    st.caption(
        plain(
            f"Of {count(len(held))} accounts, by people spoken to in the last {days} days: {counted}. The champion is "
            f"gone at {count(len(chosen['Champion gone']))} ({worth['Champion gone']} of ARR), and our owner is not "
            f"who won the last deal at {count(len(chosen['New owner']))} ({worth['New owner']})."
        )
    )
largest = held["arr"].rank(method="first", ascending=False, na_option="bottom") <= int(top)
shown = held[largest.to_numpy(bool)].reset_index(drop=True)
with st.container(border=True, key="names_box"):
    st.markdown(
        f"**Top {count(len(shown))} accounts by ARR, largest gaps first: five names, days since the last touch**"
    )
    names_table(shown, fetch("stakeholders", top=None if who == "big" else int(top)))
add_a_name(held)
coverage_and_renewal()
