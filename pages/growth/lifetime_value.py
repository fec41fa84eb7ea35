"""Lifetime value: what an account won is worth by each formula, against its cost, and two segments over ten years."""

import streamlit as st

from decade.charts import acquisition as charts
from decade.charts.formats import money, percent
from decade.models.customer_value import value_by_formula
from decade.ui.acquisition import margin_sentence
from decade.ui.empty import nothing, stop_if_empty
from decade.ui.fetch import conventions
from decade.ui.figure import figure
from decade.ui.lifetime_value import discount_rate, formulas_table, segments_compared, value_numbers
from decade.ui.measured import ALL, measured, segments
from decade.ui.page import choice, headline, option
from decade.ui.words import BASES

headline("Lifetime value", "What is a new customer worth over ten years, and is that more than it cost?")
stop_if_empty()
currency = conventions().reporting_currency or ""
names = segments()
if not names:
    nothing("Lifetime value", "No account was won in the last twelve full months of this scope.")
    st.stop()
left, middle, right = st.columns([3, 4, 2], vertical_alignment="bottom")
with left:
    part = option("Accounts of", {ALL: "All accounts"} | {name: name for name in names}, key="part", default=ALL)
with middle:
    basis = choice("Spend", BASES, key="basis", default="fully_loaded")
with right:
    rate = discount_rate()
found = measured(part, basis=basis)
value_numbers(found, rate, currency)
st.caption(f"Accounts won {found.period}: {found.accounts:,}. {margin_sentence()}.")
if found.gross_margin == found.gross_margin and found.monthly_churn == found.monthly_churn:
    table = value_by_formula(found.arpa, found.gross_margin, found.monthly_churn, found.nrr, found.kept, rate)
    figure(
        charts.formulas(table, cac=found.cac, currency=currency),
        explains="acquisition",
        data=table,
        key="formulas",
        title="The same account by each formula",
        said=f"First MRR {money(found.arpa, currency)}, margin {percent(found.gross_margin)}, "
        f"{percent(found.monthly_churn, 2)} of accounts leave a month, NRR {percent(found.nrr)}",
    )
    formulas_table(table, currency)
else:
    nothing(
        "The same account by each formula",
        "A gross margin and twelve months of churn are needed. A margin can be typed on the page Acquisition.",
    )
if len(names) > 1:
    segments_compared(names, basis, rate, currency)
else:
    nothing("Two segments over ten years", "Accounts of two segments have to be won in the last twelve months.")
