"""The people at an account: five names each with the last touch, and names typed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts.formats import percent
from decade.ui import session
from decade.ui.fetch import fetch
from decade.ui.page import names_of
from decade.ui.table import column_config, table
from decade.warehouse import named

FIVE = 5
ROLE_NAMES = {
    "economic_buyer": "Economic buyer",
    "champion": "Champion",
    "user": "User",
    "technical": "Technical",
    "procurement": "Procurement",
    "cio_office": "CIO office",
    "other": "Other",
}
NAME_COLUMNS = [f"Name {place}" for place in range(1, FIVE + 1)]


def five_names(people: pd.DataFrame, of_accounts: pd.Series) -> dict[str, list[str | None]]:
    """By account: its five names (the active ones first), each with the days since the last touch."""
    is_active, is_first = people["is_active"].fillna(True).to_numpy(bool), (people["place"] <= FIVE).to_numpy(bool)
    is_shown = is_active & is_first & people["account_id"].isin(of_accounts).to_numpy(bool)
    accounts, persons = (people[name].to_numpy(object)[is_shown].tolist() for name in ("account_id", "person"))
    places = people["place"].to_numpy("int64")[is_shown].tolist()
    days = people["days_since"].to_numpy("float64", na_value=np.nan)[is_shown].tolist()
    by_hand = people["is_by_hand"].fillna(False).to_numpy(bool)[is_shown].tolist()
    found: dict[str, list[str | None]] = {}
    for account, place, name, since, typed in zip(accounts, places, persons, days, by_hand, strict=True):
        touched = "never" if since != since else "today" if since == 0 else f"{int(since):,} d"
        row = found.setdefault(account, [None] * FIVE)
        row[place - 1] = f"{name} ({touched}{', by hand' if typed else ''})"
    return found


def names_table(coverage: pd.DataFrame, people: pd.DataFrame) -> None:
    """The top accounts, gaps first, each with its five names; a row opens its account."""
    found = five_names(people, coverage["account_id"])
    none = [None] * FIVE
    rows = [found.get(account, none) for account in coverage["account_id"].to_numpy(object).tolist()]
    flags = [
        ", ".join(word for word, is_so in (("champion gone", gone), ("owner changed", new)) if is_so)
        for gone, new in zip(
            *(coverage[name].fillna(False).tolist() for name in ("is_champion_gone", "is_owner_changed")), strict=True
        )
    ]
    frame = coverage.assign(Flags=flags)
    for place, column in enumerate(NAME_COLUMNS):
        frame[column] = pd.array([row[place] for row in rows], dtype="str")
    table(
        frame,
        explains="stakeholder_coverage",
        key="coverage",
        columns=["account", "arr", "touched", "gap", "named", *NAME_COLUMNS, "Flags", "last_touch_on", "owner"],
        height=430,
    )


def add_a_name(accounts: pd.DataFrame) -> None:
    """A form that keeps a person in the workspace, beside those of the files, and the list of those kept."""
    box = st.expander("Add a name by hand", key="add_name", bind="query-params", icon=":material/person_add:")
    if not box.open:
        return
    names = names_of(accounts)
    with box:
        with st.form("add_name_form", border=False, clear_on_submit=True):
            first, second, third = st.columns(3)
            account_id = first.selectbox("Account", list(names), format_func=names.__getitem__, key="name_account")
            name = second.text_input("Name", max_chars=200)
            title = third.text_input("Job title", max_chars=200)
            role = first.selectbox("Role", list(ROLE_NAMES), format_func=lambda each: ROLE_NAMES[each])
            spoken = second.date_input("Last spoken to", value=None)
            third.space("small")
            sent = third.form_submit_button("Add", icon=":material/add:", width="stretch")
        if sent and account_id:
            named.add_person(session.workspace(), account_id, name, title=title, role=role, last_touch_on=spoken)
            st.rerun()
        typed = named.typed_people(session.workspace())
        st.caption(
            "Names typed here stay in the workspace whatever is imported, are marked “by hand”, and merge with a "
            "contact of the same name at the account."
        )
        if typed.empty:
            return
        labels = {
            str(key): f"{session.masked_name(key, 'Person') if session.is_masked() else str(name)} · "
            f"{names.get(str(account_id), 'an account not shown here')}"
            for key, name, account_id in zip(typed["person_id"], typed["name"], typed["account_id"], strict=True)
        }
        first, second = st.columns([2, 1], vertical_alignment="bottom")
        gone = first.selectbox("Typed by hand", list(labels), format_func=lambda each: labels[each], key="forget_name")
        if second.button("Remove", icon=":material/delete:") and gone:
            named.forget_person(session.workspace(), gone)
            st.rerun()


def coverage_and_renewal() -> None:
    """Whether contracts renewed more often where more people had been spoken to before."""
    box = st.expander(
        "Does coverage go with renewal?", key="coverage_renewal", bind="query-params", icon=":material/event_repeat:"
    )
    if not box.open:
        return
    with box:
        frame = fetch("renewal_by_coverage")
        if frame.empty:
            st.caption("No renewal decision of a yearly contract falls in the time that activities cover.")
            return
        said = "; ".join(
            f"{people}: {percent(rate, 0)} of {decisions:,}"
            for people, rate, decisions in zip(
                frame["people_touched"], frame["rate"].tolist(), frame["decisions"].tolist(), strict=True
            )
        )
        st.markdown(f"Renewed, by people spoken to in the 90 days before: {said}.")
        st.dataframe(
            frame,
            hide_index=True,
            key="renewals_table",
            column_config=column_config("renewal_by_coverage", list(frame.columns)),
        )
        st.caption(
            "Intervals are Wilson's, 80 %. Not an experiment: who is about to leave stops answering, and what nobody "
            "wrote down did not happen here."
        )
