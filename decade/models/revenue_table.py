"""Revenue by cohort and age, the data form of the revenue models: MRR levels and how many accounts carry them.

A frame has one row per cohort and age, mature cells only (every account of the cohort has reached the age):

    cohort            text   accounts that began together, in an order that sorts by time
    age               count  years (or another step, the same everywhere) since each account's own start, from 0
    accounts          count  accounts with MRR at this age
    mrr               money  their MRR, net, or capped at each account's start for gross retention
    mrr_squared_sum   money  sum over these accounts of MRR squared: the effective number is mrr^2 / mrr_squared_sum
    growth_squared    money  optional: sum over the accounts with MRR one age earlier of MRR^2 / (MRR one age earlier),
                             leavers counting 0; empty at the first age. Gives the variance of one customer's ratio
    period            count  optional: number of the calendar period, one step long, in which the age was reached

Ages before the data begins have no row. Without `growth_squared` the customer variance is taken from how far cohorts
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
USUAL_VARIANCE, VARIANCE_CELLS = 0.15, 2.0
LOWEST_VARIANCE = 0.002


@dataclass(frozen=True)
class RevenueTable:
    """Cohorts x ages, nan where nothing has been seen; `start` is the calendar period of age 0.

    `family`: cohorts of one number share what sets them apart from the others.
    """

    cohorts: tuple[str, ...]
    mrr: Array
    effective: Array
    growth_squared: Array
    start: Whole
    family: Whole | None = None

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
            growth_squared=np.where(hidden, np.nan, self.growth_squared),
        )
        rows = np.flatnonzero(~np.isnan(table.mrr).all(axis=1))
        return RevenueTable(
            tuple(self.cohorts[row] for row in rows),
            table.mrr[rows],
            table.effective[rows],
            table.growth_squared[rows],
            self.start[rows],
            None if self.family is None else self.family[rows],
        )

    def customer_variance(self) -> float:
        """Variance of one customer's ratio of MRR from one age to the next, leaving included, weighted by MRR.

        From `growth_squared` where it is given, else from the scatter of cohorts around the ratio of their
        age; pulled to .15 as if by two more cells.
        """
        now, later, effective = self.mrr[:, :-1], self.mrr[:, 1:], self.effective[:, :-1]
        is_link = ~np.isnan(now) & ~np.isnan(later) & (now > 0)
        ratio = np.where(is_link, later / np.where(is_link, now, 1.0), np.nan)
        has_own = is_link & ~np.isnan(self.growth_squared[:, 1:]) & (effective > 1)
        if has_own.any():
            cell = (self.growth_squared[:, 1:] / np.where(is_link, now, 1.0) - ratio**2)[has_own]
            cell = np.maximum(cell, 0.0) * (effective / np.maximum(effective - 1, 1e-9))[has_own]
            weight = effective[has_own] - 1
            found, count = float(cell @ weight / weight.sum()), float(has_own.sum())
        else:
            found, count = self._scatter(np.nan_to_num(ratio), np.where(is_link, effective, 0.0))
        pulled = (found * count + USUAL_VARIANCE * VARIANCE_CELLS) / (count + VARIANCE_CELLS)
        return max(pulled, LOWEST_VARIANCE)

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
    mrr, squared, growth = (np.full((len(names), int(age.max(initial=0)) + 1), np.nan) for _ in range(3))
    mrr[at, age] = rows["mrr"].to_numpy(float)
    squared[at, age] = rows["mrr_squared_sum"].to_numpy(float)
    if "growth_squared" in rows.columns:
        growth[at, age] = rows["growth_squared"].to_numpy(float)
    start = np.arange(len(names), dtype=np.int64)
    if "period" in rows.columns:
        start = (rows["period"] - rows["age"]).groupby(at).min().to_numpy(np.int64)
    effective = np.where(
        squared > 0, mrr**2 / np.where(squared > 0, squared, 1.0), np.where(np.isnan(mrr), np.nan, 0.0)
    )
    return RevenueTable(names, mrr, effective, growth, start)
