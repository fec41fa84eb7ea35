"""Scenarios: the ten-year customer, what may be spent to win it, and which input a target needs."""

import streamlit as st

from decade.charts import scenario as charts
from decade.charts.formats import money, percent, ratio
from decade.models import scenario as model
from decade.ui.fetch import conventions
from decade.ui.page import headline, numbers, option
from decade.ui.scenarios import chart_box, inputs, presets_compared, sign, solve_box, table_box, take_preset

headline("Scenarios", "What is a customer worth over ten years, and what may we spend to win one?")
currency = conventions().reporting_currency or ""
presets = model.presets()
left, right = st.columns([1, 3], vertical_alignment="bottom")
with left:
    names = {name: name.replace("-", " ") for name in presets}
    name = option("Start from", names, key="preset", default=next(iter(presets)), on_change=take_preset)
right.caption(model.preset_note(name))
chosen = inputs(presets[name])
outcome = model.evaluate(chosen)
said = model.sentence(chosen, sign(currency))

st.markdown(f"**{said}**".replace("$", r"\$"))
payback = outcome.payback_months
numbers(
    [
        (
            f"{chosen.years}-year revenue",
            money(outcome.revenue, currency),
            "Expected revenue over the horizon, not discounted.",
        ),
        (
            "NPV",
            money(outcome.npv, currency),
            f"Margin less CAC, discounted at {percent(chosen.discount_rate, 0)} a year.",
        ),
        (
            "Payback",
            f"{ratio(payback, 1)} months" if payback is not None else "not reached",
            outcome.reasons.get("payback_months", "The last time that cumulative margin crosses zero."),
        ),
        ("Break-even CAC", money(outcome.break_even_cac, currency), "The CAC at which the NPV is zero."),
        ("LTV : CAC", ratio(outcome.ltv_to_cac), outcome.reasons.get("ltv_to_cac", "Discounted margin over CAC.")),
        (
            "Peak cash out",
            money(outcome.peak_cash_out, currency),
            "The deepest point of cumulative cash, CAC included.",
        ),
    ]
)
solve_box(chosen, currency)
left, right = st.columns(2)
with left:
    chart_box("Revenue, margin and cash by year", charts.year_bars(outcome.years), "years", said)
with right:
    curve = charts.cash_curve(model.cash_curve(chosen), payback)
    chart_box("Cumulative cash by month", curve, "cash", said)
table_box("Year by year", outcome.years, "scenario_years")
table_box("All presets side by side", presets_compared(), "scenario_presets")
