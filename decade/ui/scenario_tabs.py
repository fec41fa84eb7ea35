"""What lies behind a scenario's answer, one tab each; nothing of a tab is computed before it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts import scenario as charts
from decade.charts import scenario_doubt as doubt_charts
from decade.charts.formats import percent, sign
from decade.errors import Refused
from decade.models import scenario as model
from decade.models.scenario_claims import claim_sentence, claims
from decade.models.scenario_uncertain import CORRELATIONS, DRAWS, SEED, SPREADS, Doubt, simulate, tornado
from decade.models.scenario_words import money as short_money
from decade.ui import session
from decade.ui.page import numbers, option, plain
from decade.ui.scenario_book import compared, title_of
from decade.ui.scenario_form import USUAL_DAMPING, take
from decade.ui.scenarios import INPUTS, OUTPUTS, PERCENTS, chart_box, table_box, written


def years_tab(outcome: model.Outcome, currency: str) -> None:
    """The years as bars and as a table, and constant growth against damped."""
    scenario = outcome.scenario
    left, right = st.columns(2)
    with left:
        said = "Revenue is what is invoiced in a year; CAC is in the cash of year 1."
        bars = charts.year_bars(outcome.years, height=260)
        chart_box("Revenue, margin and cash by year", bars, "years", said, lambda: outcome.years, scenario.years)
    with right:
        others = side_by_side(scenario)
        found = {name: model.evaluate(each) for name, each in others.items()}
        said = "; ".join(
            f"{name}: {short_money(each.revenue, sign(currency))} of revenue and "
            f"{short_money(each.npv, sign(currency))} NPV"
            for name, each in found.items()
        )
        lines = charts.year_lines({name: each.years for name, each in found.items()}, height=260)
        chart_box("Constant growth against damped", lines, "damped", said, lambda: _variants(found), scenario.years)
    table_box("Year by year", outcome.years, "scenario_years")


def _variants(found: Mapping[str, model.Outcome]) -> pd.DataFrame:
    """The year tables of several variants below each other, named in the first column."""
    tables = {name: each.years for name, each in found.items()}
    return pd.concat(tables, names=["variant"]).reset_index("variant").reset_index(drop=True)


def side_by_side(scenario: model.Scenario) -> dict[str, model.Scenario]:
    """The scenario with growth that never fades, and with growth that does."""
    if isinstance(scenario.nrr, tuple):
        first = replace(scenario, nrr=scenario.nrr[0])
        return {f"Constant at {percent(scenario.nrr[0], 1)}": first, "By year as given": scenario}
    damping = scenario.damping if scenario.damping < 1 else USUAL_DAMPING
    return {
        "Constant": replace(scenario, damping=1.0),
        f"Damped by {damping:g} a year": replace(scenario, damping=damping),
    }


def solve_tab(scenario: model.Scenario, currency: str) -> None:
    """Solve backwards: which value of one input makes an output reach a target."""
    first, second, third = st.columns([2, 2, 2], vertical_alignment="bottom")
    with first:
        unknown = option("Which", INPUTS, key="solve", default="nrr")
    with second:
        target = option("gives", OUTPUTS, key="target", default="revenue")
    is_rate = target in PERCENTS
    value = third.number_input(
        "of, %" if is_rate else "of",
        value=2_000_000.0,
        step=1.0 if is_rate else 1000.0,
        format="%.2f",
        key="goal",
        bind="query-params",
    )
    try:
        solved = model.solve(scenario, unknown, target, value / 100 if is_rate else value)
    except Refused as refused:
        st.warning(plain(refused.sentence()))
        return
    answer = written(unknown, getattr(solved, unknown), currency, digits=6)
    st.markdown(f"#### {INPUTS[unknown]} = {plain(answer)}")
    st.caption(plain(model.sentence(solved, sign(currency))))
    st.button("Put it into the scenario", key="solve_take", on_click=take, args=(solved,))


def heatmaps_tab(scenario: model.Scenario, outcome: model.Outcome) -> None:
    """NPV over CAC and NRR, and over free months and NRR, with the line where it breaks even."""
    here = scenario.nrr[0] if isinstance(scenario.nrr, tuple) else scenario.nrr
    rates = ("nrr", np.linspace(max(0.05, min(0.7, here - 0.1)), max(1.5, here + 0.1), 41).tolist())
    most = max(2 * scenario.cac, 1.5 * outcome.break_even_cac, scenario.acv)
    longest = float(min(12 * scenario.years, max(24.0, 1.5 * scenario.free_months)))
    left, right = st.columns(2)
    said = "Blue is worth it, orange is not; the grey line is where NPV is zero, the circle this scenario."
    if isinstance(scenario.nrr, tuple):
        said = "A constant NRR in place of the path, whose first year is the circle. " + said
    with left:
        costs = model.grid(scenario, ("cac", np.linspace(0, most, 41).tolist()), rates)
        figure = charts.heatmap(costs, at=(here, scenario.cac), height=360)
        chart_box("NPV by CAC and NRR", figure, "heat_cac", said, lambda: _pairs(costs), scenario.years)
    with right:
        free = model.grid(scenario, ("free_months", np.linspace(0, longest, 13).tolist()), rates)
        figure = charts.heatmap(free, at=(here, scenario.free_months), height=360)
        chart_box("NPV by free months and NRR", figure, "heat_free", said, lambda: _pairs(free), scenario.years)


def _pairs(grid: pd.DataFrame) -> pd.DataFrame:
    """A grid of NPVs as rows: both inputs and the NPV."""
    return grid.reset_index().melt(id_vars=str(grid.index.name), value_name="npv")


def doubt_tab(scenario: model.Scenario, currency: str) -> None:
    """Which input matters most, and thousands of draws in which all of them are uncertain together."""
    held = st.container()
    assumed, seed = _assumptions()
    with held:
        found = simulate(scenario, assumed, seed=seed)
        npv = found.table.set_index("output").loc["npv"].to_dict()
        numbers(
            [
                ("Chance of a loss", percent(found.loss), "Share of draws with an NPV below zero."),
                (
                    "Affordable CAC",
                    written("cac", found.affordable_cac, currency),
                    "The p10 of the break-even CAC: nine draws in ten are worth at least this.",
                ),
                *(
                    (f"NPV {name}", written("npv", npv[name], currency), "Of the draws.")
                    for name in ("p10", "p50", "p90")
                ),
            ]
        )
        narrow, _ = st.columns([1, 2])
        with narrow:
            output = option("What matters most for", OUTPUTS, key="matters", default="npv")
        left, right = st.columns(2)
        with left:
            table = tornado(scenario, assumed, output)
            ends = [
                tuple(written(row["input"], row[end], currency) for end in ("low", "high"))
                for row in table.to_dict("records")
            ]
            figure = doubt_charts.tornado(
                table, [INPUTS[each] for each in table["input"]], ends, is_rate=output == "irr"
            )
            said = "Each input at its p10 and its p90, the others as they are."
            title = f"{OUTPUTS[output]}, one input at a time"
            chart_box(title, figure, "tornado", said, lambda: table, scenario.years)
        with right:
            figure = doubt_charts.distribution(found.draws["npv"].to_numpy(), scenario.cac)
            said = f"{DRAWS:,} draws of all inputs together, seed {seed}."
            chart_box("NPV of all draws", figure, "draws", said, lambda: found.draws, scenario.years)
        table_box("The draws in numbers", pd.concat([_labelled(found.table), _labelled(found.inputs)]), "simulated")


def _labelled(table: pd.DataFrame) -> pd.DataFrame:
    first = table.columns[0]
    names = {**INPUTS, **OUTPUTS}
    of = "Input" if first == "input" else "Output"
    return (
        table.rename(columns={first: "of"})
        .assign(
            of=[f"{of}: {names[each]}{', %' if each in PERCENTS else ''}" for each in table[first]],
            **{
                name: [
                    value * (100 if each in PERCENTS else 1)
                    for each, value in zip(table[first], table[name], strict=True)
                ]
                for name in ("p10", "p50", "p90", "mean")
            },
        )
        .round(3)
    )


def _assumptions() -> tuple[Doubt, int]:
    """How far inputs may lie from their values and which move together, as stated and editable on the page."""
    with st.expander("What is assumed about the doubt", icon=":material/casino:"):
        st.caption(
            "The p90 of an input lies this share above its value, the p10 as far below. Churn, gross margin and "
            "damping move by their odds, so that they stay between 0 and 100 %. Discount rate and free months are "
            "decisions: they vary on the left alone."
        )
        thirds, spreads = st.columns(3), {}
        for place, (name, usual) in enumerate(SPREADS.items()):
            spreads[name] = thirds[place % 3].number_input(
                f"{INPUTS[name]}, ± %", 0.0, 1000.0, 100 * usual, 5.0, "%.4g", f"d_{name}", bind="query-params"
            ) / 100  # fmt: skip
        st.caption("Correlations: 0 is none, 1 and -1 move as one.")
        places, correlations = st.columns(5), {}
        for place, ((one, other), usual) in enumerate(CORRELATIONS.items()):
            correlations[one, other] = places[place].number_input(
                f"{INPUTS[one]} and {INPUTS[other].lower() if other != 'cac' else 'CAC'}",
                -0.99, 0.99, usual, 0.1, "%.2f", f"c_{one}_{other}", bind="query-params",
            )  # fmt: skip
        seed = places[4].number_input("Seed", 0, 10**9, SEED, key="seed", bind="query-params")
    return Doubt(spreads, correlations), int(seed)


def compare_tab(scenario: model.Scenario, known: Mapping[str, model.Scenario]) -> None:
    """This scenario beside any number of presets and saved ones."""
    names = list(known)
    session.settle_many("compare", names)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    chosen = left.multiselect(
        "Beside this scenario", names, ["ten-year-2m", "ten-year-120", "ten-year-140", "damped-140"],
        format_func=title_of, key="compare", bind="query-params",
    )  # fmt: skip
    with right:
        output = option("Drawn", OUTPUTS, key="compare_by", default="npv")
    table = compared(chosen, scenario, known)
    bars = charts.comparison_bars(table, output, height=280)
    reason = "Without a bar: the number does not exist for that scenario." if table[output].isna().any() else ""
    chart_box(f"{OUTPUTS[output]} side by side", bars, "compared", reason, lambda: table, None)
    table_box("Side by side: the inputs that differ, and every answer", table, "scenarios_compared")


def claim_tab(currency: str) -> None:
    """The published claim, taken apart."""
    table = claims()
    st.markdown(f"**{plain(claim_sentence(table, sign(currency) or '$'))}**")
    table_box(
        "A customer of 100,000 in the first year, over ten yearly invoices", table.drop(columns="needed"), "claims"
    )
