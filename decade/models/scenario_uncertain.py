"""A scenario under doubt: which input matters most, and thousands of draws of correlated inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from decade.errors import Refused
from decade.models.cash_flows import Array, monthly_flows, outputs
from decade.models.scenario_inputs import LIMITS, Scenario
from decade.models.scenario_solve import OUTPUTS
from decade.models.scenario_value import worth

# By how much the p90 lies above the value, and by the same factor the p10 below it. Shares that stay between 0
# and 1 move by their odds.
SPREADS = {
    "acv": 0.2,
    "cac": 0.3,
    "nrr": 0.08,
    "damping": 0.5,
    "churn": 0.4,
    "gross_margin": 0.3,
    "discount_rate": 0.2,
    "cost_to_serve": 0.25,
    "free_months": 0.5,
}
ODDS = ("damping", "churn", "gross_margin")
# Dear customers cost more to win and stay longer; who grows leaves less; who grows much grows long.
CORRELATIONS = {
    ("acv", "cac"): 0.6,
    ("acv", "churn"): -0.3,
    ("nrr", "churn"): -0.4,
    ("nrr", "damping"): 0.5,
}
DRAWN = ("acv", "cac", "nrr", "damping", "churn", "gross_margin", "cost_to_serve")
DRAWS, SEED = 8192, 1
P90 = float(ndtri(0.9))
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True)
class Doubt:
    """How far inputs may lie from their values (`spreads`, see SPREADS) and which move together (`correlations`)."""

    spreads: Mapping[str, float]
    correlations: Mapping[tuple[str, str], float]

    def __post_init__(self) -> None:
        for name, spread in self.spreads.items():
            if name not in SPREADS:
                raise _refused(f"{name!r} has no spread", f"Choose one of: {', '.join(SPREADS)}.")
            if not 0 <= spread <= 10:
                raise _refused(f"the spread of {name} cannot be {spread:g}", "Give a number from 0 to 10.")
        for pair, value in self.correlations.items():
            if len(set(pair)) != 2 or not set(pair) <= set(DRAWN):
                raise _refused(f"{' and '.join(pair)} cannot be correlated", f"Choose two of: {', '.join(DRAWN)}.")
            if not -1 < value < 1:
                raise _refused(f"a correlation cannot be {value:g}", "Give a number between -1 and 1.")

    def factor(self) -> Array:
        """The Cholesky factor of the correlations of DRAWN; refused when they contradict each other."""
        matrix = np.eye(len(DRAWN))
        for (one, other), value in self.correlations.items():
            row, column = DRAWN.index(one), DRAWN.index(other)
            matrix[row, column] = matrix[column, row] = value
        try:
            return np.asarray(np.linalg.cholesky(matrix))
        except np.linalg.LinAlgError:
            raise _refused("these correlations contradict each other", "Bring one of them nearer to 0.") from None


USUAL = Doubt(SPREADS, CORRELATIONS)


@dataclass(frozen=True)
class Simulation:
    """What the draws came to.

    `loss`: share of draws with an NPV below 0; `affordable_cac`: the p10 of the break-even CAC, so that nine draws in
    ten are worth at least that; `table`: output, p10, p50, p90, mean; `inputs`: input, p10, p50, p90 (of the first
    year for a path); `draws`: npv, break_even_cac, ltv_to_cac, one row a draw.
    """

    loss: float
    affordable_cac: float
    table: pd.DataFrame
    inputs: pd.DataFrame
    draws: pd.DataFrame


def simulate(scenario: Scenario, doubt: Doubt = USUAL, *, draws: int = DRAWS, seed: int = SEED) -> Simulation:
    """Scrambled Sobol points through a Gaussian copula; the same seed gives the same draws. `draws`: a power of 2."""
    if draws < 2 or draws > 2**17 or draws & (draws - 1):
        raise _refused(f"{draws} draws cannot be made", "Give a power of 2 from 2 to 131,072, as 8192.")
    from scipy.stats import qmc  # takes a second to load: only where it is asked for

    points = qmc.Sobol(len(DRAWN), scramble=True, rng=np.random.default_rng(seed)).random(draws)
    normal = ndtri(np.clip(points, 1e-12, 1 - 1e-12)) @ doubt.factor().T
    drawn = {name: _moved(scenario, name, normal[:, k], doubt) for k, name in enumerate(DRAWN)}
    value = worth(scenario, drawn["nrr"], drawn["churn"], drawn["damping"][0]).margin(
        drawn["acv"][0], drawn["gross_margin"][0], drawn["cost_to_serve"][0]
    )
    cac = drawn["cac"][0]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(cac > 0, value / cac, np.nan)
    found = pd.DataFrame({"npv": value - cac, "break_even_cac": value, "ltv_to_cac": ratio})
    affordable = float(np.quantile(value, 0.1))
    return Simulation(
        loss=float((value < cac).mean()),
        affordable_cac=affordable,
        table=pd.DataFrame([{"output": name, **_spread(found[name].to_numpy())} for name in found.columns]),
        inputs=pd.DataFrame(
            [{"input": name, **_spread(values[0])} for name, values in drawn.items() if np.ptp(values[0]) > 0],
            columns=["input", *QUANTILES, "mean"],
        ),
        draws=found,
    )


def tornado(scenario: Scenario, doubt: Doubt = USUAL, output: str = "npv") -> pd.DataFrame:
    """One output with each input at its p10 and p90, the others as they are; the widest first.

    input, low, high (the input; of the first year for a path), at_low, at_high, base (the output), span. Inputs
    without doubt, such as a churn of 0, are left out.
    """
    if output not in OUTPUTS:
        raise _refused(f"{output!r} is not an output", f"Choose one of: {', '.join(OUTPUTS)}.")
    base = _output(scenario, output)
    rows: list[dict[str, Any]] = []
    for name in SPREADS:
        ends = [at_quantile(scenario, name, side * P90, doubt) for side in (-1, 1)]
        low, high = (_first(getattr(each, name)) for each in ends)
        if low == high:
            continue
        at_low, at_high = (_output(each, output) for each in ends)
        rows.append({"input": name, "low": low, "high": high, "at_low": at_low, "at_high": at_high, "base": base})
    table = pd.DataFrame(rows, columns=["input", "low", "high", "at_low", "at_high", "base"])
    table["span"] = (table["at_high"] - table["at_low"]).abs()
    return table.sort_values("span", ascending=False, kind="stable", ignore_index=True)


def at_quantile(scenario: Scenario, name: str, deviations: float, doubt: Doubt = USUAL) -> Scenario:
    """The scenario with one input so many standard deviations from its value."""
    if name == "damping" and (isinstance(scenario.nrr, tuple) or scenario.damping == 1):
        return scenario
    moved = _moved(scenario, name, np.array([deviations]), doubt)[:, 0]
    path = isinstance(getattr(scenario, name), tuple)
    value: Any = tuple(float(each) for each in moved) if path else float(moved[0])
    if name == "free_months":
        value = min(value, 12.0 * scenario.years)
    return replace(scenario, **{name: value})


def _moved(scenario: Scenario, name: str, deviations: Array, doubt: Doubt) -> Array:
    """An input so many standard deviations from its value: one row a year for nrr and churn, else one row."""
    given = getattr(scenario, name)
    path = np.atleast_1d(np.asarray(given, float))
    if name in ("nrr", "churn"):
        path = path[np.minimum(np.arange(scenario.years), path.size - 1)]
    step = np.log1p(doubt.spreads.get(name, 0.0)) / P90 * deviations
    low, high = LIMITS[name]
    with np.errstate(divide="ignore"):
        moved = expit(logit(path)[:, None] + step) if name in ODDS else path[:, None] * np.exp(step)
    return np.asarray(np.clip(moved, low, high))


def _spread(values: Array) -> dict[str, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return dict.fromkeys([*QUANTILES, "mean"], float("nan"))
    return {
        **{name: float(each) for name, each in zip(QUANTILES, np.quantile(known, [*QUANTILES.values()]), strict=True)},
        "mean": float(known.mean()),
    }


def _output(scenario: Scenario, output: str) -> float:
    return float(outputs(monthly_flows(scenario), (output,))[output][0])


def _first(value: float | Sequence[float]) -> float:
    return float(value[0]) if isinstance(value, tuple) else float(value)  # type: ignore[arg-type]


def _refused(what: str, do: str) -> Refused:
    return Refused(what, where="scenario", do=do)
