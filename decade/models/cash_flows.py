"""Monthly cash flows of one acquired customer and what is read off them: NPV, IRR, payback, deepest point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from decade.models.scenario_inputs import Scenario

Array = NDArray[np.float64]

LOWEST_RATE, HIGHEST_RATE = -0.99, 1e9


@dataclass(frozen=True)
class Flows:
    """One row per variant, one column per month; money of an acquired customer, expected over churn.

    A month's money moves on its first day, so month 0 is not discounted. CAC is paid before month 0.
    """

    cac: Array
    acv: Array
    survival: Array
    revenue: Array
    cost_of_goods: Array
    cost_to_serve: Array
    discount: Array

    @property
    def margin(self) -> Array:
        """Revenue less cost of goods and cost to serve, before CAC."""
        return self.revenue - self.cost_of_goods - self.cost_to_serve

    @property
    def cash_flow(self) -> Array:
        """The margin of each month, less CAC in the first."""
        flow = self.margin
        flow[:, :1] -= self.cac
        return flow

    @property
    def position(self) -> Array:
        """Cumulative cash: before month 0 (CAC only), then after each month; one column more than months."""
        return np.concatenate([-self.cac, np.cumsum(self.margin, axis=1) - self.cac], axis=1)


def monthly_flows(scenario: Scenario, **varied: ArrayLike) -> Flows:
    """The flows of a scenario, or of one variant per element of `varied` inputs (scalars only, not years)."""
    columns = {name: np.asarray(values, dtype=float).reshape(-1, 1) for name, values in varied.items()}
    free = columns.get("free_months", np.array([[scenario.free_months]]))
    whole, part = np.floor(free), free - np.floor(free)
    flows = _flows(scenario, columns, whole)
    if not part.any():
        return flows
    later = _flows(scenario, columns, whole + 1)
    # A part of a free month is that part of the way from one whole number of free months to the next.
    blended = {
        name: (1 - part) * getattr(flows, name) + part * getattr(later, name)
        for name in ("acv", "survival", "revenue", "cost_of_goods", "cost_to_serve")
    }
    return Flows(cac=flows.cac, discount=flows.discount, **blended)


def _flows(scenario: Scenario, columns: dict[str, Array], free: Array) -> Flows:
    def value(name: str) -> Array:
        return columns[name] if name in columns else np.array([[getattr(scenario, name)]], dtype=float)

    month = np.arange(12.0 * scenario.years)[None, :]
    is_paid = month >= free
    is_prepaid = scenario.billing == "annual_prepaid"
    # Who has prepaid a year stays to its end: what happened by the last invoice is what counts.
    seen = np.where(is_paid, free + 12 * np.floor((month - free) / 12), month) if is_prepaid else month
    survival = _survival(scenario, columns, seen)
    acv = value("acv") * _price_level(scenario, columns, month, free)
    per_month = acv / 12
    if is_prepaid:
        price = np.pad(np.cumsum(per_month, axis=1), ((0, 0), (1, 0)))
        until = np.minimum(np.arange(month.size) + 12, month.size)
        is_invoice = is_paid & ((month - free) % 12 == 0)
        revenue = np.where(is_invoice, (price[:, until] - price[:, :-1]) * survival, 0.0)
    else:
        revenue = np.where(is_paid, per_month * survival, 0.0)
    rows = np.broadcast_shapes(revenue.shape, *((*columns[name].shape[:1], month.size) for name in columns))
    return Flows(
        cac=np.broadcast_to(value("cac"), (rows[0], 1)),
        acv=np.broadcast_to(acv, rows),
        survival=np.broadcast_to(survival, rows),
        revenue=np.broadcast_to(revenue, rows),
        cost_of_goods=np.broadcast_to((1 - value("gross_margin")) * per_month * survival, rows),
        cost_to_serve=np.broadcast_to(value("cost_to_serve") / 12 * survival, rows),
        discount=(1 + value("discount_rate")) ** (-month / 12),
    )


def _by_year(scenario: Scenario, columns: dict[str, Array], name: str) -> Array:
    """An input for each year of the horizon; the last value of a path goes on."""
    given = columns[name] if name in columns else np.atleast_2d(np.asarray(getattr(scenario, name), float))
    return given[:, np.minimum(np.arange(scenario.years), given.shape[1] - 1)]


def _survival(scenario: Scenario, columns: dict[str, Array], months: Array) -> Array:
    """Share of customers still there after so many months, churn spread evenly inside each year."""
    kept = 1 - _by_year(scenario, columns, "churn")
    at_start = np.pad(np.cumprod(kept, axis=1), ((0, 0), (1, 0)), constant_values=1.0)
    year, part = _year_and_part(months, scenario.years)
    return _pick(at_start, year) * _pick(kept, year) ** part


def _price_level(scenario: Scenario, columns: dict[str, Array], months: Array, free: Array) -> Array:
    """What a staying customer's price is in each month, as a multiple of the first day's."""
    damping = columns["damping"] if "damping" in columns else np.array([[scenario.damping]])
    step = np.arange(scenario.years)
    growth = np.log(_by_year(scenario, columns, "nrr")) * damping**step
    level = np.pad(np.cumsum(growth, axis=1), ((0, 0), (1, 0)))[:, :-1] + uplifts(scenario, columns)
    clock = months if scenario.grows_while_free else np.maximum(months - free, 0.0)
    year, part = _year_and_part(clock, scenario.years)
    within = _pick(growth, year) * part if scenario.growth == "monthly" else 0.0
    return np.asarray(np.exp(_pick(level, year) + within))


def uplifts(scenario: Scenario, columns: Mapping[str, Array] | None = None) -> Array:
    """Logarithm of what price steps have made of the price by each year, one row per variant."""
    step = np.arange(scenario.years)
    steps = (columns or {}).get("price_steps", scenario.price_steps)
    if isinstance(steps, tuple):
        return np.asarray(sum((np.log1p(up) * (step >= year - 1) for year, up in steps), np.zeros((1, step.size))))
    return np.asarray(np.log1p(steps) * step[None, :])


def _year_and_part(months: Array, years: int) -> tuple[NDArray[np.intp], Array]:
    year = np.minimum(months // 12, years - 1).astype(np.intp)
    return year, months / 12 - year


def _pick(by_year: Array, year: NDArray[np.intp]) -> Array:
    if year.shape[0] == 1:
        return by_year[:, year[0]]
    return np.take_along_axis(np.broadcast_to(by_year, (year.shape[0], by_year.shape[1])), year, axis=1)


def payback_months(flows: Flows) -> Array:
    """Months to the LAST crossing of cumulative cash through zero, interpolated; nan when it ends below."""
    position = flows.position
    tolerance = 1e-9 * (flows.cac + flows.acv[:, :1])
    below = position < -tolerance
    last = position.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    row = np.arange(position.shape[0])
    before, after = position[row, last], position[row, np.minimum(last + 1, position.shape[1] - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = last - before / (after - before)
    return np.where(~below.any(axis=1), 0.0, np.where(below[:, -1], np.nan, crossing))


def irr_roots(cash_flow: Array) -> list[float]:
    """Every yearly rate from -99 % to 1e9 at which the NPV of one row of monthly flows turns negative.

    Rates at which it turns positive are left out: they come from costs after the last invoice, and are no
    return on anything.
    """
    log_rate, discount = _rate_grid(cash_flow.size)
    value = discount @ cash_flow
    months = np.arange(cash_flow.size) / 12
    return [
        float(np.expm1(root(lambda x: float(np.exp(-x * months) @ cash_flow), log_rate[k], log_rate[k + 1])))
        for k in np.flatnonzero((value[:-1] > 0) & (value[1:] <= 0))
    ]


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that changes sign between two points is zero; an end when rounding hides the change.

    A function without a value somewhere between raises ValueError.
    """
    if function(low) * function(high) >= 0:
        return min(low, high, key=lambda end: abs(function(end)))
    return float(brentq(function, low, high, xtol=1e-15, rtol=1e-15))


@lru_cache(maxsize=32)
def _rate_grid(months: int) -> tuple[Array, Array]:
    low, high = np.log1p(LOWEST_RATE), np.log1p(HIGHEST_RATE)
    log_rate = np.concatenate([np.linspace(low, 3.0, 320, endpoint=False), np.linspace(3.0, high, 120)])
    return log_rate, np.exp(-log_rate[:, None] * np.arange(months)[None, :] / 12)


def irr(flows: Flows) -> Array:
    """The one yearly rate at which each variant's NPV turns negative; nan when none or more than one does."""
    roots = [irr_roots(row) for row in flows.cash_flow]
    return np.array([found[0] if len(found) == 1 else np.nan for found in roots])


def outputs(flows: Flows, names: tuple[str, ...]) -> dict[str, Array]:
    """The named outputs, one value per variant; nan where an output has no value."""
    margin = flows.margin
    value = np.sum(margin * flows.discount, axis=1)
    cac = flows.cac[:, 0]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = value / cac
        known = {
            "revenue": flows.revenue.sum(axis=1),
            "margin": margin.sum(axis=1),
            "npv": value - cac,
            "break_even_cac": value,
            "ltv_to_cac": np.where(np.isfinite(ratio), ratio, np.nan),
            "peak_cash_out": np.maximum(0.0, -flows.position.min(axis=1)),
            "final_acv": flows.acv[:, -1],
        }
    slow = {"irr": irr, "payback_months": payback_months}
    return {name: known[name] if name in known else slow[name](flows) for name in names}
