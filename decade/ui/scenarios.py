"""The scenario page's parts: inputs that live in the URL, solving backwards, figures without a database."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from decade.charts.formats import SIGNS, money, percent
from decade.errors import Refused
from decade.models import scenario as model
from decade.ui import session
from decade.ui.export import csv_bytes
from decade.ui.figure import CONFIG
from decade.ui.table import title_of

PERCENTS = {
    "nrr": ("NRR a year", 1.0, 200.0, 1.0),
    "churn": ("Logo churn a year", 0.0, 100.0, 1.0),
    "gross_margin": ("Gross margin", 0.0, 100.0, 1.0),
    "discount_rate": ("Discount rate", 0.0, 100.0, 1.0),
}
RATES = ("survival", "irr", "nrr", "churn", "gross_margin", "discount_rate")
RATIOS = ("damping", "ltv_to_cac", "payback_months")
TARGETS = {
    "revenue": "Revenue over the horizon",
    "npv": "NPV",
    "payback_months": "Payback in months",
    "ltv_to_cac": "LTV : CAC",
    "break_even_cac": "Break-even CAC",
}
UNKNOWNS = {
    "nrr": "NRR",
    "cac": "CAC",
    "acv": "ACV",
    "damping": "Damping",
    "churn": "Churn",
    "gross_margin": "Gross margin",
    "discount_rate": "Discount rate",
    "free_months": "Free months",
}


def take_preset() -> None:
    """Callback: put a preset's values into the inputs."""
    chosen = model.preset(str(session.value("preset")))
    for name in model.INPUTS:
        key = f"s_{name}"
        if name in PERCENTS:
            session.put(key, round(float(getattr(chosen, name)) * 100, 4))
        elif name in SHOWN:
            session.put(key, getattr(chosen, name))


SHOWN = ("acv", "cac", "years", "damping", "free_months", "cost_to_serve", "billing", "grows_while_free", "price_steps")


@functools.cache
def presets_compared() -> pd.DataFrame:
    """Every preset's inputs and outputs, side by side."""
    return model.compare(list(model.presets().values()))


def inputs(start: model.Scenario) -> model.Scenario:
    """The scenario of the inputs on the page; `start` fills what the address does not say."""
    first, second, third, fourth = st.columns(4)
    numbers = {
        "acv": first.number_input("ACV", 1.0, 1e10, float(start.acv), 1000.0, "%.0f", "s_acv", bind="query-params"),
        "cac": second.number_input("CAC", 0.0, 1e10, float(start.cac), 1000.0, "%.0f", "s_cac", bind="query-params"),
        "years": third.number_input("Years", 1, 15, int(start.years), 1, key="s_years", bind="query-params"),
        "damping": fourth.number_input(
            "Damping of growth a year", 0.0, 1.0, float(start.damping), 0.05, "%.4f", "s_damping", bind="query-params",
            help="1 keeps the growth constant; 0.8 shrinks its logarithm to 0.8 of itself each year.",
        ),
    }  # fmt: skip
    rates = {}
    for column, (name, (label, low, high, step)) in zip((first, second, third, fourth), PERCENTS.items(), strict=True):
        value = round(float(getattr(start, name)) * 100, 4)
        rates[name] = (
            column.number_input(f"{label}, %", low, high, value, step, "%.4f", f"s_{name}", bind="query-params") / 100
        )
    months = first.number_input(
        "Free months", 0.0, 120.0, float(start.free_months), 1.0, "%.0f", "s_free_months", bind="query-params"
    )
    service = second.number_input(
        "Cost to serve a year",
        0.0,
        1e9,
        float(start.cost_to_serve),
        500.0,
        "%.0f",
        "s_cost_to_serve",
        bind="query-params",
    )
    billing = third.selectbox(
        "Billing", ["annual_prepaid", "monthly"], ["annual_prepaid", "monthly"].index(start.billing),
        format_func=lambda value: value.replace("_", " "), key="s_billing", bind="query-params",
    )  # fmt: skip
    grows = fourth.toggle("Grows while free", start.grows_while_free, key="s_grows_while_free", bind="query-params")
    given: dict[str, Any] = {**numbers, **rates}
    return model.Scenario(
        **given,
        free_months=months,
        cost_to_serve=service,
        billing=str(billing),
        grows_while_free=grows,
        price_steps=start.price_steps,
        growth=start.growth,
        name=start.name,
    )


def solve_box(scenario: model.Scenario, currency: str) -> None:
    """Solve backwards: which value of one input gives a target."""
    with st.container(border=True, key="solve_box"):
        st.markdown("**Solve backwards**")
        first, second, third, fourth = st.columns([2, 2, 2, 3], vertical_alignment="bottom")
        unknown = str(
            first.selectbox("Which", list(UNKNOWNS), format_func=UNKNOWNS.__getitem__, key="solve", bind="query-params")
        )
        target = str(
            second.selectbox("gives", list(TARGETS), format_func=TARGETS.__getitem__, key="target", bind="query-params")
        )
        value = third.number_input("of", value=2_000_000.0, step=1000.0, format="%.2f", key="goal", bind="query-params")
        try:
            solved = getattr(model.solve(scenario, unknown, target, value), unknown)
        except Refused as refused:
            fourth.warning(refused.sentence())
            return
        written = (
            percent(solved, 4)
            if unknown in PERCENTS
            else money(solved, currency, digits=6)
            if unknown in ("acv", "cac")
            else f"{solved:,.4f}"
        )
        fourth.markdown(f"#### {UNKNOWNS[unknown]} = {written}")


def chart_box(title: str, chart: go.Figure, key: str, said: str) -> None:
    """A figure of a scenario, with the scenario in words under it."""
    with st.container(border=True, key=f"figure_{key}"):
        st.markdown(f"**{title}**")
        st.plotly_chart(chart, key=key, config=CONFIG, alt=f"{title}. {said}")
        st.caption(said)


def sign(currency: str) -> str:
    """The sign of a currency in a sentence; none when it was never stated."""
    return SIGNS.get(currency, "" if currency in ("", "XXX") else f"{currency} ")


def table_box(title: str, frame: pd.DataFrame, key: str) -> None:
    """A table of a scenario with its download."""
    with st.container(border=True):
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(f"**{title}**")
        right.download_button(
            "Download CSV",
            data=lambda: csv_bytes(frame),
            file_name=f"{key}.csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{key}_csv",
            width="stretch",
        )
        config = {
            str(name): _column(str(name), pd.api.types.is_numeric_dtype(kind)) for name, kind in frame.dtypes.items()
        }
        st.dataframe(frame, hide_index=True, key=key, column_config=config, placeholder="–")


def _column(name: str, is_number: bool) -> Any:
    label = title_of(name)
    if not is_number:
        return st.column_config.Column(label)
    shape = "percent" if name in RATES else "%.2f" if name in RATIOS else "%d" if name == "year" else "%,.0f"
    return st.column_config.NumberColumn(label, format=shape)
