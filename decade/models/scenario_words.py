"""A scenario's inputs as English: the first half of its sentence."""

from __future__ import annotations

from decade.models.scenario_inputs import Path, Scenario

NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
)


def money(value: float, currency: str = "$") -> str:
    """Money to three figures: $950, $100k, $2.60M, $1.20bn."""
    sign, size = ("-" if value < 0 else ""), abs(value)
    for unit, name in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= unit * 0.9995:
            digits = max(0, 2 - len(f"{size / unit:.0f}") + 1)
            text = f"{size / unit:.{digits}f}"
            return f"{sign}{currency}{text.removesuffix('.00').removesuffix('.0')}{name}"
    return f"{sign}{currency}{size:,.0f}" if round(size) else f"{currency}0"


def percent(rate: float) -> str:
    """A rate as a percentage with at most one decimal: 120 %, 114.7 %."""
    return f"{round(100 * rate, 1):,.1f}".removesuffix(".0") + " %"


def sentence_start(scenario: Scenario, currency: str) -> str:
    """`At $100k ACV and 120 % NRR for ten years, with …,` naming every input that is in play."""
    years = f"{NUMBERS[scenario.years]} year{'s' if scenario.years > 1 else ''}"
    billing = "billed a year ahead" if scenario.billing == "annual_prepaid" else "billed monthly"
    conditions = [
        f"{percent(scenario.gross_margin)} gross margin",
        f"{money(scenario.cac, currency)} CAC",
        f"{percent(scenario.discount_rate)} discount rate",
        *_conditions(scenario, currency),
    ]
    start = f"At {money(scenario.acv, currency)} ACV and {_growth(scenario)} for {years}, {billing}"
    return f"{start}, with {', '.join(conditions[:-1])} and {conditions[-1]},"


def _growth(scenario: Scenario) -> str:
    stays = " among customers who stay" if scenario.churn not in (0.0, (0.0,)) else ""
    if isinstance(scenario.nrr, tuple):
        return f"an NRR path {_path(scenario.nrr[: max(1, scenario.years - 1)])}{stays}"
    damped = f" damped by {scenario.damping:g} a year" if scenario.damping < 1 else ""
    monthly = " growing every month" if scenario.growth == "monthly" else ""
    return f"{percent(scenario.nrr)} NRR{stays}{damped}{monthly}"


def _path(values: Path) -> str:
    """A path in words: all of a short one, both ends of a long one."""
    if len(values) > 3:
        return f"from {percent(values[0])} to {percent(values[-1])}"
    return "of " + ", ".join(percent(each) for each in values)


def _conditions(scenario: Scenario, currency: str) -> list[str]:
    found = []
    if isinstance(scenario.churn, tuple):
        found.append(f"logo churn {_path(scenario.churn[: scenario.years])} by year")
    elif scenario.churn:
        found.append(f"{percent(scenario.churn)} logo churn a year")
    if scenario.free_months:
        growth = "" if scenario.grows_while_free else " without growth"
        found.append(f"{scenario.free_months:.3g} free month{'' if scenario.free_months == 1 else 's'}{growth}")
    if scenario.cost_to_serve:
        found.append(f"{money(scenario.cost_to_serve, currency)} a year to serve")
    if isinstance(scenario.price_steps, tuple):
        found += [f"a price step of {percent(up)} in year {year}" for year, up in scenario.price_steps]
    elif scenario.price_steps:
        found.append(f"a yearly price step of {percent(scenario.price_steps)}")
    return found
