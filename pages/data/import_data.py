"""Import: drop exports exactly as the vendors wrote them; see what was recognised, answer what is doubtful, load."""

import streamlit as st

from decade.errors import Refused
from decade.ui import importing, session
from decade.ui.import_account import account, totals, undo_box
from decade.ui.job import Stopped
from decade.ui.page import go, headline

headline("Import", "Drop in billing and CRM exports exactly as the vendors wrote them. Nothing leaves this machine.")

uploads = st.file_uploader(
    "Files: CSV, TSV, Excel, OpenDocument, Parquet, JSON lines or ZIP; several that belong together at once",
    accept_multiple_files=True,
    key="files",
    max_upload_size=200,
)
if importing.has_sample():
    st.toggle("Use the sample company's exports", key="sample", bind="query-params")
large = importing.large_files()
dropped = [*(each.file_id for each in uploads or []), *(each.path.name for each in large)]
importing.begin(["sample"] if session.value("sample") else dropped)
report = session.stashed(importing.REPORT)
if report is not None:
    st.success(
        "Loaded in one transaction. Importing the same files again changes nothing.", icon=":material/check_circle:"
    )
    account(report, session.stashed("notices") or [])
    totals(*session.stashed("totals"))
    left, right, _ = st.columns([1, 1, 2])
    if left.button("Net revenue retention", icon=":material/trending_up:", type="primary", width="stretch"):
        go("pages/board/net_revenue_retention.py")
    if right.button("Cohorts", icon=":material/grid_on:", width="stretch"):
        go("pages/customers/cohorts.py")
    undo_box()
    st.stop()

files = importing.sample_uploads() if session.value("sample") else [*importing.kept(uploads or []), *large]
if not files:
    st.caption(
        "Recognised by their headers: Stripe, ChartMogul, Chargebee, Recurly, Paddle, QuickBooks, Xero, HubSpot, "
        "Salesforce, Google Ads, LinkedIn, Meta, subscription periods, sheets with a column for each month, invoice "
        "lines, surveys, usage, leads, exchange rates. Any other table: Decade proposes which column is which, you "
        "confirm once, and the next export of that shape asks nothing."
    )
    undo_box()
    st.stop()

try:
    plan = importing.planned(files)
except Stopped:
    importing.give_up()
    st.info("Stopped. Nothing was changed, and nothing of it was kept.", icon=":material/info:")
    st.button("Read the files again")
    st.stop()
except Refused as refused:
    st.error(refused.sentence(), icon=":material/error:")
    if "recognised" in refused.what:
        tables = list(importing.ingest.canonical_tables())
        st.selectbox(
            "Read it as",
            tables,
            index=None,
            key="read_as",
            placeholder="Choose what the file holds",
            on_change=lambda: importing.answer("table", session.value("read_as")),
        )
    st.stop()

importing.recognised(plan)
importing.columns(plan)
for notice in plan.notices:
    st.text(f"Note: {notice}")
if plan.doubts:
    importing.questions(plan.doubts)
    st.stop()

first, second, third, fourth = st.columns([2, 3, 2, 2], vertical_alignment="bottom")
as_of = first.date_input(
    "As of (optional)",
    value=None,
    min_value=importing.FIRST_DAY,
    key="as_of",
    help="The last day that the data speaks about.",
)
rates = second.text_input(
    "Exchange rates (optional)",
    placeholder="EUR=1.08 GBP=1.27",
    key="rates",
    help="One rate for all months, to the reporting currency.",
)
currency = third.text_input(
    "Reporting currency (optional)", max_chars=3, placeholder="the usual one", key="currency", help="Three letters."
)
ready = session.stashed(importing.READY)
label = f"Load {sum(each.raw.rows for each in plan.files):,} rows"
if fourth.button(label, type="primary", icon=":material/input:", width="stretch", disabled=ready is not None) or ready:
    try:
        chosen = {"as_of": as_of, "rates": importing.parsed_rates(rates), "reporting_currency": currency or None}
        importing.load(plan, files, ready or chosen)
    except Refused as refused:
        st.error(refused.sentence(), icon=":material/error:")
        st.stop()
    except Stopped:
        st.info("Stopped. Nothing was changed.", icon=":material/info:")
        st.stop()
    st.rerun()
