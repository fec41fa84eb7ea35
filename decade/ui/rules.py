"""The conventions of a workspace on a page: choose a preset or each switch, rebuild, and read what moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from decade.comparing import YEAR, last_full_month, own_count, without_period
from decade.conventions import CHOICES, PRESETS, SWITCHES, Conventions
from decade.models.compared import MEASURES, measured
from decade.ui import session
from decade.ui.compared import written
from decade.ui.fetch import conventions
from decade.ui.figure import in_force
from decade.ui.importing import FIRST_DAY
from decade.ui.page import plain

HEADLINES = ("MRR", "NRR", "Churn")


def conventions_box() -> None:
    """The conventions in force, as a form; sending it rebuilds the marts and says what moved."""
    rules = conventions()
    with st.container(border=True):
        st.markdown("**Conventions**")
        with st.form("conventions_form", border=False):
            first, second, third = st.columns(3)
            names = [*PRESETS] if rules.name in PRESETS else [rules.name, *PRESETS]
            preset = first.selectbox("Preset", names, index=names.index(rules.name))
            as_of = second.date_input("As of", value=rules.as_of, min_value=FIRST_DAY)
            roll_up = third.toggle("Count subsidiaries under their parent", value=rules.parents_roll_up)
            employees = first.number_input(
                "Big logo: employees from", min_value=1, value=int(rules.big_logo_employees), step=100
            )
            revenue = second.number_input(
                "Big logo: revenue from", min_value=0.0, value=float(rules.big_logo_revenue), step=1e6, format="%.0f"
            )
            small = third.number_input(
                "Small deal: penetration below", 0.0, 1.0, value=float(rules.small_penetration), step=0.01
            )
            with st.expander("Each switch", icon=":material/tune:"):
                st.caption("These count while the preset above stays as it is; another preset brings its own.")
                switches = _switches(rules)
            is_sent = st.form_submit_button("Rebuild with these", icon=":material/refresh:")
        if is_sent:
            chosen = replace(rules, **switches).named() if preset == rules.name else rules.preset(preset)
            grace: Any = switches["grace_days"]
            _rebuild(
                replace(
                    chosen,
                    as_of=as_of,
                    grace_days=grace,
                    parents_roll_up=roll_up,
                    big_logo_employees=int(employees),
                    big_logo_revenue=float(revenue),
                    small_penetration=float(small),
                )
            )
        st.caption(in_force())


def _switches(rules: Conventions) -> dict[str, Any]:
    columns = st.columns(3)
    found: dict[str, Any] = {}
    for place, (name, label) in enumerate({**SWITCHES, "grace_days": "Renewal pending"}.items()):
        value, column = getattr(rules, name), columns[place % 3]
        if name in CHOICES:
            options = list(CHOICES[name])
            found[name] = column.selectbox(
                label, options, index=options.index(value), format_func=lambda each: each.replace("_", " ")
            )
        elif isinstance(value, bool):
            label = {"past_due_counts": "Past due counts", "zero_is_active": "Active at 0 after paying"}[name]
            found[name] = column.toggle(label, value=value)
        else:
            unit = "months" if name.endswith("months") else "days"
            placeholder = "any" if name == "reactivation_window_days" else ""
            chosen = column.number_input(f"{label} ({unit})", min_value=0, value=value, step=1, placeholder=placeholder)
            found[name] = chosen if chosen is not None or name == "reactivation_window_days" else value
    return found


def _rebuild(wanted: Conventions) -> None:
    workspace = session.workspace()
    scope, currency = without_period(session.scope()), wanted.reporting_currency or ""
    before = own_count(workspace, scope)
    workspace.set_conventions(wanted)
    after = own_count(workspace, scope)
    months = [last_full_month(each.bridge) for each in (before, after)]
    known = [month for month in months if month is not None]
    if len(known) < 2:
        st.success("Rebuilt. There is no complete month to compare.")
        return
    month = min(known)
    moved = [measured(each, month, YEAR) for each in (before, after)]
    rows = [(MEASURES[name][0], *[written(each[name], name, currency) for each in moved]) for name in MEASURES]
    told = "; ".join(f"{label} {then} before, {now} after" for label, then, now in rows if label in HEADLINES)
    st.success(plain(f"Rebuilt. In scope at the end of {month:%Y-%m}, churn over twelve months: {told}."))
    st.dataframe(pd.DataFrame(rows, columns=["Measure", "Before", "After"]), hide_index=True, key="moved")
