"""What a customer's margin is worth today, for thousands of variants at once: the cash flows summed by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decade.models.cash_flows import Array, uplifts
from decade.models.scenario_inputs import Scenario

AT_ONCE = 1024  # as many variants as fit into a processor's cache


@dataclass(frozen=True)
class Worth:
    """Discounted over the horizon, one value per variant, at an ACV and a yearly cost to serve of 1.

    `revenue`: invoices; `delivered`: list price of what is delivered, paid for or not; `served`: years served.
    """

    revenue: Array
    delivered: Array
    served: Array

    def margin(self, acv: Array, gross_margin: Array, cost_to_serve: Array) -> Array:
        """Discounted revenue less cost of goods and cost to serve: the break-even CAC."""
        return acv * (self.revenue - (1 - gross_margin) * self.delivered) - cost_to_serve * self.served


def worth(scenario: Scenario, nrr: Array, churn: Array, damping: Array) -> Worth:
    """The discounted sums of `monthly_flows`, equal to rounding, without its months.

    `nrr` and `churn` have one row a year and one column per variant, `damping` one value per variant; everything
    else is the scenario's.
    """
    pieces = []
    for start in range(0, nrr.shape[1], AT_ONCE):
        part = slice(start, start + AT_ONCE)
        pieces.append(_blended(scenario, nrr[:, part], churn[:, part], damping[part]))
    return Worth(*np.concatenate(pieces, axis=1))


def _blended(scenario: Scenario, nrr: Array, churn: Array, damping: Array) -> Array:
    """A part of a free month lies between its two whole numbers, as in `monthly_flows`."""
    whole = int(scenario.free_months)
    part = scenario.free_months - whole
    found = _sums(scenario, whole, nrr, churn, damping)
    return found if not part else (1 - part) * found + part * _sums(scenario, whole + 1, nrr, churn, damping)


def _sums(scenario: Scenario, free: int, nrr: Array, churn: Array, damping: Array) -> Array:
    """Revenue, delivered and served of each variant, one row each."""
    months = np.arange(12 * scenario.years)
    is_paid = months >= free
    is_prepaid = scenario.billing == "annual_prepaid"
    seen = np.where(is_paid, free + (months - free) // 12 * 12, months) if is_prepaid else months
    clock = months if scenario.grows_while_free else np.maximum(months - free, 0)
    discount = (1 + scenario.discount_rate) ** (-months / 12)
    growth = np.log(nrr) * damping ** np.arange(scenario.years)[:, None]
    level = np.exp(_before(np.cumsum(growth, axis=0), 0.0) + uplifts(scenario).T)
    kept = 1 - churn
    survival = _before(np.asarray(np.cumprod(kept, axis=0), float), 1.0)
    is_smooth = scenario.growth == "monthly"
    kept_months = _powers(kept ** (1 / 12))
    growth_months = _powers(np.exp(growth / 12)) if is_smooth else []
    sums: list[Array] = []
    for weight, is_priced in (
        (np.where(is_paid, discount[seen], 0.0), True),
        (discount, True),
        (discount, False),
    ):
        total = np.zeros(nrr.shape[1])
        for (seen_at, clock_at), share in _grouped(seen, clock, weight / 12, is_priced, is_smooth):
            year, month = divmod(seen_at, 12)
            term = share * survival[year] * kept_months[month][year]
            if is_priced:
                priced_year, priced_month = divmod(clock_at, 12)
                term = term * level[priced_year]
                if is_smooth:
                    term = term * growth_months[priced_month][priced_year]
            total += term
        sums.append(total)
    return np.stack(sums)


def _grouped(
    seen: NDArray[np.int64], clock: NDArray[np.int64], weight: Array, is_priced: bool, is_smooth: bool
) -> list[tuple[tuple[int, int], float]]:
    """Months that share survival and price level, with the sum of their weights."""
    priced = clock if is_smooth else clock // 12 * 12
    found: dict[tuple[int, int], float] = {}
    for key, value in zip(
        zip(seen.tolist(), (priced if is_priced else priced * 0).tolist(), strict=True), weight.tolist(), strict=True
    ):
        if value:
            found[key] = found.get(key, 0.0) + value
    return list(found.items())


def _before(cumulated: Array, first: float) -> Array:
    """Each year's value at its start."""
    return np.concatenate([np.full((1, cumulated.shape[1]), first), cumulated[:-1]])


def _powers(monthly: Array) -> list[Array]:
    found = [np.ones_like(monthly)]
    for _ in range(11):
        found.append(found[-1] * monthly)
    return found
