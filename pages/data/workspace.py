"""Workspace: what is held, under which conventions, and what counts as a big logo."""

from dataclasses import replace

import streamlit as st

from decade.charts.formats import count, money
from decade.conventions import PRESETS
from decade.ui import session
from decade.ui.empty import stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import in_force
from decade.ui.importing import FIRST_DAY
from decade.ui.page import go, headline, numbers
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

with st.container(border=True):
    st.markdown("**Conventions**")
    with st.form("conventions_form", border=False):
        first, second, third = st.columns(3)
        preset = first.selectbox(
            "Preset", list(PRESETS), index=list(PRESETS).index(rules.name) if rules.name in PRESETS else 0
        )
        as_of = second.date_input("As of", value=rules.as_of, min_value=FIRST_DAY)
        roll_up = third.toggle("Count subsidiaries under their parent", value=rules.parents_roll_up)
        employees = first.number_input(
            "Big logo: employees from", min_value=1, value=int(rules.big_logo_employees), step=100
        )
        revenue = second.number_input(
            "Big logo: revenue from", min_value=0.0, value=float(rules.big_logo_revenue), step=1e6, format="%.0f"
        )
        small = third.number_input(
            "Small deal: penetration below",
            min_value=0.0,
            max_value=1.0,
            value=float(rules.small_penetration),
            step=0.01,
        )
        if st.form_submit_button("Rebuild with these", icon=":material/refresh:"):
            wanted = replace(
                rules if preset == rules.name else rules.preset(preset),
                as_of=as_of,
                parents_roll_up=roll_up,
                big_logo_employees=int(employees),
                big_logo_revenue=float(revenue),
                small_penetration=float(small),
            )
            before = float(held["mrr"].sum())
            session.workspace().set_conventions(wanted)
            after = float(fetch("account_list")["mrr"].sum())
            st.success(f"Rebuilt. MRR in scope: {money(before, currency)} before, {money(after, currency)} after.")
    st.caption(in_force())

sources_table()
