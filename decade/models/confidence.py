"""How far a retention rate depends on which customers one happens to have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DRAWS = 1000
SEED = 20_260_101
RESAMPLED_UP_TO = 500  # beyond, the interval in closed form is as good and much quicker
FEWEST = 5
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Interval:
    """A 95 % interval of a ratio of sums, in how many accounts it rests, and how it was made."""

    low: float
    high: float
    accounts: int
    is_resampled: bool

    def words(self) -> str:
        """How it was made, in one sentence."""
        how = (
            f"{self.accounts:,} accounts drawn again with replacement {DRAWS:,} times"
            if self.is_resampled
            else f"{self.accounts:,} accounts, from their spread"
        )
        return f"95 % interval over which customers there happened to be ({how}); no forecast"


def ratio_interval(now: Array, then: Array) -> Interval | None:
    """The interval of sum(now) / sum(then) over accounts; None for fewer than five, or nothing there then.

    Up to 500 accounts by resampling them (seeded, percentiles 2.5 and 97.5 of 1,000 draws); beyond by the
    linearised standard error of a ratio (Cochran, Sampling Techniques, 6.3).
    """
    count = int(then.size)
    base = float(then.sum())
    if count < FEWEST or base <= 0:
        return None
    if count <= RESAMPLED_UP_TO:
        drawn = np.random.default_rng(SEED).integers(0, count, (DRAWS, count))
        bases = then[drawn].sum(axis=1)
        ratios = now[drawn].sum(axis=1)[bases > 0] / bases[bases > 0]
        low, high = np.quantile(ratios, (0.025, 0.975))
        return Interval(float(low), float(high), count, is_resampled=True)
    rate = float(now.sum()) / base
    spread = math.sqrt(count / (count - 1) * float(((now - rate * then) ** 2).sum())) / base
    return Interval(max(0.0, rate - NORMAL_95 * spread), rate + NORMAL_95 * spread, count, is_resampled=False)
