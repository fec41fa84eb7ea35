"""Net revenue retention: what became of the revenue that was there, and the bridge between two months."""

import streamlit as st

from decade.charts import bridge, retention
from decade.charts.formats import money, percent, ratio
from decade.ui.drill import accounts_behind_a_month
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import choice, headline, option, tiles
from decade.ui.words import FORMS, SLICES

headline("Net revenue retention", "What became of the revenue that was there twelve months ago?")
stop_if_empty()
currency = conventions().reporting_currency or ""
mrr = fetch("mrr_bridge")
rates = fetch("revenue_retention", form="ttm", by="none")
if mrr.empty:
    nothing("No months to show", "The period chosen in the sidebar holds no month of the data.")
    st.stop()

full = mrr[mrr["is_full"].fillna(False)]
tiles(
    [
        ("NRR", rates["nrr"], percent, "points", "revenue_retention", "nrr"),
        ("GRR", rates["grr"], percent, "points", "revenue_retention", "grr"),
        ("Logo retention", rates["logo_retention"], percent, "points", "revenue_retention", "logo_retention"),
        ("MRR", full["closing"], lambda value: money(value, currency), "share", "mrr_bridge", "closing"),
        ("Quick ratio", full["quick_ratio"], ratio, "difference", "mrr_bridge", "quick_ratio"),
    ]
)

left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    form = choice("Form", FORMS, key="form", default="ttm")
with right:
    by = option("Slices", SLICES, key="by", default="none")
shown = fetch("revenue_retention", form=form, by=by)
if shown["nrr"].notna().any():
    figure(
        retention.over_time(shown, behind="kept" if form == "ttm" else "moved"),
        explains="revenue_retention",
        data=shown,
        key="retention",
        title=f"Revenue retention, {FORMS[form].lower()}" + ("" if by == "none" else f": NRR by {SLICES[by].lower()}"),
        picks=["month", "view"],
        opens="behind",
        hint="Click a point for the accounts behind it",
    )
else:
    nothing(
        f"Revenue retention, {FORMS[form].lower()}",
        "Empty: the history in scope is shorter than twelve months, or nothing was there at its start.",
    )
figure(
    bridge.by_month(mrr, currency=currency),
    explains="mrr_bridge",
    data=mrr,
    key="bridge",
    title="MRR bridge by month",
    picks=["month", "movement", "view"],
    opens="behind",
    hint="Click a bar for the accounts behind it",
    said="" if mrr["is_full"].fillna(True).all() else "The last month is not complete: drawn faint, left out of rates",
)
pending = mrr["renewal_pending"].dropna()
if len(pending) and pending.iloc[-1] > 0:
    st.info(
        f"{money(pending.iloc[-1], currency)} of MRR is renewal pending at {conventions().as_of}: its period has "
        "ended without a successor, counted as active.",
        icon=":material/schedule:",
    )
figure(
    bridge.quick_ratio(mrr),
    explains="mrr_bridge",
    data=mrr,
    key="quick",
    title="Quick ratio by month",
    picks=["month", "view"],
    opens="behind",
    hint="Lines at 1 and 4; drawn up to 12, hover for the value; a month in which nothing was lost has none",
)

accounts_behind_a_month(mrr, currency)
