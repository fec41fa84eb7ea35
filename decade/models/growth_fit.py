"""The linear models behind the revenue engine: growth by age, effects of cohorts and calendar periods, in closed form.

Given the damping, the spreads and the noise, log NRR is a straight line in the long run and in what comes on top of it
at first, plus one number for each cohort, each age and each calendar period. Those are eliminated; what is left is a
sum of squares for the line, so that every damping costs no more than a 2 x 2 inverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from decade.models.life_table import Array, Whole


class Spreads(NamedTuple):
    """Spread of single cells, calendar periods, cohorts and ages on log NRR."""

    noise: float
    calendar: float
    cohort: float
    age: float


@dataclass(frozen=True)
class Links:
    """Ratios of one age to the one before: their logarithm, its variance by chance, and where each belongs.

    `groups` and `ages`: how many groups of cohorts and ages there are.
    """

    log_ratio: Array
    variance: Array
    age: Whole
    group: Whole
    period: Whole
    groups: int
    ages: int


@dataclass(frozen=True)
class Prior:
    """Of growth: long run, and how much higher it is at first; `weight`: how likely it is beside others."""

    centre: Array
    precision: Array
    weight: float = 1.0


@dataclass(frozen=True)
class Component:
    """One linear model: growth (long run, first minus long run) and its error, given damping and spreads.

    `effects`: of each group of cohorts, of each age, then of the last calendar period: mean at growth 0, how it moves
    with growth, and a square root of the covariance given growth; 0 where the spread is 0.
    """

    damping: float
    spreads: Spreads
    growth: Array
    growth_root: Array
    effects: Array
    effects_by_growth: Array
    effects_root: Array


def components(
    links: Links, spreads: Spreads, priors: Sequence[Prior], dampings: Sequence[float]
) -> list[tuple[float, Component]]:
    """Log marginal likelihood and model for each prior and damping: the effects are eliminated first."""
    variance = links.variance + spreads.noise**2
    groups, precision = _effects(links, spreads)
    weighted = groups / variance[:, None]
    design = np.column_stack(
        [links.log_ratio, np.ones(links.age.size), np.asarray(dampings)[None, :] ** links.age[:, None]]
    )
    size = precision.size
    root = np.linalg.cholesky(weighted.T @ groups + np.diag(precision))
    half = solve_triangular(root, weighted.T @ design, lower=True) if size else np.zeros((0, design.shape[1]))
    plain = design.T @ (design / variance[:, None]) - half.T @ half
    log_scale = np.log(variance).sum() - np.log(precision).sum() + 2 * np.log(np.diag(root)).sum()
    # What is known of cohorts, ages and the last period given growth: a square root of their part of the inverse.
    kept = np.concatenate(
        [
            np.arange(links.groups) if spreads.cohort else [],
            links.groups + np.arange(links.ages) if spreads.age else [],
            [links.groups + links.ages] if spreads.calendar else [],
        ]
    ).astype(np.int64)
    shared = np.zeros((links.groups + links.ages + 1, size))
    column = np.arange(kept.size)
    column[kept == links.groups + links.ages] = size - 1
    shared[kept] = solve_triangular(root, np.eye(size)[:, column], lower=True).T
    solved = shared @ half
    used = np.column_stack([np.ones(len(dampings), dtype=np.int64), 2 + np.arange(len(dampings))])
    lines, pulls = plain[used[:, :, None], used[:, None, :]], plain[used, 0]
    own = [(solved[:, 0], -solved[:, pair], shared) for pair in used]
    found = []
    for prior in priors:
        precise, pull = prior.precision + lines, prior.precision @ prior.centre + pulls
        covariance = np.linalg.inv(precise)
        growth = (covariance @ pull[:, :, None])[:, :, 0]
        misfit = plain[0, 0] + prior.centre @ prior.precision @ prior.centre - (growth * pull).sum(axis=1)
        scale = np.linalg.slogdet(precise)[1] - np.linalg.slogdet(prior.precision)[1]
        scores = np.log(prior.weight) - 0.5 * (log_scale + misfit + scale)
        roots = np.linalg.cholesky(covariance)
        for place, damping in enumerate(dampings):
            found.append((float(scores[place]), Component(damping, spreads, growth[place], roots[place], *own[place])))
    return found


def _effects(links: Links, spreads: Spreads) -> tuple[Array, Array]:
    """Columns of cohort, age and period effects, in this order, and their prior precisions; none at spread 0."""
    columns: list[Array] = [np.zeros((links.age.size, 0))]
    precision: list[Array] = [np.zeros(0)]
    if spreads.cohort:
        columns.append((links.group[:, None] == np.arange(links.groups)[None, :]).astype(float))
        precision.append(np.full(links.groups, spreads.cohort**-2))
    if spreads.age:
        columns.append((links.age[:, None] == np.arange(links.ages)[None, :]).astype(float))
        precision.append(np.full(links.ages, spreads.age**-2))
    if spreads.calendar:
        period, place = np.unique(links.period, return_inverse=True)
        columns.append((place[:, None] == np.arange(period.size)[None, :]).astype(float))
        precision.append(np.full(period.size, spreads.calendar**-2))
    return np.hstack(columns), np.concatenate(precision)


def draw_components(
    weights: Array, found: Sequence[Component], draws: int, chance: np.random.Generator
) -> tuple[Whole, Array, Array]:
    """Which model each draw follows, its growth (2 x draws) and its effects (groups, ages and last period x draws).

    Models are drawn as often as they weigh, to within one draw, in a random order; the second half of the draws
    are the first with the errors' sign turned, so that a median needs fewer.
    """
    half = -(-draws // 2)
    even = chance.permutation((np.arange(half) + chance.random(half)) / half)
    picked = np.minimum(np.searchsorted(np.cumsum(weights), even, side="right"), weights.size - 1)
    growth, effects = np.empty((2, 2 * half)), np.empty((found[0].effects.size, 2 * half))
    for k in np.unique(picked):
        part, at = found[k], np.flatnonzero(picked == k)
        error = part.growth_root @ chance.standard_normal((2, at.size))
        own = part.effects_root @ chance.standard_normal((part.effects_root.shape[1], at.size))
        for turned, sign in ((at, 1), (at + half, -1)):
            growth[:, turned] = part.growth[:, None] + sign * error
            effects[:, turned] = part.effects[:, None] + part.effects_by_growth @ growth[:, turned] + sign * own
    return np.tile(picked, 2)[:draws], growth[:, :draws], effects[:, :draws]
