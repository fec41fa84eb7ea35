"""Naive forecasts of the MRR level by age: what the revenue engine has to beat.

Each returns the factors from age 0, 1, … to the next, `horizon` of them, from a table of MRR (cohorts x ages).
"""

from __future__ import annotations

import numpy as np

from decade.models.life_table import Array
from decade.models.triangle import link_ratios

TAIL_AGES = 2


def constant_factor(mrr: Array, horizon: int) -> Array:
    """One NRR for every age: all MRR one age later ÷ all MRR before."""
    factor, _, volume = link_ratios(mrr)
    return np.full(horizon, float(np.nansum(factor * volume) / volume.sum()))


def age_factors(mrr: Array, horizon: int) -> Array:
    """Each age's own NRR; beyond the oldest, that of the two oldest for ever."""
    factor, _, volume = link_ratios(mrr)
    seen = np.flatnonzero(volume > 0)
    late = seen[-TAIL_AGES:]
    tail = float((factor[late] * volume[late]).sum() / volume[late].sum())
    return _with_tail(factor, volume, horizon, tail)


def age_factors_then_flat(mrr: Array, horizon: int) -> Array:
    """Each age's own NRR; beyond the oldest nothing changes any more."""
    factor, _, volume = link_ratios(mrr)
    return _with_tail(factor, volume, horizon, 1.0)


def _with_tail(factor: Array, volume: Array, horizon: int, tail: float) -> Array:
    seen = int(np.flatnonzero(volume > 0)[-1]) + 1
    known = np.where(volume[:seen] > 0, np.nan_to_num(factor[:seen]), 1.0)
    return np.concatenate([known, np.full(max(horizon - seen, 0), tail)])[:horizon]


REVENUE_BASELINES = {
    "constant rate": constant_factor,
    "age factors with constant tail": age_factors,
    "age factors, then 100 %": age_factors_then_flat,
}
