"""The posterior of a retention curve where the data is finer than the fixed grid: a lattice laid around its peak.

With thousands of renewals the likelihood is narrower than a step of the grid. The nearest point of the grid would then
stand for the peak, off by up to half a step (a point of first-renewal churn in twenty), and the interval would be that
of one point. There the likelihood is weakened until the grid resolves it, a lattice is laid along the axes of what is
then seen, the likelihood is strengthened again as far as the lattice resolves it, and so on until it counts in full.
Where the grid resolves the posterior, the grid is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import logit

from decade.models.hazard_grid import CHURNS, POLARIZATIONS, SHAPES, Grid, log_prior, log_stays, tabulated
from decade.models.life_table import Array

# A sum over a lattice is that of a normal curve to a part in a thousand when its variance is .3 steps or more.
NARROWEST, FINE = 0.3, 0.8
# In units of the spread that a lattice is laid for, in which something endless would look 1.7 wide.
STEP = 0.8
SIDE = STEP * np.arange(-4.5, 5.0)
CORNER = 3.8
WIDEST = 2.25
NARROWING, WEAKEST = 0.25, 2.0**40
LAYINGS = 12


@dataclass(frozen=True)
class Peak:
    """Where a posterior lies: mean and covariance of the coordinates of its points."""

    centre: Array
    covariance: Array

    def wider(self, times: float) -> Peak:
        """The same with a variance so many times as large."""
        return Peak(self.centre, times * self.covariance)


def learned(
    grid: Grid,
    at_risk: Array,
    lost: Array,
    dispersion: float = 1.0,
    *,
    is_alike: bool = False,
    near: Peak | None = None,
) -> tuple[Grid, Array, Peak | None]:
    """Points and their posterior weights, given pooled counts by decision; the grid's own where it is fine enough.

    `near`: about where the peak lies, when that is known. The peak is None where the grid was kept.
    """
    counts, free = (at_risk / dispersion, lost / dispersion), 2 if is_alike else 3
    found = None if near is None else _zoomed(counts, grid, near, 1.0)
    if found is None:
        used = grid.where[:, 2] == 0.0 if is_alike else slice(None)
        where = grid.where[used, :free]
        step = np.ptp(where, axis=0) / np.array([CHURNS - 1, POLARIZATIONS.size - 1, SHAPES.size - 1][:free])
        score = _score(counts, grid.log_lost[used], grid.log_stayed[used])
        weakened, seen, _ = _strongest(score, grid.log_prior[used], where, np.diag(1 / step))
        found = _zoomed(counts, grid, seen, weakened) if weakened > 1 else None
    return found or (grid, grid.posterior(at_risk, lost, dispersion, is_alike=is_alike), None)


def _score(counts: tuple[Array, Array], log_lost: Array, log_stayed: Array) -> Array:
    at_risk, lost = counts
    return np.asarray(log_lost[:, : lost.size] @ lost + log_stayed[:, : lost.size] @ (at_risk - lost))


def _zoomed(counts: tuple[Array, Array], grid: Grid, peak: Peak, weakened: float) -> tuple[Grid, Array, Peak] | None:
    """Lattices around what is seen of a weakened likelihood, until it counts in full; None if it never does."""
    bounds = np.array([[logit(each) for each in POLARIZATIONS[[0, -1]]], np.log(SHAPES[[0, -1]])]).T
    low, high = np.column_stack([grid.where[[0, -1], 0], bounds]) + np.array([[-1e-9], [1e-9]])
    for _ in range(LAYINGS):
        # The stronger the likelihood, the narrower its peak.
        laid = peak.wider(max(weakened**-0.5, NARROWING))
        variance, axes = np.linalg.eigh(laid.covariance)
        if not variance[0] > 0:
            return None
        offsets = _offsets(variance.size)
        where = np.zeros((offsets.shape[0], 3))
        where[:, : variance.size] = laid.centre + (offsets * np.sqrt(variance)) @ axes.T
        where = where[((where >= low) & (where <= high)).all(axis=1)]
        if where.shape[0] < SIDE.size:
            return None
        stays, prior = log_stays(where, grid.term_months, counts[0].size), log_prior(where, grid.term_months)
        steps = (axes / (STEP * np.sqrt(variance))).T
        score = _score(counts, np.log(-np.expm1(stays)), stays)
        weakened, peak, weight = _strongest(score, prior, where[:, : variance.size], steps)
        moved = peak.centre - laid.centre
        narrowest = np.linalg.eigvalsh(steps @ peak.covariance @ steps.T)[0]
        widest = np.linalg.eigvalsh(steps @ (peak.covariance + np.outer(moved, moved)) @ steps.T)[-1]
        if widest > WIDEST / STEP**2:
            peak = peak.wider(2.0)
        elif weakened == 1 and narrowest >= FINE:
            used = weight > 1e-7
            points = tabulated(where[used], grid.term_months, grid.log_stayed.shape[1])
            return points, weight[used] / weight[used].sum(), peak
    return None


@lru_cache(maxsize=2)
def _offsets(free: int) -> Array:
    """A lattice around 0 in units of the spread, its corners cut."""
    offsets = np.stack(np.meshgrid(*[SIDE] * free, indexing="ij"), axis=-1).reshape(-1, free)
    return np.asarray(offsets[(offsets**2).sum(axis=1) <= CORNER**2])


def _strongest(score: Array, prior: Array, where: Array, steps: Array) -> tuple[float, Peak, Array]:
    """The least weakening of the likelihood, 1, 2, 4, …, at which points resolve the posterior; its peak and weights.

    `steps` turns coordinates into steps of the lattice.
    """
    weakened = 1.0
    while True:
        weight = score / weakened + prior
        weight = np.exp(weight - weight.max())
        weight /= weight.sum()
        centre = weight @ where
        away = where - centre
        covariance = (away * weight[:, None]).T @ away
        if np.linalg.eigvalsh(steps @ covariance @ steps.T)[0] >= NARROWEST or weakened >= WEAKEST:
            return weakened, Peak(centre, covariance), weight
        weakened *= 2
