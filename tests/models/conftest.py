"""Published curves, small simulated worlds, and how to make the frames that the models take."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

GOLDEN = Path(__file__).parent.parent / "golden"
FIRST_YEAR = 2004
# Customers alive of 1000 at the end of years 0 to 12: Fader & Hardie 2007, table 1.
PUBLISHED = {
    "regular": [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173],
    "high_end": [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394],
}


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def life_frame(alive: Sequence[Sequence[float]], term_months: int = 12) -> pd.DataFrame:
    """A life-table frame from accounts alive at age 0, 1, …; one cohort a period, nan where nothing is known yet."""
    rows = []
    for place, counts in enumerate(alive):
        counts = [each for each in counts if not np.isnan(each)]
        cohort, start = str(FIRST_YEAR + place), FIRST_YEAR + place
        rows.append((cohort, 0, counts[0], 0, term_months, start))
        rows += [
            (cohort, age, counts[age - 1], counts[age - 1] - counts[age], term_months, start + age)
            for age in range(1, len(counts))
        ]
    return pd.DataFrame(rows, columns=["cohort", "age", "at_risk", "lost", "term_months", "period"])


def revenue_frame(mrr: Sequence[Sequence[float]], effective: float = 50) -> pd.DataFrame:
    """A revenue frame from MRR at age 0, 1, …; one cohort a period, each as good as `effective` equal accounts."""
    rows = []
    for place, levels in enumerate(mrr):
        for age, level in enumerate(levels):
            if not np.isnan(level):
                period = FIRST_YEAR + place + age
                rows.append((str(FIRST_YEAR + place), age, effective, level, level**2 / effective, period))
    return pd.DataFrame(rows, columns=["cohort", "age", "accounts", "mrr", "mrr_squared_sum", "period"])


def with_customers(frame: pd.DataFrame, variance: float) -> pd.DataFrame:
    """A revenue frame whose every cell says that one customer's ratio varies so much."""
    before = frame.groupby("cohort")[["mrr", "mrr_squared_sum"]].shift(1)
    ratio, effective = frame["mrr"] / before["mrr"], before["mrr"] ** 2 / before["mrr_squared_sum"]
    residual = variance * (1 - 1 / effective) * before["mrr_squared_sum"]
    product = (frame["mrr_squared_sum"] + ratio**2 * before["mrr_squared_sum"] - residual) / (2 * ratio)
    return frame.assign(growth_product=product)


def simulated(hazard: Sequence[float], cohorts: int, accounts: int, seed: int) -> np.ndarray:
    """Accounts alive, cohorts x ages: the same hazard for all, everything seen."""
    chance = np.random.default_rng(seed)
    alive = np.empty((cohorts, len(hazard) + 1))
    alive[:, 0] = accounts
    for age, churn in enumerate(hazard):
        alive[:, age + 1] = chance.binomial(alive[:, age].astype(int), 1 - churn)
    return alive


def seen_so_far(triangle: np.ndarray, periods: int) -> np.ndarray:
    """Only what was known when so many periods had passed since the first cohort began."""
    known = triangle.astype(float).copy()
    place = np.arange(known.shape[0])[:, None] + np.arange(known.shape[1])[None, :]
    known[place > periods] = np.nan
    return known[~np.isnan(known[:, 0])]


@pytest.fixture(scope="session")
def bls(shared_data: Path) -> Callable[[str], np.ndarray]:
    """Survival of yearly cohorts of US establishments, or of their employment: cohorts x ages, as shares."""
    frame = pd.read_csv(shared_data / "bls_bed_survival" / "total_private_to_2013.csv")
    return lambda measure: frame.pivot(index="cohort_year", columns="age", values=measure).to_numpy()
