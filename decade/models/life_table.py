"""Life tables: accounts at risk and lost per cohort and renewal decision, the data form of every logo model.

A frame has one row per cohort, contract term and age:

    cohort       text   accounts that began together, in an order that sorts by time
    age          count  renewal decisions so far: 1 is the first renewal, not the first payment
    at_risk      count  accounts seen to reach this decision, each at risk of leaving at it
    lost         count  of those, the accounts that left at it
    term_months  count  length of the contracts; terms are never mixed in one table
    period       count  optional: number of the calendar period, a term long, in which the decision fell

A row of age 0 (at_risk = accounts that began, lost = 0) announces a cohort whose first decision is still to come; with
at_risk 0 one whose accounts are all older than the data.
Right censoring needs no row: accounts that have not yet reached a decision are simply not at risk at it. Left
truncation neither: an account older than the data is at risk from the first decision that the data shows. Accounts
whose start is unknown stay out. Without `period`, cohorts are taken to begin in consecutive periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decade.errors import Refused

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

COLUMNS = ("cohort", "age", "at_risk", "lost", "term_months")
SHORTEST_MONTHS = 12
SHORTEST_DECISIONS = 2
FEWEST_DECISIONS_MADE = 20


@dataclass(frozen=True)
class LifeTable:
    """One contract term: a row per cohort, a column per renewal decision (column 0 is the first).

    `started`: accounts at age 0, nan for a cohort first seen later. `start`: calendar period of age 0, so that
    decision `a` falls in period `start + a`.
    """

    term_months: int
    cohorts: tuple[str, ...]
    at_risk: Array
    lost: Array
    started: Array
    start: Whole

    @property
    def oldest(self) -> int:
        """The latest renewal decision that any account has reached; 0 when none has."""
        seen = np.flatnonzero(self.at_risk.sum(axis=0) > 0)
        return int(seen[-1]) + 1 if seen.size else 0

    @property
    def decisions_a_step(self) -> int:
        """Renewal decisions in a year where terms are shorter than that, else 1: the step of a back-test."""
        return max(1, 12 // self.term_months)

    @property
    def survivors(self) -> Array:
        """Accounts seen to stay at each decision; column 0 are those that began. One column more than decisions."""
        return np.column_stack([np.nan_to_num(self.started), self.at_risk - self.lost])

    @property
    def open(self) -> Array:
        """Accounts still there whose latest decision was this one (column 0: none yet)."""
        ahead = np.column_stack([self.at_risk, np.zeros(len(self.cohorts))])
        return np.maximum(self.survivors - ahead, 0.0)

    @property
    def known_to(self) -> Whole:
        """Per cohort, the last age that every account has reached, or had left before."""
        waiting = self.open > 0
        reached = np.column_stack([np.ones(len(self.cohorts), dtype=bool), self.at_risk > 0])
        latest = reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1)
        return np.asarray(np.where(waiting.any(axis=1), np.argmax(waiting, axis=1), latest), dtype=np.int64)

    @property
    def first_age(self) -> Whole:
        """Per cohort, the age at which it is first seen: 0, or later where the data begins later."""
        seen = self.at_risk > 0
        return np.asarray(np.where(~np.isnan(self.started) | ~seen.any(axis=1), 0, np.argmax(seen, axis=1)), np.int64)

    @property
    def last_period(self) -> int:
        """The latest calendar period in which a decision was made."""
        return int(self._periods()[self.at_risk > 0].max(initial=0))

    @property
    def first_period(self) -> int:
        """The calendar period in which the first cohort began."""
        return int(self.start.min()) if self.start.size else 0

    def until(self, period: int) -> LifeTable:
        """What was known when this period ended: later decisions are hidden, cohorts not yet begun are left out."""
        hidden = self._periods() > period
        known = self.start <= period
        table = replace(self, at_risk=np.where(hidden, 0.0, self.at_risk), lost=np.where(hidden, 0.0, self.lost))
        seen = known & ((np.nan_to_num(table.started) > 0) | (table.at_risk.sum(axis=1) > 0))
        return table.of(np.flatnonzero(seen))

    def of(self, rows: Whole) -> LifeTable:
        """The same with these cohorts only."""
        return replace(
            self,
            cohorts=tuple(self.cohorts[row] for row in rows),
            at_risk=self.at_risk[rows],
            lost=self.lost[rows],
            started=self.started[rows],
            start=self.start[rows],
        )

    def _periods(self) -> Whole:
        return np.asarray(self.start[:, None] + np.arange(1, self.at_risk.shape[1] + 1)[None, :], dtype=np.int64)

    @property
    def too_short(self) -> str:
        """Why a projection cannot be made from this table, in words; empty when it can."""
        shortest = max(SHORTEST_DECISIONS, -(-SHORTEST_MONTHS // self.term_months))
        if self.oldest < shortest:
            return f"contracts of {self.term_months} months show {self.oldest} renewal decisions, {shortest} are needed"
        made = self.at_risk.sum()
        if made < FEWEST_DECISIONS_MADE:
            return f"only {made:.0f} renewal decisions have been made, {FEWEST_DECISIONS_MADE} are needed"
        return ""


def life_tables(frame: pd.DataFrame) -> tuple[LifeTable, ...]:
    """One life table per contract term, shortest term first; refused when columns are missing or counts impossible.

    A cohort that never had an account is left out.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise Refused(f"{', '.join(missing)} missing", where="life table", do=f"It needs {', '.join(COLUMNS)}.")
    impossible = frame[(frame["lost"] < 0) | (frame["lost"] > frame["at_risk"]) | (frame["age"] < 0)]
    if len(impossible):
        row = impossible.iloc[0]
        what = f"cohort {row['cohort']}, age {row['age']}: {row['lost']} lost of {row['at_risk']} at risk"
        raise Refused(what, where="life table", do="Lost lies between 0 and at risk.")
    if frame.duplicated(["cohort", "age", "term_months"]).any():
        raise Refused("a cohort has an age twice", where="life table", do="Give one row per cohort, term and age.")
    frame = frame[frame.groupby(["cohort", "term_months"])["at_risk"].transform("max") > 0]
    terms = sorted({int(term) for term in frame["term_months"].unique()})
    return tuple(_table(term, frame[frame["term_months"] == term]) for term in terms)


def _table(term_months: int, rows: pd.DataFrame) -> LifeTable:
    cohorts = sorted(rows["cohort"].astype(str).unique())
    at = rows["cohort"].astype(str).map({name: row for row, name in enumerate(cohorts)}).to_numpy(np.int64)
    age = rows["age"].to_numpy(np.int64)
    counts = np.zeros((2, len(cohorts), int(age.max(initial=0)) + 1))
    counts[0, at, age] = rows["at_risk"].to_numpy(float)
    counts[1, at, age] = rows["lost"].to_numpy(float)
    at_risk, lost = counts[:, :, 1:]
    announced = np.full(len(cohorts), np.nan)
    announced[at[age == 0]] = counts[0, at[age == 0], 0]
    announced[announced == 0] = np.nan  # all of its accounts are older than the data
    is_complete = at_risk[:, 0] > 0 if at_risk.shape[1] else np.zeros(len(cohorts), dtype=bool)
    first = at_risk[:, 0] if at_risk.shape[1] else announced
    start = np.arange(len(cohorts), dtype=np.int64)
    if "period" in rows.columns:
        began = (rows["period"] - rows["age"]).groupby(at).min()
        start = began.reindex(range(len(cohorts))).to_numpy(np.int64)
    return LifeTable(
        term_months=term_months,
        cohorts=tuple(cohorts),
        at_risk=at_risk,
        lost=lost,
        started=np.where(np.isnan(announced) & is_complete, first, announced),
        start=start,
    )
