"""What no file says and a person types: spend, a margin, net burn, the paid channels; asked for where missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from decade.conventions import UNSTATED
from decade.months import add_months, parse_month
from decade.scope import Scope
from decade.ui import session
from decade.ui.empty import IMPORT_PAGE
from decade.ui.fetch import conventions, fetch, filter_values, month_names
from decade.ui.page import go
from decade.ui.table import table
from decade.warehouse.by_hand import KINDS, decide, type_spend

NO_CHANNEL = "No channel"
MONTHS_BEFORE = 24  # of the first charge: what a first customer cost was spent before it paid
SPENT_ON = {
    "program": "Programme (ads, events, content)",
    "agency": "Agency",
    "salaries": "Salaries",
    "tools": "Tools",
    "commission": "Commission",
}


def missing_pieces(has_spend: bool) -> None:
    """Asks for spend and for a margin where no file gives them; says what was typed where it was."""
    margin = fetch("gross_margin", scope=Scope()).iloc[0]
    is_margin_missing = margin["margin_from"] == "missing"
    if not has_spend:
        with st.container(border=True, key="no_spend"):
            st.markdown("**No file says what was spent on sales and marketing**")
            st.caption(
                "Import a spend export, or type monthly amounts: they are kept in this workspace, marked as such."
            )
            if st.button("Import a spend export", icon=":material/upload:"):
                go(IMPORT_PAGE)
            _spend_form()
    if is_margin_missing:
        with st.container(border=True, key="no_margin"):
            st.markdown("**No file says what serving a customer costs**")
            st.caption("Import costs by month, or type a gross margin. It stands beside every number that uses it.")
            _margin_form(None)
    box = st.expander(
        "Typed by hand: spend, margin, net burn, paid channels",
        icon=":material/edit:",
        key="typed",
        bind="query-params",
    )
    if box.open:
        with box:
            if has_spend:
                _spend_form()
            _typed_spend()
            if not is_margin_missing:
                _margin_form(margin["gross_margin"] if margin["margin_from"] == "typed" else None)
            _burn_form()
            _paid_form()


def _spend_form() -> None:
    months = month_names()
    first = add_months(parse_month(months[0]), -MONTHS_BEFORE)
    offered = [f"{add_months(first, n):%Y-%m}" for n in range(_apart(first, parse_month(months[-1])) + 1)]
    channels = [NO_CHANNEL, *(each for each in filter_values().get("channel", []) if not each.startswith("("))]
    with st.form("spend_form", border=False):
        one, two, three, four, five = st.columns([3, 3, 2, 2, 2])
        channel = one.selectbox("Channel", channels, accept_new_options=True, key="spend_channel")
        kind = two.selectbox("Spent on", list(KINDS), format_func=lambda each: SPENT_ON[each], key="spend_kind")
        currency = conventions().reporting_currency or ""
        unit = "" if currency == UNSTATED else f", {currency}"
        amount = three.number_input(f"A month{unit}", 0.0, 1e10, 0.0, 100.0, key="spend_amount")
        since = four.selectbox("From", offered, index=max(0, len(offered) - 12), key="spend_from")
        until = five.selectbox("To", offered, index=len(offered) - 1, key="spend_to")
        if st.form_submit_button("Keep this spend", icon=":material/save:"):
            start, end = parse_month(str(since)), parse_month(str(until))
            named = None if channel in (NO_CHANNEL, None) else str(channel).strip()
            span = [add_months(start, number) for number in range(_apart(start, end) + 1)]
            type_spend(session.workspace(), span, channel=named, kind=str(kind), amount=Decimal(str(amount)))
            st.rerun()


def _typed_spend() -> None:
    typed = fetch("typed_spend")
    if typed.empty:
        st.caption("No spend was typed by hand.")
        return
    table(typed, explains="typed_spend", key="typed_spend", opens_account=False, height=240)
    groups = list(dict.fromkeys(zip(typed["channel"].fillna(""), typed["kind"], strict=True)))
    labels = [f"{channel or NO_CHANNEL}, {SPENT_ON[kind]}" for channel, kind in groups]
    picked = _to_remove("Typed spend", labels, key="typed_group")
    if picked is not None:
        channel, kind = groups[picked]
        rows = typed[(typed["channel"].fillna("") == channel) & (typed["kind"] == kind)]
        days = [day.date() for day in rows["month"]]
        type_spend(session.workspace(), days, channel=channel or None, kind=kind, amount=None)
        st.rerun()


def _to_remove(label: str, entries: Sequence[str], *, key: str) -> int | None:
    """The place of the entry that a person asks to remove."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    picked = left.selectbox(label, range(len(entries)), format_func=lambda place: entries[place], key=key)
    is_asked = right.button("Remove it", icon=":material/delete:", width="stretch", key=f"{key}_remove")
    return int(picked) if is_asked else None


def _margin_form(typed: float | None) -> None:
    with st.form("margin_form", border=False):
        left, right, _ = st.columns([2, 2, 4], vertical_alignment="bottom")
        shown = 80.0 if typed is None else round(100 * typed, 4)
        value = left.number_input("Gross margin, %", 0.1, 100.0, shown, 1.0, "%.1f", key="margin_typed")
        if right.form_submit_button("Use this margin", icon=":material/save:"):
            decide(session.workspace(), "gross_margin", str(round(value / 100, 6)))
            st.rerun()
    if typed is not None and st.button("Forget the typed margin", icon=":material/delete:"):
        decide(session.workspace(), "gross_margin", None)
        st.rerun()


def _burn_form() -> None:
    quarters = fetch("efficiency")
    if quarters.empty:
        return
    names = quarters["period"].tolist()[::-1]
    saved = json.loads(session.workspace().settings().get("net_burn", "[]"))
    kept = {each["quarter"]: each["amount"] for each in saved}
    with st.form("burn_form", border=False):
        one, two, three, _ = st.columns([2, 2, 2, 2], vertical_alignment="bottom")
        quarter = str(one.selectbox("Net burn of", names, key="burn_quarter"))
        amount = two.number_input("Cash out less cash in", -1e10, 1e10, 0.0, 1000.0, "%.0f", key="burn_amount")
        if three.form_submit_button("Keep this burn", icon=":material/save:"):
            _keep_burns({**kept, quarter: amount})
    if kept:
        entries = [f"{name}: {amount:,.0f}" for name, amount in kept.items()]
        picked = _to_remove("Typed net burn", entries, key="typed_burn")
        if picked is not None:
            _keep_burns({name: kept[name] for place, name in enumerate(kept) if place != picked})


def _keep_burns(burns: Mapping[str, float]) -> None:
    rows = [{"quarter": name, "amount": amount} for name, amount in burns.items()]
    decide(session.workspace(), "net_burn", json.dumps(rows) if rows else None)
    st.rerun()


def _paid_form() -> None:
    channels = fetch("channels")
    if channels.empty:
        return
    paid = channels.loc[channels["is_paid"], "channel"].tolist()
    with st.form("paid_form", border=False):
        left, right, _ = st.columns([5, 2, 1], vertical_alignment="bottom")
        told = "CAC, paid: programme spend of these channels over the accounts that they won."
        chosen = left.multiselect(
            "Paid channels", channels["channel"].tolist(), paid, key="paid", help=told, placeholder="None is paid for"
        )
        if right.form_submit_button("Use these channels", icon=":material/save:"):
            decide(session.workspace(), "paid_channels", json.dumps(chosen))
            st.rerun()
    if "paid_channels" not in session.workspace().settings():
        st.caption("As long as none were chosen: every channel to which programme spend is booked.")
    elif st.button("Forget the chosen channels", icon=":material/delete:"):
        decide(session.workspace(), "paid_channels", None)
        st.rerun()


def _apart(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
