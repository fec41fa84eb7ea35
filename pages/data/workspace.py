"""Workspace: what is held, under which conventions, and what counts as a big logo."""

import streamlit as st

from decade.charts.formats import count, money
from decade.ui import session
from decade.ui.empty import stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.page import go, headline, numbers
from decade.ui.rules import conventions_box
from decade.ui.workspaces import create, sources_table

headline("Workspace", "What does this workspace hold, and by which rules is it counted?")
workspace = session.workspace()
st.caption(f"Workspace “{workspace.folder.name}”, one database file on this machine, revision {workspace.revision}.")
with st.expander("New workspace", icon=":material/add:"):
    name = st.text_input("Name", key="new_name", placeholder="Letters, digits, - and _")
    if st.button("Create it and import files", disabled=not name):
        create(name)
        go("pages/data/import_data.py")
stop_if_empty()

rules = conventions()
currency = rules.reporting_currency or ""
held = fetch("account_list")
numbers(
    [
        ("As of", str(rules.as_of), "The last day that the data speaks about."),
        ("Accounts in scope", count(len(held)), "Accounts of any file, paying or not."),
        ("Paying now", count((held["mrr"] > 0).sum()), "Accounts with MRR at as_of."),
        (
            f"MRR in {'the currency of the files' if currency == 'XXX' else currency}",
            money(held["mrr"].sum(), currency),
            "MRR at as_of; every currency is converted at one rate.",
        ),
    ]
)

conventions_box()

sources_table()
