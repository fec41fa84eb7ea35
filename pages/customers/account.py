"""One account: its MRR over time, and the lines of the files that every number comes from."""

import streamlit as st

from decade.charts import account as charts
from decade.charts.formats import money
from decade.charts.notes import noted
from decade.scope import Scope
from decade.ui import session
from decade.ui.account_tabs import account_tabs
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch, fetch_is_empty
from decade.ui.figure import figure
from decade.ui.notes import notes
from decade.ui.page import headline, numbers, plain, query_value
from decade.ui.table import close_account, table

account_id = query_value("account")
if account_id is None or fetch_is_empty():
    headline("Account", "Which account do you want to see?")
stop_if_empty()
everyone = Scope()
if account_id is None:
    listed = fetch("account_list")
    asked = st.text_input(
        "Find", placeholder="Part of a name or id", key="find", bind="query-params", label_visibility="collapsed"
    )
    if asked:
        named = listed["account"].str.contains(asked, case=False, regex=False)
        listed = listed[named | listed["account_id"].str.contains(asked, case=False, regex=False)]
    table(
        listed,
        explains="account_list",
        key="accounts",
        columns=["account", "mrr", "first_month", "lost_month", "segment", "region", "plan", "owner", "is_big_logo"],
        height=620,
    )
    st.stop()

found = fetch("account_list", scope=everyone, account_id=account_id)
if found.empty:
    nothing("No such account", f"This workspace holds no account {account_id!r}.")
    if st.button("All accounts", icon=":material/arrow_back:"):
        close_account()
    st.stop()
row = found.iloc[0]
currency = conventions().reporting_currency or ""


def said(value: object) -> str:
    """A value of the account, or a dash."""
    return "–" if str(value) in ("None", "<NA>", "NaT", "nan") else str(value)


headline(
    str(row["account"]),
    f"Account {plain(account_id) if not session.is_masked() else '(masked)'}: where does its revenue come from?",
)
state = f"left in {row['lost_month']:%Y-%m}" if said(row["lost_month"]) != "–" else "active"
numbers(
    [
        ("MRR", money(row["mrr"], currency), "MRR at as_of."),
        (
            "State",
            state if said(row["first_month"]) != "–" else "never billed",
            "Active, or the month in which it left.",
        ),
        (
            "First month",
            f"{row['first_month']:%Y-%m}" if said(row["first_month"]) != "–" else "–",
            "First month with MRR at its end.",
        ),
        ("Landing ACV", money(row["landing_acv"], currency), "12 x MRR of its first month."),
        ("Potential ACV", money(row["potential_acv"], currency), f"Potential: {row['potential_from']}."),
    ]
)
details = ("segment", "lane", "region", "country", "plan", "channel", "owner", "employees")
st.caption(
    " · ".join(f"{name}: {plain(said(row[name]))}" for name in details) + (" · big logo" if row["is_big_logo"] else "")
)
course = fetch("account_mrr", scope=everyone, account_id=account_id)
if course.empty:
    nothing("MRR", "No recurring charge of this account counts yet.")
else:
    figure(
        noted(charts.steps(course, conventions().as_of, currency=currency), notes(account_id)),
        explains="account_mrr",
        data=course,
        key="course",
        title="MRR at the end of each month",
    )
with st.container(border=True, key="tabs_box"):
    account_tabs(row, currency)
if st.button("All accounts", icon=":material/arrow_back:"):
    close_account()
