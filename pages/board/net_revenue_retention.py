"""Net revenue retention: what became of the revenue that was there, and the bridge between two months."""

import streamlit as st

from decade.charts import bridge, retention
from decade.charts.formats import money, percent, ratio
from decade.charts.notes import noted
from decade.models.bridge_periods import by_period
from decade.ui.drill import bridge_behind
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.notes import notes, notes_box
from decade.ui.page import choice, go, headline, option, plain, tiles
from decade.ui.retention_boxes import how_sure, leaning, slices
from decade.ui.words import FORMS, GRAINS, SLICES

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
        ("NRR, 12 months", rates["nrr"], percent, "points", "revenue_retention", "nrr"),
        ("GRR, 12 months", rates["grr"], percent, "points", "revenue_retention", "grr"),
        ("Logos, 12 months", rates["logo_retention"], percent, "points", "revenue_retention", "logo_retention"),
        ("MRR", full["closing"], lambda value: money(value, currency), "share", "mrr_bridge", "closing"),
        ("Quick ratio, month", full["quick_ratio"], ratio, "difference", "mrr_bridge", "quick_ratio"),
    ]
)
sure = st.container()

written = notes()
left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    form = choice("Form", FORMS, key="form", default="ttm")
with right:
    by = option("Slices", SLICES, key="by", default="none")
shown = fetch("revenue_retention", form=form, by=by)
if not shown["nrr"].notna().any():
    nothing(
        f"Revenue retention, {FORMS[form].lower()}",
        "Empty: the history in scope is shorter than twelve months, or nothing was there at its start.",
    )
elif by != "none":
    slices(shown, form, by)
else:
    figure(
        noted(retention.over_time(shown, behind="kept" if form == "ttm" else "moved"), written),
        explains="revenue_retention",
        data=shown,
        key="retention",
        title=f"Revenue retention, {FORMS[form].lower()}",
        picks=["month", "view"],
        opens="behind",
        hint="Click a point for the accounts behind it",
    )
leaning(rates, currency)
with st.expander("Notes about months", key="notes", bind="query-params") as box:
    if box.open:
        notes_box()

grain = choice("Bars of a", GRAINS, key="bars", default="month")
periods = by_period(mrr, grain)
figure(
    noted(bridge.by_period(periods, currency=currency), written if grain != "year" else written.head(0)),
    explains="mrr_bridge",
    data=mrr if grain == "month" else periods,
    key="bridge",
    title=f"MRR bridge by {GRAINS[grain].lower()}",
    picks=["month", "movement", "view"],
    opens="behind",
    hint="Click a bar for what is behind it; From and To in the sidebar make a period of your own",
    said="" if periods["is_full"].all() else f"The last {grain} is not complete: drawn faint, left out of rates",
)
bridge_behind(mrr, periods, currency)
pending = mrr["renewal_pending"].dropna()
if len(pending) and pending.iloc[-1] > 0:
    first, second = st.columns([4, 1], vertical_alignment="center")
    first.info(
        f"{plain(money(pending.iloc[-1], currency))} of MRR is renewal pending at {conventions().as_of}: its period "
        "has ended without a successor, counted as active.",
        icon=":material/schedule:",
    )
    if second.button("Whose?", icon=":material/arrow_forward:", key="pending_open"):
        go("pages/customers/renewals.py")
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
with sure:  # last, because its answer comes last
    how_sure(rates)
