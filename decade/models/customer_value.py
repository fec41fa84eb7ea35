"""What an acquired account brings over ten years: value by each formula, payback, and cohorts carried on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.life_table import Array
from decade.models.lifetime_value import lifetime_value
from decade.models.projection import Projection

QUANTILES = (0.1, 0.5, 0.9)
HORIZON = 120
YEARLY_RATE = 0.10


@dataclass(frozen=True)
class Range:
    """A number with its 80 % interval; missing is nan."""

    median: float
    low: float
    high: float

    def over(self, divisor: float) -> Range:
        """The same, divided; missing when there is nothing to divide by."""
        if not divisor > 0:
            return Range(np.nan, np.nan, np.nan)
        return Range(self.median / divisor, self.low / divisor, self.high / divisor)


@dataclass(frozen=True)
class Payback:
    """Months until margin reaches CAC: median and 80 % interval over paths (inf: never), and the share that never do.

    `kept`: share of the revenue that is left in the month of the median.
    """

    months: Range
    share_never: float
    kept: float


def monthly_kept(paths: Array, months: int = HORIZON, age_months: int = 12) -> Array:
    """Share of the first month's revenue left in each month, months x draws, from paths of ages x draws.

    Between two ages the share moves by a constant factor a month, or evenly when nothing is left at the later one.
    Beyond the last age it stays as it is there.
    """
    month = np.arange(months)
    age = np.minimum(month // age_months, paths.shape[0] - 1)
    later = np.minimum(age + 1, paths.shape[0] - 1)
    part = ((month - age * age_months) / age_months)[:, None]
    now, then = paths[age], paths[later]
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where((now > 0) & (then > 0), now * (then / np.where(now > 0, now, 1.0)) ** part, 0.0)
    return np.where((now > 0) & (then > 0), factor, now + (then - now) * np.minimum(part, 1.0))


def discounts(months: int = HORIZON, rate: float = YEARLY_RATE) -> Array:
    """What a unit of each month is worth today: money moves on the month's first day."""
    return np.asarray((1 + rate) ** (-np.arange(months) / 12))


def value_over(margin: float, kept: Array, rate: float = YEARLY_RATE) -> Range:
    """Margin of one account over all months of `kept` (months x draws), discounted; `margin` is the first month's."""
    return _range(margin * (discounts(kept.shape[0], rate) @ kept))


def payback_over(cac: float, margin: float, kept: Array) -> Payback:
    """The first month in which expected cumulative margin reaches CAC, over all paths; nan without CAC or margin."""
    if not (cac >= 0 and margin > 0):
        return Payback(Range(np.nan, np.nan, np.nan), np.nan, np.nan)
    reached = np.cumsum(kept, axis=0) * margin >= cac * (1 - 1e-12)
    first = np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.inf)
    low, median, high = np.quantile(first, QUANTILES, method="nearest")
    left = float(np.median(kept[int(median) - 1])) if np.isfinite(median) else np.nan
    return Payback(Range(float(median), float(low), float(high)), float(np.isinf(first).mean()), left)


def balance(cac: float, margin: float, kept: Array) -> pd.DataFrame:
    """Cumulative margin less CAC of one account: month (0 to the horizon), median, low, high. Not discounted."""
    position = np.concatenate([np.zeros((1, kept.shape[1])), np.cumsum(kept, axis=0) * margin]) - cac
    low, median, high = np.quantile(position, QUANTILES, axis=1)
    return pd.DataFrame({"month": np.arange(position.shape[0]), "median": median, "low": low, "high": high})


def value_by_formula(
    arpa: float, gross_margin: float, churn: float, nrr: float, kept: Array | None, rate: float = YEARLY_RATE
) -> pd.DataFrame:
    """Lifetime value of one account by each formula that people use, side by side.

    `arpa`: its MRR; `churn`: share of accounts lost a month; `nrr`: of twelve months; `kept`: projected share of
    revenue, months x draws, or None. Columns: formula, value, low, high, assumes, refused (why there is no value).
    """
    margin, month = arpa * gross_margin, discounts(HORIZON, rate)
    alive = (1 - churn) ** np.arange(HORIZON)
    rows: list[dict[str, object]] = []
    if kept is None:
        rows.append(_row("Ten years, projected, discounted", None, PROJECTED, "the history is too short to project"))
        rows.append(_row("Ten years, projected", None, "The same without discount.", "the same"))
    else:
        rows.append(_row("Ten years, projected, discounted", value_over(margin, kept, rate), PROJECTED))
        rows.append(_row("Ten years, projected", value_over(margin, kept, 0.0), "The same without discount."))
    constant = f"{100 * churn:.2f} % of accounts leave each month for ever, nobody grows"
    rows.append(_row("Ten years, constant churn, discounted", _point(margin * float(month @ alive)), constant + "."))
    rows.append(_row("Ten years, constant churn", _point(margin * float(alive.sum())), constant + "; not discounted."))
    rows.append(_closed("ARPA × margin ÷ churn", arpa, churn, gross_margin, 0.0, "The same without an end."))
    rows.append(_closed("ARPA ÷ churn", arpa, churn, 1.0, 0.0, "The same, and serving the customer costs nothing."))
    growth = nrr ** (1 / 12) / (1 - churn) - 1 if nrr > 0 and churn < 1 else np.nan
    assumes = (
        f"Those who stay grow by {100 * growth:.2f} % a month for ever." if np.isfinite(growth) else "NRR goes on."
    )
    rows.append(_closed("With expansion, without an end", arpa, churn, gross_margin, growth, assumes))
    return pd.DataFrame(rows)


PROJECTED = "Revenue of the typical cohort as projected, with its interval; growth fades."


def carried_on(observed: pd.DataFrame, kept: Array, horizon: int = HORIZON) -> tuple[pd.DataFrame, Range]:
    """A cohort's payback curve beyond what was observed, and the month in which it crosses (inf: not in the horizon).

    `observed`: one cohort of `cohort_payback`; `kept`: months x draws for accounts of this cohort. The last month's
    margin goes on along the paths. Columns: age, median, low, high of the cumulative margin.
    """
    last = observed.iloc[-1]
    age, so_far = int(last["age"]), float(last["cumulative_margin"])
    cac, base = float(last["cac"]), float(last["month_margin"])
    start = kept[age - 1] if age else np.ones(kept.shape[1])
    ahead = kept[age:horizon]
    scaled = np.where(start > 0, ahead / np.where(start > 0, start, 1.0), 0.0) * base
    total = np.concatenate([np.full((1, kept.shape[1]), so_far), so_far + np.cumsum(scaled, axis=0)])
    low, median, high = np.quantile(total, QUANTILES, axis=1)
    frame = pd.DataFrame({"age": np.arange(age, age + total.shape[0]), "median": median, "low": low, "high": high})
    is_there = total >= cac - 1e-9
    first = np.where(is_there.any(axis=0), age + is_there.argmax(axis=0), np.inf)
    early, middle, late = np.quantile(first, QUANTILES, method="nearest")
    return frame, Range(float(middle), float(early), float(late))


def paths_of(projection: Projection, cohort: str, first_age: int = 0) -> Array:
    """A cohort's own paths where the projection has them from its start, else those of the typical cohort."""
    if cohort in projection.cohorts:
        own: Array = projection.paths[projection.cohorts.index(cohort)]
        if np.isfinite(own[first_age:]).all() and (own[0] > 0).all():
            return own
    return projection.pooled_paths


def yearly_kept(paths: Array) -> tuple[float, ...]:
    """What each year keeps of the year before, median of paths (ages x draws): NRR, or 1 - logo churn."""
    median = np.median(paths, axis=1)
    ratio = median[1:] / np.where(median[:-1] > 0, median[:-1], np.nan)
    return tuple(float(each) for each in np.nan_to_num(ratio))


def _range(values: Array) -> Range:
    low, median, high = np.quantile(values, QUANTILES)
    return Range(float(median), float(low), float(high))


def _point(value: float) -> Range:
    return Range(value, np.nan, np.nan)


def _row(formula: str, found: Range | None, assumes: str, refused: str = "") -> dict[str, object]:
    known = found or Range(np.nan, np.nan, np.nan)
    value = {"value": known.median, "low": known.low, "high": known.high}
    return {"formula": formula, **value, "assumes": assumes, "refused": refused}


def _closed(formula: str, arpa: float, churn: float, margin: float, growth: float, assumes: str) -> dict[str, object]:
    if not np.isfinite(growth):
        return _row(formula, None, assumes, "NRR is not known")
    try:
        return _row(formula, _point(lifetime_value(arpa, churn, margin, growth)), assumes)
    except Refused as refused:
        return _row(formula, None, assumes, f"{refused.what[:1].upper()}{refused.what[1:]}. {refused.do}")
