"""The scenario page's figures and tables, which no question of the database stands behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from decade.charts.formats import money, percent, ratio
from decade.charts.scenario import cash_curve
from decade.models.scenario import MEANING, Outcome
from decade.models.scenario import cash_curve as position
from decade.ui.computed import EXPLAINED, explain, sentence
from decade.ui.figure import CONFIG
from decade.ui.page import numbers, plain
from decade.ui.table import download, title_of

RATES = (
    "survival", "irr", "nrr", "churn", "gross_margin", "discount_rate", "growth_now", "price_steps", "loss",
)  # fmt: skip
RATIOS = ("damping", "ltv_to_cac", "payback_months", "times_claimed", "free_months")
OUTPUTS = {
    "revenue": "Revenue over the horizon",
    "margin": "Margin over the horizon",
    "npv": "NPV",
    "irr": "IRR",
    "payback_months": "Payback in months",
    "break_even_cac": "Break-even CAC",
    "ltv_to_cac": "LTV : CAC",
    "peak_cash_out": "Peak cash out",
    "final_acv": "ACV at the end",
}
INPUTS = {
    "acv": "ACV",
    "years": "Years",
    "gross_margin": "Gross margin",
    "cac": "CAC",
    "nrr": "NRR",
    "damping": "Damping",
    "churn": "Logo churn",
    "discount_rate": "Discount rate",
    "free_months": "Free months",
    "cost_to_serve": "Cost to serve",
    "price_steps": "Price step a year",
}
PERCENTS = ("nrr", "churn", "gross_margin", "discount_rate", "price_steps", "irr")


def written(name: str, value: float | None, currency: str, *, digits: int = 3) -> str:
    """An input or output as people read it: money, a percentage, or a plain number."""
    if name in PERCENTS:
        return percent(value, 1 if digits == 3 else 4)
    if name in ("damping", "ltv_to_cac", "free_months", "payback_months", "years"):
        return ratio(value, {"years": 0, "payback_months": 1}.get(name, 2) if digits == 3 else 4)
    return money(value, currency, digits=digits)


def answer(outcome: Outcome, currency: str, headline: str, below: Callable[[], None]) -> None:
    """A scenario's sentence, what `below` puts under it, its answers and its cash curve."""
    st.markdown(f"**{plain(headline)}**")
    below()
    scenario, payback = outcome.scenario, outcome.payback_months
    meaning = {name: f"{text[:1].upper()}{text[1:]}." for name, (_, text) in MEANING.items()}
    shown = {
        "npv": ("NPV", money(outcome.npv, currency)),
        "break_even_cac": ("Break-even CAC", money(outcome.break_even_cac, currency)),
        "payback_months": ("Payback, months", ratio(payback, 1) if payback is not None else "never"),
        "ltv_to_cac": ("LTV : CAC", ratio(outcome.ltv_to_cac, 1)),
        "peak_cash_out": ("Peak cash out", money(outcome.peak_cash_out, currency)),
        "revenue": (f"{scenario.years}-year revenue", money(outcome.revenue, currency)),
    }
    entries = [(label, text, outcome.reasons.get(name, meaning[name])) for name, (label, text) in shown.items()]
    numbers(entries[:3])
    months = position(scenario)
    said, chart = _deepest(months, payback, currency), cash_curve(months, payback, height=210)
    chart_box("Cumulative cash by month", chart, "cash", said, lambda: months, scenario.years)
    numbers(entries[3:])


def _deepest(months: pd.DataFrame, payback: float | None, currency: str) -> str:
    cash = months["position"].to_numpy()
    month = int(cash.argmin())
    if cash[month] >= 0:
        return "No money is ever out."
    back = "It never comes back" if payback is None else f"It is back in month {payback:.1f}"
    return f"Deepest in month {month}: {money(float(cash[month]), currency)}. {back}."


def chart_box(
    title: str, chart: go.Figure, key: str, said: str, data: Callable[[], pd.DataFrame], years: int | None
) -> None:
    """A figure of a scenario that explains itself, with what it says in words and what it is about under it.

    `data` makes its rows when they are asked for; `years` is the horizon, None for several scenarios.
    """
    with st.container(border=True, key=f"figure_{key}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{title}**", help=EXPLAINED[key].question, width="content")
            explain(key, title, data)
        st.plotly_chart(chart, key=key, config=CONFIG, alt=f"{title}. {said}")
        st.caption(plain(". ".join(part for part in (said.rstrip("."), sentence(years)) if part)))


def table_box(title: str, frame: pd.DataFrame, key: str) -> None:
    """A table of a scenario with its download."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{title}**", width="content")
            download(frame, f"{key}.csv", key=f"{key}_csv")
        config = {
            str(name): _column(str(name), pd.api.types.is_numeric_dtype(kind)) for name, kind in frame.dtypes.items()
        }
        st.dataframe(frame, hide_index=True, key=key, column_config=config, placeholder="–")


def _column(name: str, is_number: bool) -> Any:
    label = title_of(name)
    if not is_number:
        return st.column_config.Column(label)
    if name in ("p10", "p50", "p90", "mean"):
        return st.column_config.NumberColumn(label, format="%,.2f")
    shape = "percent" if name in RATES else "%.2f" if name in RATIOS else "%d" if name in ("year", "years") else "%,.0f"
    return st.column_config.NumberColumn(label, format=shape)
