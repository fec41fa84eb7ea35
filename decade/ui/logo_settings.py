"""What counts as a big logo and as a small deal: limits tried with live counts, then saved for the workspace."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from decade.charts.formats import count, money
from decade.conventions import UNSTATED, Conventions
from decade.ui import session
from decade.ui.fetch import fetch
from decade.ui.page import names_of
from decade.warehouse import named


def definitions_box(rules: Conventions, accounts: pd.DataFrame) -> None:
    """Limits, names and the roll-up of subsidiaries; what they would give stands beside them before they are saved."""
    box = st.expander(
        "What counts as big and as small, and whether subsidiaries count under their parent",
        key="definitions",
        bind="query-params",
        icon=":material/tune:",
    )
    if not box.open:
        return
    currency = rules.reporting_currency or ""
    with box:
        first, second, third, fourth = st.columns(4, vertical_alignment="bottom")
        employees = first.number_input(
            "Big: employees from", 1, 10_000_000, int(rules.big_logo_employees), 100, key="try_employees"
        )
        revenue = second.number_input(
            f"or revenue from{f', {currency}' if currency not in ('', UNSTATED) else ''}",
            0.0,
            1e13,
            float(rules.big_logo_revenue),
            1e6,
            "%.0f",
            key="try_revenue",
        )
        share = third.number_input(
            "Small: below, % of potential", 0.0, 100.0, 100 * float(rules.small_penetration), 1.0, key="try_small"
        )
        roll_up = fourth.toggle("Roll up subsidiaries", rules.parents_roll_up, key="try_roll_up")
        names = names_of(accounts)
        held = named.named_big_logos(session.workspace())
        names |= {
            each: session.masked_name(each) if session.is_masked() else each for each in held if each not in names
        }
        chosen = st.multiselect(
            "Big whatever their size",
            list(names),
            [each for each in held if each in names],
            format_func=names.__getitem__,
            placeholder="Name accounts by hand",
            key="try_named",
        )
        found = fetch(
            "logo_definitions", employees=int(employees), revenue=float(revenue), penetration=float(share) / 100
        ).iloc[0]
        st.markdown(
            f"With these limits: **{count(found['big_logos'])} big logos** of {count(found['accounts'])} accounts "
            f"({count(found['by_employees'])} by employees, {count(found['by_revenue'])} by revenue, "
            f"{count(found['by_hand'])} named so far), {money(found['big_logo_acv'], currency)} of ARR; "
            f"**{count(found['small_deals'])} small deals** in them, {money(found['small_acv'], currency)}.".replace(
                "$", r"\$"
            )
        )
        wanted = replace(
            rules,
            big_logo_employees=int(employees),
            big_logo_revenue=float(revenue),
            small_penetration=float(share) / 100,
            parents_roll_up=bool(roll_up),
        )
        is_new = wanted != rules or set(chosen) != set(held)
        if st.button("Save for this workspace", icon=":material/save:", type="primary", disabled=not is_new):
            named.define_logos(session.workspace(), wanted, chosen)
            st.rerun()
        st.caption(
            "A deal is small below that share of the account's potential, or below the median landing ACV. Saved "
            "limits hold for every page, list and the command line."
        )
