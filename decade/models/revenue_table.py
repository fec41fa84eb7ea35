"""Revenue by cohort and age, the data form of the revenue models: MRR levels and how many accounts carry them.

A frame has one row per cohort and age, mature cells only (every account of the cohort has reached the age):

    cohort            text   accounts that began together, in an order that sorts by time
    age               count  years (or another step, the same everywhere) since each account's own start, from 0
    accounts          count  accounts with MRR at this age
    mrr               money  their MRR, net, or capped at each account's start for gross retention
    mrr_squared_sum   money  sum over these accounts of MRR squared: the effective number is mrr^2 / mrr_squared_sum
    mrr_cubed_sum     money  optional: sum over these accounts of MRR cubed: how far the largest outweigh the others
    growth_product    money  optional: sum over the accounts of MRR times MRR one age earlier; empty at the first age.
                             Gives the variance of one customer's ratio
    period            count  optional: number of the calendar period, one step long, in which the age was reached

Ages before the data begins have no row. Without `growth_product` the customer variance is taken from how far cohorts
scatter; without `period`, cohorts are taken to begin in consecutive periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.life_table import Array, Whole

COLUMNS = ("cohort", "age", "accounts", "mrr", "mrr_squared_sum")
FEWEST_LINKS = 2
USUAL_VARIANCE, VARIANCE_ACCOUNTS, VARIANCE_CELLS = 0.15, 20.0, 2.0
LOWEST_VARIANCE, HIGHEST_VARIANCE = 0.002, 2.0


@dataclass(frozen=True)
class RevenueTable:
    """Cohorts x ages, nan where nothing has been seen; `start` is the calendar period of age 0.

    `family`: cohorts of one number share what sets them apart from the others. `largest`: the share of MRR that an
    account has, weighted by MRR squared; 1 / `effective` where all are alike, which is taken where it is not known.
    """

    cohorts: tuple[str, ...]
    mrr: Array
    effective: Array
    growth_product: Array
    start: Whole
    family: Whole | None = None
    largest: Array | None = None

    @property
    def groups(self) -> Whole:
        """Per cohort, the group whose effect it shares; its own unless `family` tells."""
        return np.arange(len(self.cohorts), dtype=np.int64) if self.family is None else self.family

    @property
    def first_age(self) -> Whole:
        """Per cohort, the first age seen."""
        return np.asarray(np.argmax(~np.isnan(self.mrr), axis=1), dtype=np.int64)

    @property
    def known_to(self) -> Whole:
        """Per cohort, the last age seen."""
        return np.asarray(self.mrr.shape[1] - 1 - np.argmax(~np.isnan(self.mrr[:, ::-1]), axis=1), dtype=np.int64)

    @property
    def periods(self) -> Whole:
        """Calendar period in which each cell was reached."""
        return np.asarray(self.start[:, None] + np.arange(self.mrr.shape[1])[None, :], dtype=np.int64)

    @property
    def last_period(self) -> int:
        """The latest calendar period with a cell."""
        return int(self.periods[~np.isnan(self.mrr)].max())

    @property
    def first_period(self) -> int:
        """The first calendar period with a cell."""
        return int(self.periods[~np.isnan(self.mrr)].min())

    def until(self, period: int) -> RevenueTable:
        """What was known when this period ended."""
        hidden = self.periods > period
        table = replace(
            self,
            mrr=np.where(hidden, np.nan, self.mrr),
            effective=np.where(hidden, np.nan, self.effective),
            growth_product=np.where(hidden, np.nan, self.growth_product),
        )
        rows = np.flatnonzero(~np.isnan(table.mrr).all(axis=1))
        return RevenueTable(
            tuple(self.cohorts[row] for row in rows),
            table.mrr[rows],
            table.effective[rows],
            table.growth_product[rows],
            self.start[rows],
            None if self.family is None else self.family[rows],
            None if self.largest is None else self.largest[rows],
        )

    @property
    def has_customers(self) -> bool:
        """Whether any cell tells how single customers moved."""
        return not bool(np.isnan(self.growth_product).all())

    def customer_variance(self) -> Array:
        """Variance of one customer's ratio of MRR from each age to the next, leaving and coming back included.

        Weighted by MRR squared, as the variance of a cohort's ratio is: sum((later - ratio now)^2) / sum(now^2), the
        ratio estimator's (Cochran, Sampling Techniques, 6.4). All ages together are pulled to .15 and each age to the
        one before, as if by twenty more accounts; beyond the last age it stays. Without `growth_product` the same at
        all ages, from the scatter of cohorts around the ratio of their age, pulled as if by two more cells.
        """
        now, later, effective = self.mrr[:, :-1], self.mrr[:, 1:], self.effective[:, :-1]
        is_link = ~np.isnan(now) & ~np.isnan(later) & (now > 0)
        ratio = np.where(is_link, later / np.where(is_link, now, 1.0), 0.0)
        has_own = is_link & ~np.isnan(self.growth_product[:, 1:]) & (effective > 1)
        ages = self.mrr.shape[1]
        if not has_own.any():
            found, count = self._scatter(ratio, np.where(is_link, effective, 0.0))
            pulled = (found * count + USUAL_VARIANCE * VARIANCE_CELLS) / (count + VARIANCE_CELLS)
            return np.full(ages, max(pulled, LOWEST_VARIANCE))
        squared = np.where(has_own, now**2 / np.where(has_own, effective, 1.0), 1.0)
        later_squared = np.where(later > 0, later**2 / np.where(later > 0, self.effective[:, 1:], 1.0), 0.0)
        cell = (later_squared - 2 * ratio * self.growth_product[:, 1:]) / squared + ratio**2
        # The ratio follows its own accounts, the largest most: what they leave of the variance.
        even = 1 / np.where(has_own, effective, 2.0)
        share = even if self.largest is None else np.fmax(even, self.largest[:, :-1])
        left = np.maximum(1 - 2 * share + even, 1e-6)
        weight = np.where(has_own, effective * left, 0.0)
        cell = np.where(has_own, cell / left, 0.0).clip(0.0, HIGHEST_VARIANCE)
        total, seen = (cell * weight).sum(axis=0), weight.sum(axis=0)
        believed = (total.sum() + USUAL_VARIANCE * VARIANCE_ACCOUNTS) / (seen.sum() + VARIANCE_ACCOUNTS)
        variances = np.empty(ages)
        for age in range(ages):
            if age < seen.size:
                believed = (total[age] + believed * VARIANCE_ACCOUNTS) / (seen[age] + VARIANCE_ACCOUNTS)
            variances[age] = believed
        return np.maximum(variances, LOWEST_VARIANCE)

    def next_variance(self) -> Array:
        """Per cohort, the variance by chance of its next ratio."""
        latest = np.arange(len(self.cohorts)), self.known_to
        return np.asarray(self.customer_variance()[latest[1]] / np.maximum(self.effective[latest], 1.0))

    def _scatter(self, ratio: Array, weight: Array) -> tuple[float, float]:
        """Weighted variance of ratios around their age's mean, and its degrees of freedom.

        Calendar shocks are in it: without customers there is no telling, and too wide is the safer side.
        """
        total = weight.sum(axis=0)
        mean = (weight * ratio).sum(axis=0) / np.where(total > 0, total, 1.0)
        freedom = max(float((weight > 0).sum() - (total > 0).sum()), 0.0)
        return float((weight * (ratio - mean) ** 2).sum() / max(freedom, 1.0)), freedom


def revenue_table(frame: pd.DataFrame) -> RevenueTable:
    """The table of a frame; refused when columns are missing, a cell is there twice or MRR is negative."""
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise Refused(f"{', '.join(missing)} missing", where="revenue table", do=f"It needs {', '.join(COLUMNS)}.")
    if frame.duplicated(["cohort", "age"]).any():
        raise Refused("a cohort has an age twice", where="revenue table", do="Give one row per cohort and age.")
    if (frame["mrr"] < 0).any():
        raise Refused("MRR is negative", where="revenue table", do="Leave credits out of MRR.")
    rows = frame[frame["mrr"].notna()]
    names = tuple(sorted(rows["cohort"].astype(str).unique()))
    at = rows["cohort"].astype(str).map({name: row for row, name in enumerate(names)}).to_numpy(np.int64)
    age = rows["age"].to_numpy(np.int64)
    mrr, squared, cubed, growth = (np.full((len(names), int(age.max(initial=0)) + 1), np.nan) for _ in range(4))
    mrr[at, age] = rows["mrr"].to_numpy(float)
    squared[at, age] = rows["mrr_squared_sum"].to_numpy(float)
    if "mrr_cubed_sum" in rows.columns:
        cubed[at, age] = rows["mrr_cubed_sum"].to_numpy(float)
    if "growth_product" in rows.columns:
        growth[at, age] = rows["growth_product"].to_numpy(float)
    start = np.arange(len(names), dtype=np.int64)
    if "period" in rows.columns:
        start = (rows["period"] - rows["age"]).groupby(at).min().to_numpy(np.int64)
    effective = np.where(
        squared > 0, mrr**2 / np.where(squared > 0, squared, 1.0), np.where(np.isnan(mrr), np.nan, 0.0)
    )
    largest = np.where(squared > 0, cubed / np.where(squared > 0, mrr * squared, 1.0), np.nan)
    return RevenueTable(names, mrr, effective, growth, start, largest=largest)
