"""Explain for what is computed from a scenario and asked of no table: definition, place in the code, data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from decade.conventions import UNSTATED
from decade.models.scenario import MEANING
from decade.queries import Column
from decade.ui.explaining import columns_in_words, explain_box, first_rows
from decade.ui.fetch import conventions
from decade.ui.table import described, download

MODELS = "decade/models"
NPV = "NPV = sum over months of margin / (1 + discount rate) ^ (month / 12) - CAC"
OUTPUTS = tuple(Column(name, unit, meaning) for name, (unit, meaning) in MEANING.items())


@dataclass(frozen=True)
class Computed:
    """What a figure of a scenario shows; `file` and `function` say where it is computed."""

    question: str
    formula: str
    grain: str
    file: str
    function: str
    columns: tuple[Column, ...]


def _grid(name: str, unit: str, meaning: str) -> Computed:
    return Computed(
        f"What is the scenario worth at other values of NRR and {meaning}?",
        f"{NPV}; at every pair of values, all other inputs as in the scenario",
        "one row per pair of values",
        f"{MODELS}/scenario.py",
        "grid",
        (
            Column(name, unit, meaning),
            Column("nrr", "rate", "yearly factor of what a staying customer pays"),
            Column("npv", "money", MEANING["npv"][1]),
        ),
    )


YEARS = (
    Column("year", "number", "year of the scenario, from 1"),
    Column("acv", "money", "what a staying customer pays a year, at the start of the year"),
    Column("survival", "rate", "chance that the customer is still there at the start of the year"),
    Column("revenue", "money", "expected invoices of the year"),
    Column("cost_of_goods", "money", "(1 - gross margin) of a twelfth of the ACV each month, in free months too"),
    Column("cost_to_serve", "money", "cost to serve of the year"),
    Column("margin", "money", "revenue less cost of goods and cost to serve"),
    Column("cash_flow", "money", "margin, less CAC in year 1"),
    Column("cumulative", "money", "sum of the cash flow to the end of the year"),
    Column("discounted", "money", "cash flow, each month discounted"),
    Column("cumulative_discounted", "money", "sum of the discounted cash flow to the end of the year"),
)
EXPLAINED = {
    "cash": Computed(
        "How much money is out, and when is it back?",
        "position(0) = -CAC; position(m) = position(m - 1) + revenue(m) - cost of goods(m) - cost to serve(m)",
        "one row per month",
        f"{MODELS}/scenario.py",
        "cash_curve",
        (
            Column("month", "number", "months since the customer was won; at 0 the CAC is paid, nothing received"),
            Column("position", "money", "cumulative expected cash, not discounted"),
        ),
    ),
    "years": Computed(
        "What does each year bring?",
        "margin = revenue - cost of goods - cost to serve; cash flow = margin, less CAC in year 1",
        "one row per year",
        f"{MODELS}/scenario.py",
        "evaluate",
        YEARS,
    ),
    "damped": Computed(
        "How much of the revenue comes from growth that never fades?",
        "log(NRR of a year) = damping * log(NRR of the year before); constant growth has a damping of 1",
        "one row per variant and year",
        f"{MODELS}/scenario.py",
        "evaluate",
        (Column("variant", "text", "which growth"), *YEARS),
    ),
    "heat_cac": _grid("cac", "money", "CAC"),
    "heat_free": _grid("free_months", "number", "free months"),
    "tornado": Computed(
        "Which input matters most?",
        "span = |output at the input's p90 - output at its p10|, all other inputs as in the scenario",
        "one row per input that is in doubt",
        f"{MODELS}/scenario_uncertain.py",
        "tornado",
        (
            Column("input", "text", "the input that is moved"),
            Column("low", "number", "its p10; of the first year for a path"),
            Column("high", "number", "its p90; of the first year for a path"),
            Column("at_low", "number", "the output there"),
            Column("at_high", "number", "the output there"),
            Column("base", "number", "the output of the scenario as it is"),
            Column("span", "number", "how far apart the outputs at both ends are"),
        ),
    ),
    "draws": Computed(
        "What may the NPV be when all inputs are in doubt together?",
        "npv = break-even CAC - CAC; each draw takes correlated inputs from a Gaussian copula",
        "one row per draw",
        f"{MODELS}/scenario_uncertain.py",
        "simulate",
        tuple(each for each in OUTPUTS if each.name in ("npv", "break_even_cac", "ltv_to_cac")),
    ),
    "compared": Computed(
        "How do scenarios compare?",
        f"{NPV}; every scenario with its own inputs",
        "one row per scenario",
        f"{MODELS}/scenario.py",
        "compare",
        (Column("scenario", "text", "its name"), *OUTPUTS),
    ),
}


def explain(key: str, title: str, data: Callable[[], pd.DataFrame]) -> None:
    """Definition, place in the code, data and download of a scenario's figure; nothing is made before it is opened."""
    box = explain_box(key)
    if box is None:
        return
    found, rows = EXPLAINED[key], data()
    with box:
        definition, where, table = st.tabs(["Definition", "Computed in", "Data"])
        with definition:
            st.markdown(f"**{title}.** {found.question}")
            st.code(found.formula, language=None, wrap_lines=True)
            st.markdown(f"Grain: {found.grain}.")
            known = {each.name: each for each in found.columns}
            names = [str(name) for name in rows.columns]
            other = "as in the form", "an input in which they differ"
            columns_in_words([known.get(name) or Column(name, *other) for name in names], key)
        with where:
            st.markdown(f"There is no SQL: a scenario is computed from its inputs alone, in `{found.file}` by")
            st.code(f"{found.function}()", language="python")
        with table:
            first_rows(rows, described(found.columns), key)
        label = f"Download {len(rows):,} rows as CSV"
        download(rows, f"scenario_{key}.csv", key=f"{key}_data_csv", label=label)


def sentence(years: int | None) -> str:
    """What the numbers under a scenario's figure are about; without `years`, of several scenarios."""
    currency = conventions().reporting_currency
    money = "" if currency in (None, UNSTATED) else f", in {currency}"
    over = "each over its own years" if years is None else "over one year" if years == 1 else f"over {years} years"
    who = "One customer of each scenario, expected values" if years is None else "One customer, expected values"
    return f"{who} {over}{money}; the filters do not change it"
