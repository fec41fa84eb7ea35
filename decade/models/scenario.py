"""What a scenario comes to: ten-year revenue, NPV, IRR, payback, break-even CAC, and its years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.cash_flows import HIGHEST_RATE, Array, Flows, irr_roots, monthly_flows, outputs
from decade.models.scenario_inputs import INPUTS, LIMITS, Scenario, preset, preset_note, preset_title, presets
from decade.models.scenario_solve import OUTPUTS, solve
from decade.models.scenario_words import money, percent, sentence_start

__all__ = [
    "INPUTS",
    "OUTPUTS",
    "Outcome",
    "Scenario",
    "as_rows",
    "cash_curve",
    "compare",
    "evaluate",
    "grid",
    "preset",
    "preset_note",
    "preset_title",
    "presets",
    "sentence",
    "solve",
]

MEANING = {
    "revenue": ("money", "invoiced over the horizon, not discounted"),
    "margin": ("money", "revenue less cost of goods and cost to serve, before CAC, not discounted"),
    "npv": ("money", "discounted margin less CAC"),
    "irr": ("rate", "the yearly discount rate above which the NPV is negative"),
    "payback_months": ("months", "last crossing of cumulative cash through zero, not discounted"),
    "break_even_cac": ("money", "the CAC at which the NPV is zero: the discounted margin"),
    "ltv_to_cac": ("ratio", "discounted margin over CAC"),
    "peak_cash_out": ("money", "the deepest point of cumulative cash, CAC included"),
    "final_acv": ("money", "what a customer who stays pays a year at the end of the horizon"),
}


@dataclass(frozen=True)
class Outcome:
    """The outputs of a scenario; an output without a value is None and `reasons` says why.

    `years`: one row a year: year, acv (of a staying customer) and survival at the start of the year,
    revenue, cost_of_goods, cost_to_serve, margin, cash_flow, cumulative, discounted,
    cumulative_discounted; money is expected, CAC is in the cash flow of year 1.
    """

    scenario: Scenario
    revenue: float
    margin: float
    npv: float
    irr: float | None
    payback_months: float | None
    break_even_cac: float
    ltv_to_cac: float | None
    peak_cash_out: float
    final_acv: float
    reasons: Mapping[str, str]
    years: pd.DataFrame


@lru_cache(maxsize=64)
def evaluate(scenario: Scenario) -> Outcome:
    """Every output of a scenario and its year table, made once: it is read and never written."""
    flows = monthly_flows(scenario)
    found = {name: float(each[0]) for name, each in outputs(flows, tuple(n for n in OUTPUTS if n != "irr")).items()}
    roots = irr_roots(flows.cash_flow[0])
    reasons = {}
    if len(roots) != 1:
        reasons["irr"] = _why_no_irr(flows, roots)
    if np.isnan(found["payback_months"]):
        reasons["payback_months"] = f"not within {_years(scenario.years)}"
    if np.isnan(found["ltv_to_cac"]):
        reasons["ltv_to_cac"] = "there is no CAC to compare with"
    return Outcome(
        scenario=scenario,
        revenue=found["revenue"],
        margin=found["margin"],
        npv=found["npv"],
        irr=roots[0] if len(roots) == 1 else None,
        payback_months=None if "payback_months" in reasons else found["payback_months"],
        break_even_cac=found["break_even_cac"],
        ltv_to_cac=None if "ltv_to_cac" in reasons else found["ltv_to_cac"],
        peak_cash_out=found["peak_cash_out"],
        final_acv=found["final_acv"],
        reasons=reasons,
        years=_year_table(flows),
    )


def _year_table(flows: Flows) -> pd.DataFrame:
    def by_year(monthly: Array) -> Array:
        return np.asarray(monthly.reshape(-1, 12).sum(axis=1))

    cash = flows.cash_flow[0]
    cash_flow, discounted = by_year(cash), by_year(cash * flows.discount[0])
    return pd.DataFrame(
        {
            "year": np.arange(1, len(cash_flow) + 1),
            "acv": flows.acv[0, ::12],
            "survival": flows.survival[0, ::12],
            "revenue": by_year(flows.revenue[0]),
            "cost_of_goods": by_year(flows.cost_of_goods[0]),
            "cost_to_serve": by_year(flows.cost_to_serve[0]),
            "margin": by_year(flows.margin[0]),
            "cash_flow": cash_flow,
            "cumulative": np.cumsum(cash_flow),
            "discounted": discounted,
            "cumulative_discounted": np.cumsum(discounted),
        }
    )


def _why_no_irr(flows: Flows, roots: Sequence[float]) -> str:
    cash = flows.cash_flow[0]
    if len(roots) > 1:
        return f"the NPV turns negative at more than one rate: {', '.join(percent(each) for each in roots)}"
    if (cash >= 0).all():
        return "the cash flow never turns negative"
    if (cash <= 0).all():
        return "the cash flow never turns positive"
    if cash[0] >= 0:
        return "the first payment covers the CAC, so that no money is left out to earn a return"
    if float(flows.discount[0] @ cash) > 0:
        return f"above {percent(HIGHEST_RATE)} a year"
    return "the NPV is negative at every rate"


def cash_curve(scenario: Scenario) -> pd.DataFrame:
    """Cumulative expected cash: columns month (0 = CAC paid, nothing received yet), position (money)."""
    position = monthly_flows(scenario).position[0]
    return pd.DataFrame({"month": np.arange(len(position)), "position": position})


def as_rows(outcome: Outcome) -> list[tuple[str, float | None, str, str]]:
    """The outputs in order as (name, value, unit, note); the note of an empty value is its reason."""
    return [
        (name, getattr(outcome, name), unit, outcome.reasons.get(name, meaning))
        for name, (unit, meaning) in MEANING.items()
    ]


def compare(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """One row per scenario: its name, the inputs in which the scenarios differ, and every output."""
    texts = [dict(pair.split("=", 1) for pair in each.settings()) for each in scenarios]
    differing = [name for name in INPUTS if len({text[name] for text in texts}) > 1]
    rows = []
    for number, (scenario, text) in enumerate(zip(scenarios, texts, strict=True), start=1):
        values = {name: getattr(scenario, name) for name in differing}
        inputs = {name: text[name] if isinstance(value, tuple) else value for name, value in values.items()}
        found = {name: value for name, value, _, _ in as_rows(evaluate(scenario))}
        rows.append({"scenario": scenario.name or f"Scenario {number}", **inputs, **found})
    table = pd.DataFrame(rows, columns=["scenario", *differing, *OUTPUTS])
    return table.astype(dict.fromkeys(OUTPUTS, "float64"))


def grid(
    scenario: Scenario,
    down: tuple[str, Sequence[float]],
    across: tuple[str, Sequence[float]],
    output: str = "npv",
) -> pd.DataFrame:
    """One output over two inputs at once, for a heatmap: index = values of `down`, columns = of `across`."""
    (row_name, row_values), (column_name, column_values) = down, across
    for name, values in (down, across):
        if name not in LIMITS or name == "years":
            raise Refused(
                f"{name!r} cannot be an axis", where="scenario", do="Choose a numeric input other than years."
            )
        for value in values:
            replace(scenario, **{name: value})  # type: ignore[arg-type]
    if output not in OUTPUTS or row_name == column_name:
        raise Refused(
            "a grid needs two different inputs and one output",
            where="scenario",
            do=f"Choose an output of: {', '.join(OUTPUTS)}.",
        )
    if output == "npv" and row_name == "cac":  # the margin does not know of the CAC
        margin = outputs(monthly_flows(scenario, **{column_name: column_values}), ("break_even_cac",))["break_even_cac"]
        found = margin[None, :] - np.asarray(row_values, float)[:, None]
    else:
        rows, columns = np.meshgrid(row_values, column_values, indexing="ij")
        flows = monthly_flows(scenario, **{row_name: rows, column_name: columns})
        found = outputs(flows, (output,))[output].reshape(rows.shape)
    return pd.DataFrame(
        found,
        index=pd.Index(row_values, name=row_name),
        columns=pd.Index(column_values, name=column_name),
    )


def sentence(scenario: Scenario, currency: str = "$") -> str:
    """The scenario and what it comes to, in English."""
    outcome = evaluate(scenario)
    back = (
        f"payback comes after {outcome.payback_months:.1f} months"
        if outcome.payback_months is not None
        else f"payback does not come within {_years(scenario.years)}"
    )
    spend = (
        f"the most that may be spent to win it is {money(outcome.break_even_cac, currency)}"
        if outcome.break_even_cac > 0
        else "it is not worth any CAC"
    )
    return (
        f"{sentence_start(scenario, currency)} "
        f"one customer brings {money(outcome.revenue, currency)} of revenue; "
        f"NPV is {money(outcome.npv, currency)}, {back}, "
        f"and {spend}."
    )


def _years(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"
