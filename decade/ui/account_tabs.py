"""What there is to know about one account, a tab a kind of record; only the open one is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from decade.charts.formats import is_missing, money, percent
from decade.errors import Refused
from decade.models.account_forecast import account_forecast
from decade.scope import Scope
from decade.ui import session
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import sentence
from decade.ui.notes import notes_box
from decade.ui.page import plain
from decade.ui.projected import projection
from decade.ui.table import table

CHARGES = (
    "plan", "starts_on", "ends_on", "amount", "discount", "currency", "mrr", "counted_to", "why_not", "file_name",
    "source_row",
)  # fmt: skip


def account_tabs(row: pd.Series, currency: str) -> None:
    """The tabs of an account of `account_list`."""
    account_id = str(row["account_id"])
    parts: dict[str, Callable[[str], None]] = {
        "Charges": _charges,
        "Movements": _movements,
        "Contacts and touches": _people,
        "Deals": _deals,
        "Surveys and usage": _heard,
        "Renewal": _renewal,
        "Forecast": lambda _: _forecast(row, currency),
        "Notes": notes_box,
    }
    tabs = st.tabs(list(parts), key="part", bind="query-params")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw(account_id)


def _asked(name: str, account_id: str) -> pd.DataFrame:
    return fetch(name, scope=Scope(), account_id=account_id)


def _shown(name: str, account_id: str, none: str, key: str, columns: list[str]) -> None:
    found = _asked(name, account_id)
    if session.is_masked():
        columns = [each for each in columns if each not in ("name", "person")]
    if found.empty:
        st.caption(none)
    else:
        table(found, explains=name, key=key, columns=columns, opens_account=False)


def _charges(account_id: str) -> None:
    with st.container(key="charges_box"):
        st.markdown("**Charges, with the file and line that each comes from**")
        table(
            _asked("account_charges", account_id),
            explains="account_charges",
            key="charges",
            columns=list(CHARGES),
            opens_account=False,
        )


def _movements(account_id: str) -> None:
    columns = ["month", "kind", "opening", "amount", "closing"]
    _shown("account_movements", account_id, "No movement: it never had recurring revenue.", "own_moves", columns)


def _people(account_id: str) -> None:
    columns = ["name", "title", "role", "is_active", "last_touch_on", "file_name", "source_row"]
    _shown("account_contacts", account_id, "No file names a person at this account.", "contacts", columns)
    columns = ["occurred_on", "kind", "person", "by", "file_name", "source_row"]
    _shown("account_touches", account_id, "No file tells of a touch with this account.", "touches", columns)


def _deals(account_id: str) -> None:
    columns = [
        "kind", "stage", "is_won", "amount", "currency", "created_on", "closed_on", "lost_reason", "competitor",
        "file_name", "source_row",
    ]  # fmt: skip
    _shown("account_deals", account_id, "No file holds a deal with this account.", "own_deals", columns)


def _heard(account_id: str) -> None:
    columns = ["answered_on", "kind", "score", "file_name", "source_row"]
    _shown("account_surveys", account_id, "No survey holds an answer of this account.", "surveys", columns)
    columns = ["month", "licences", "active_users", "used_rate", "file_name", "source_row"]
    _shown("account_usage", account_id, "No file tells how this account uses what it pays for.", "usage", columns)


def _renewal(account_id: str) -> None:
    found = fetch("renewals", scope=Scope())
    own = found[found["account_id"] == account_id].reset_index(drop=True)
    if own.empty:
        st.caption("Nothing to renew: it has no recurring revenue today.")
        return
    columns = ["renewal_on", "days_left", "talks_start_on", "state", "stage", "flags", "renewing_mrr", "last_touch_on"]
    table(own, explains="renewals", key="own_renewal", columns=columns, opens_account=False)


def _forecast(row: pd.Series, currency: str) -> None:
    as_of = conventions().as_of
    if is_missing(row["mrr"]) or row["mrr"] <= 0 or as_of is None:
        st.caption("No forecast: it has no recurring revenue today.")
        return
    if str(row["first_month"]) == "NaT":
        st.caption("No forecast: its age is not known.")
        return
    first = row["first_month"]
    age = (as_of.year - first.year) * 12 + as_of.month - first.month
    try:
        found = projection("net")
        ahead = account_forecast(found, float(row["mrr"]), age)
        staying = account_forecast(projection("logo"), 1.0, age)
    except Refused as refused:
        st.caption(plain(refused.sentence()))
        return
    if ahead.empty:
        st.caption(f"No forecast: at {age // 12} years it is older than the ten that are projected.")
        return
    one = ahead.iloc[0]
    stays = staying[staying["years_ahead"] == one["years_ahead"]]["median"]
    chance = (
        f" {percent(float(stays.iloc[0]), 0)} of accounts of its age are expected to stay that long."
        if len(stays)
        else ""
    )
    years = f"{one['years_ahead']:g} year{'s' if one['years_ahead'] != 1 else ''}"
    st.markdown(
        plain(
            f"After {years} accounts of its age bring, on average, {money(one['median'], currency)} for the "
            f"{money(row['mrr'], currency)} of MRR of today ({money(one['low'], currency)} to "
            f"{money(one['high'], currency)}: the 80 % interval of that average; one account is here or gone).{chance}"
        )
    )
    table(
        ahead.assign(age=ahead["age"].astype("Int64")),
        explains="revenue_levels",
        key="own_forecast",
        columns=["years_ahead", "low", "median", "high"],
        opens_account=False,
        also={"years_ahead": "count", "low": "money", "median": "money", "high": "money"},
    )
    st.caption(
        f"An average account {age // 12} years old, of those in the filter ({plain(sentence())}): what is known of "
        "this one alone, its talks and its usage, is not in it."
    )
