"""A scenario backwards: the value of one input at which an output reaches a target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar

from decade.errors import Refused
from decade.models.cash_flows import Array, monthly_flows, outputs, root
from decade.models.scenario_inputs import LIMITS, Scenario

OUTPUTS = (
    "revenue",
    "margin",
    "npv",
    "irr",
    "payback_months",
    "break_even_cac",
    "ltv_to_cac",
    "peak_cash_out",
    "final_acv",
)
ACCURACY = 1e-6
MOST_MONEY = 1e9


def solve(scenario: Scenario, unknown: str, target_name: str, target: float) -> Scenario:
    """The scenario with `unknown` set so that `target_name` equals `target` (relative accuracy 1e-6).

    The whole range of the unknown is searched (money up to a billion). Refused, with the range that can be
    reached: no value does it, more than one does, or the output does not depend on the unknown.
    """
    if unknown not in LIMITS:
        raise _refused(f"{unknown!r} cannot be solved for", f"Choose one of: {', '.join(LIMITS)}.")
    if target_name not in OUTPUTS:
        raise _refused(f"{target_name!r} is not an output", f"Choose one of: {', '.join(OUTPUTS)}.")
    if not np.isfinite(target):
        raise _refused(f"{target_name} cannot become {target:g}", "Give a finite number.")
    question = _Question(scenario, unknown, target_name, float(target))
    tried, values = question.samples()
    found = question.whole_years(tried, values) if unknown == "years" else question.crossings(tried, values)
    if len(found) == 1:
        return replace(scenario, **{unknown: found[0]})  # type: ignore[arg-type]
    raise question.refusal(tried, values, found)


class _Question:
    """One search: the target as a function of the unknown, sampled, narrowed, and put in words."""

    def __init__(self, scenario: Scenario, unknown: str, target_name: str, target: float) -> None:
        self.scenario, self.unknown, self.target_name, self.target = scenario, unknown, target_name, target
        self.tolerance = ACCURACY * (abs(target) if target else 1.0)

    def at(self, value: float) -> float:
        """The output at one value of the unknown; nan where it has none."""
        return float(self.along(np.array([value]))[0])

    def along(self, tried: Array) -> Array:
        flows = monthly_flows(self.scenario, **{self.unknown: tried})
        return outputs(flows, (self.target_name,))[self.target_name]

    def samples(self) -> tuple[Array, Array]:
        """Values of the unknown over its range with their outputs, turning points and edges included."""
        low, high = LIMITS[self.unknown]
        if self.unknown == "years":
            return self._years()
        replace(self.scenario, **{self.unknown: low})  # type: ignore[arg-type]
        if high > MOST_MONEY:
            tried = np.geomspace(max(low, 0.01), MOST_MONEY, 240)
            tried = np.append(0.0, tried) if low == 0 else tried
        else:
            high = min(high, 12.0 * self.scenario.years) if self.unknown == "free_months" else high
            count = 12 * self.scenario.years + 1 if self.unknown == "free_months" else 241
            tried = np.linspace(low, high, count)
        values = self.along(tried)
        extra = [*self._edges(tried, values), *self._turning_points(tried, values)]
        if extra:
            tried = np.unique(np.append(tried, extra))
            values = self.along(tried)
        return tried, values

    def _years(self) -> tuple[Array, Array]:
        tried, values = [], []
        for years in range(1, int(LIMITS["years"][1]) + 1):
            if self.scenario.free_months <= 12 * years:
                flows = monthly_flows(replace(self.scenario, years=years))
                tried.append(float(years))
                values.append(float(outputs(flows, (self.target_name,))[self.target_name][0]))
        return np.array(tried), np.array(values)

    def _edges(self, tried: Array, values: Array) -> list[float]:
        """Where the output stops having a value, as the last value of the unknown at which it has one."""
        known = np.isfinite(values)
        edges = []
        for k in np.flatnonzero(known[:-1] != known[1:]):
            inside, outside = (tried[k], tried[k + 1]) if known[k] else (tried[k + 1], tried[k])
            for _ in range(60):
                middle = (inside + outside) / 2
                inside, outside = (middle, outside) if np.isfinite(self.at(middle)) else (inside, middle)
            edges.append(float(inside))
        return edges

    def _turning_points(self, tried: Array, values: Array) -> list[float]:
        """Where the output stops rising or falling, to see a target that lies just inside the turn."""
        turns = []
        for k in range(1, len(tried) - 1):
            before, after = values[k] - values[k - 1], values[k + 1] - values[k]
            if before * after < 0 and min(abs(before), abs(after)) > 1e-9 * abs(values[k]):
                sign = -1.0 if before > 0 else 1.0
                best = minimize_scalar(
                    lambda x, sign=sign: sign * self.at(x),
                    bounds=(tried[k - 1], tried[k + 1]),
                    method="bounded",
                    options={"xatol": 1e-10 * max(1.0, abs(tried[k]))},
                )
                turns.append(float(best.x))
        return turns

    def crossings(self, tried: Array, values: Array) -> list[float]:
        """Every value of the unknown at which the output equals the target; both ends of a flat stretch."""
        gap = values - self.target
        hits = np.abs(gap) <= 1e-12 * max(1.0, abs(self.target))
        found = [float(each) for each in tried[hits]]
        for k in range(len(tried) - 1):
            if hits[k] or hits[k + 1] or not gap[k] * gap[k + 1] < 0:
                continue
            try:
                zero = root(lambda x: self.at(x) - self.target, tried[k], tried[k + 1])
            except ValueError:
                continue  # the output has no value in between
            if abs(self.at(zero) - self.target) <= self.tolerance:
                found.append(float(zero))
        return sorted(found)

    def whole_years(self, tried: Array, values: Array) -> list[float]:
        return [float(each) for each in tried[np.abs(values - self.target) <= self.tolerance]]

    def refusal(self, tried: Array, values: Array, found: list[float]) -> Refused:
        known = values[np.isfinite(values)]
        name, goal = self.target_name, f"{self.target_name} {_number(self.target)}"
        span = f"{self.unknown} from {_number(tried[0])} to {_number(tried[-1])}"
        if known.size == 0:
            return _refused(f"{name} has no value for any {span}", "Change another input.")
        low, high = float(known.min()), float(known.max())
        if high - low <= 1e-9 * max(1.0, abs(high)):
            return _refused(
                f"{name} does not depend on {self.unknown}: it stays at {_number(high)}",
                "Solve for another input.",
            )
        reach = f"with {span}, {name} can reach {_number(low)} to {_number(high)}"
        if found:
            listed = ", ".join(_number(each) for each in (found if len(found) <= 3 else [found[0], found[-1]]))
            return _refused(
                f"more than one {self.unknown} gives {goal} (among them {listed}); {reach}",
                f"Set {self.unknown} yourself.",
            )
        if self.unknown == "years":
            return _refused(f"no whole number of years gives {goal}; {reach}", "Choose a target of a whole year.")
        return _refused(f"no {self.unknown} gives {goal}; {reach}", "Choose a target in that range.")


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.3g}"
    return f"{value:.4g}"


def _refused(what: str, do: str) -> Refused:
    return Refused(what, where="scenario", do=do)
