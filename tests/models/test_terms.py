"""Contracts of other lengths than a year: the same belief about years, however often a contract decides."""

from __future__ import annotations

import numpy as np
import pytest
from models.conftest import life_frame, simulated

from decade.models.engine import Fit, learn, simulate
from decade.models.hazard_grid import grid_for
from decade.models.life_table import life_tables

YEARS = np.array([3, 5, 10])
MONTHS = np.arange(121) / 12
WORLDS = {
    "2 % a month": np.exp(12 * np.log(0.98) * MONTHS),
    "5 % a month": np.exp(12 * np.log(0.95) * MONTHS),
    "falls fast": (1 + MONTHS / 1.5) ** -0.8,
    "two kinds of accounts": 0.6 * np.exp(-0.12 * MONTHS) + 0.4 * np.exp(-1.3 * MONTHS),
    "grows": np.exp(-0.12 * MONTHS - 0.06 * MONTHS**2),
}


def fitted(survival: np.ndarray, accounts: int, months: int, seed: int) -> Fit:
    alive = simulated(1 - survival[1:] / survival[:-1], 1, accounts, seed)[:, : months + 1]
    return learn(life_tables(life_frame(alive, 1))[0], 120)


@pytest.mark.parametrize("term", [1, 3, 6])
def test_before_any_decision_a_year_is_a_year(term: int) -> None:
    """Mean and spread, before any data, of what is left after 1, 3 and 10 years do not depend on the term."""

    def believed(months: int) -> np.ndarray:
        grid = grid_for(months, 120 // months)
        weight = grid.posterior(np.zeros(0), np.zeros(0))
        left = np.exp(np.cumsum(grid.log_stayed, axis=1)[:, np.array([1, 3, 10]) * 12 // months - 1])
        mean = weight @ left
        return np.concatenate([mean, np.sqrt(weight @ (left - mean) ** 2)])

    assert believed(term) == pytest.approx(believed(12), abs=0.015)


def test_few_accounts_that_decide_monthly() -> None:
    """Sixty accounts, two years of them: what was true of years 3, 5 and 10, and how wrong the median is in year 3."""
    errors, inside = {}, {}
    for world, survival in WORLDS.items():
        left = [simulate(fitted(survival, 60, 24, seed), 120, 200, seed, 12 * YEARS).pooled for seed in range(16)]
        low, median, high = np.quantile(left, (0.1, 0.5, 0.9), axis=2)
        errors[world] = median[:, 0] - survival[36]
        inside[world] = (low <= survival[12 * YEARS]) & (survival[12 * YEARS] <= high)
    assert 0.8 <= np.mean([inside[world] for world in WORLDS if world != "grows"]) <= 0.95
    assert np.mean(inside["grows"]) > 0.5
    assert np.mean(np.abs(list(errors.values()))) < 0.062
    assert np.mean(list(errors.values())) == pytest.approx(0, abs=0.015)


@pytest.mark.parametrize("churn", [0.003, 0.3])
def test_many_accounts_that_decide_monthly_are_believed(churn: float) -> None:
    """From 4 % to next to all within a year: the curve is what was seen."""
    survival = (1 - churn) ** np.arange(121.0)
    fit = fitted(survival, 200_000, 24, 1)
    assert fit.hazard[:12] == pytest.approx(churn, rel=0.05)
