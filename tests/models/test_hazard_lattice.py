"""Where data is finer than the grid of curves: the same posterior as one summed over very many points."""

from __future__ import annotations

import numpy as np
import pytest
from models.conftest import golden, life_frame
from scipy.special import expit, logit

from decade.models.engine import learn, simulate
from decade.models.hazard_grid import CHURN_SPREAD, SHAPE_CENTRE, SHAPE_SPREAD, YEARLY_CHURN, grid_for, tabulated
from decade.models.hazard_lattice import learned
from decade.models.life_table import life_tables
from decade.models.logos import BASELINES
from decade.models.survival import hazards

CURVE = np.array([1, 0.79, 0.68, 0.6, 0.54, 0.49, 0.45])


def counts(accounts: float) -> tuple[np.ndarray, np.ndarray]:
    alive = np.rint(accounts * CURVE)
    return alive[:-1], alive[:-1] - alive[1:]


def by_many_points(at_risk: np.ndarray, lost: np.ndarray, churn: tuple[float, float]) -> np.ndarray:
    """Mean share left after 1 to 10 decisions, over a fine even lattice of the whole prior within bounds of churn."""
    axes = (
        np.linspace(logit(churn[0]), logit(churn[1]), 41),
        np.linspace(logit(0.004), logit(0.92), 61),
        np.linspace(np.log(0.45), np.log(2.5), 61),
    )
    where = np.column_stack([each.ravel() for each in np.meshgrid(*axes, indexing="ij")])
    total, mean, top = 0.0, np.zeros(10), -np.inf
    for part in np.array_split(where, 12):
        points = tabulated(part, 12, 10)
        ages = at_risk.size
        score = points.log_lost[:, :ages] @ lost + points.log_stayed[:, :ages] @ (at_risk - lost) + points.log_prior
        best = max(top, float(score.max()))
        weight = np.exp(score - best)
        total, mean = total * np.exp(top - best), mean * np.exp(top - best)
        total, mean, top = total + weight.sum(), mean + weight @ np.exp(np.cumsum(points.log_stayed, axis=1)), best
    return mean / total


@pytest.mark.parametrize("accounts", [1000, 20_000])
def test_the_same_as_very_many_points(accounts: int) -> None:
    at_risk, lost = counts(accounts)
    points, weight, peak = learned(grid_for(12, 10), at_risk, lost)
    assert peak is not None
    spread = 5 / np.sqrt(accounts * 0.21 * 0.79)
    bounds = expit(logit(0.21) - spread), expit(logit(0.21) + spread)
    expected = by_many_points(at_risk, lost, (float(bounds[0]), float(bounds[1])))
    found = points.mean_survival(weight, 10)[1:]
    assert found[:6] == pytest.approx(expected[:6], abs=0.001)
    assert found == pytest.approx(expected, abs=0.004)
    # Many points carry the weight, so that intervals are not those of a few.
    assert 1 / np.sum(weight**2) > 15


def test_the_grid_is_kept_where_it_is_fine_enough() -> None:
    at_risk, lost = counts(40)
    grid = grid_for(12, 10)
    points, weight, peak = learned(grid, at_risk, lost)
    assert peak is None
    assert points is grid
    assert weight == pytest.approx(grid.posterior(at_risk, lost))


def test_with_very_many_accounts_the_curve_is_what_was_seen() -> None:
    """The nearest point of the grid would be off by a point of churn."""
    at_risk, lost = counts(500_000)
    grid = grid_for(12, 10)
    points, weight, _ = learned(grid, at_risk, lost)
    seen = hazards(points.mean_survival(weight, 6))
    assert seen == pytest.approx(lost / at_risk, abs=0.004)
    coarse = hazards(grid.mean_survival(grid.posterior(at_risk, lost), 6))
    assert np.abs(seen - lost / at_risk).sum() < 0.6 * np.abs(coarse - lost / at_risk).sum()


@pytest.mark.parametrize("churn", [0.0, 0.0001, 0.5, 0.99, 1.0])
@pytest.mark.parametrize("accounts", [30, 10_000_000])
@pytest.mark.parametrize("is_alike", [False, True])
def test_the_edges(churn: float, accounts: int, is_alike: bool) -> None:
    at_risk = accounts * (1 - min(churn, 0.999)) ** np.arange(4.0)
    points, weight, _ = learned(grid_for(12, 10), at_risk, churn * at_risk, 1.7, is_alike=is_alike)
    assert weight.sum() == pytest.approx(1)
    assert (weight >= 0).all()
    survival = points.mean_survival(weight, 10)
    assert (np.diff(survival) <= 1e-12).all()
    if is_alike:
        assert points.shape[weight > 0] == pytest.approx(1)


def test_the_prior_stays_the_prior() -> None:
    """No decision at all: the grid with the weights of the prior."""
    grid = grid_for(12, 10)
    points, weight, peak = learned(grid, np.zeros(0), np.zeros(0))
    assert peak is None
    churn = float(weight @ logit(points.churn))
    assert churn == pytest.approx(logit(YEARLY_CHURN), abs=0.2 * CHURN_SPREAD)
    assert float(weight @ np.log(points.shape)) == pytest.approx(SHAPE_CENTRE, abs=0.2 * SHAPE_SPREAD)


def test_published_curves_kept_aside() -> None:
    """Establishments born in March 2013 by sector, 4 to 7 years seen, forecast to year 10: never used for tuning."""
    rows = golden("establishments_by_sector.csv")
    assert len(rows) == 11
    errors: dict[str, list[float]] = {}
    inside = []
    for sector in [name for name in rows[0] if name != "age"]:
        alive = np.rint(10 * np.array([float(row[sector]) for row in rows]))
        for seen in (4, 5, 6, 7):
            table = life_tables(life_frame([alive[: seen + 1]]))[0]
            paths = simulate(learn(table, 10), 10, 800, seed=1).cohorts[0]
            actual = alive[seen + 1 :] / alive[0]
            low, median, high = np.quantile(paths, (0.1, 0.5, 0.9), axis=1)[:, seen + 1 :]
            inside.append((low <= actual) & (actual <= high))
            errors.setdefault("engine", []).append(float(np.mean(np.abs(median / actual - 1))))
            for model in BASELINES:
                curve = model(table.at_risk.sum(axis=0), table.lost.sum(axis=0))
                line = curve.survival(10)
                forecast = alive[seen] / alive[0] * line[seen + 1 :] / line[seen]
                errors.setdefault(curve.name, []).append(float(np.mean(np.abs(forecast / actual - 1))))
    mean = {name: np.mean(each) for name, each in errors.items()}
    assert mean["engine"] <= 0.038
    assert max(errors["engine"]) <= 0.10
    assert mean["engine"] < min(mean["constant rate"] / 3, mean["Kaplan-Meier with constant tail"])
    assert 0.75 <= np.concatenate(inside).mean() <= 0.95
