"""The revenue engine: damped growth, small cohorts pulled in, no negative revenue, and a frame that says enough."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.conftest import revenue_frame, seen_so_far

from decade.errors import Refused
from decade.models.revenue import fit_revenue, simulate_revenue
from decade.models.revenue_projection import project_revenue
from decade.models.revenue_table import revenue_table


def world(cohorts: int, growth: np.ndarray, noise: float, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    steps = np.exp(growth[None, :] + noise * chance.standard_normal((cohorts, growth.size)) - noise**2 / 2)
    return 1e5 * np.cumprod(np.column_stack([np.ones(cohorts), steps]), axis=1)


def damped(first: float, long_run: float, damping: float, years: int = 10) -> np.ndarray:
    return long_run + (first - long_run) * damping ** np.arange(years)


def test_finds_what_it_was_given() -> None:
    growth = damped(0.18, -0.02, 0.55)
    frame = revenue_frame(seen_so_far(world(9, growth, 0.01, 1), 9), effective=4000)
    fit = fit_revenue(revenue_table(frame))
    assert fit.growth[0] == pytest.approx(-0.02, abs=0.015)
    assert fit.growth.sum() == pytest.approx(0.18, abs=0.02)
    assert fit.mean("damping") == pytest.approx(0.55, abs=0.12)


def test_three_good_years_are_not_carried_to_year_ten() -> None:
    frame = revenue_frame(seen_so_far(world(3, np.full(10, 0.2), 0.02, 1), 3))
    projection = project_revenue(frame, draws=400)
    last = projection.pooled.iloc[-1]
    assert last["median"] < 0.6 * np.exp(0.2 * 10)
    assert any("is a range" in note for note in projection.notes)
    assert project_revenue(frame, draws=400, long_run=0.15).pooled.iloc[-1]["median"] > last["median"]


def test_a_cohort_of_one_whale_is_hardly_believed() -> None:
    levels = seen_so_far(world(6, np.zeros(10), 0.02, 2), 6)
    levels[2, 1:] *= 1.6
    frame = revenue_frame(levels, effective=200)
    whale = frame["cohort"] == "2006"
    frame.loc[whale, "mrr_squared_sum"] = frame.loc[whale, "mrr"] ** 2
    reasons = project_revenue(frame, draws=50).reasons.set_index("cohort")
    assert reasons.loc["2006", "effective_accounts"] == pytest.approx(1)
    assert reasons.loc["2006", "credibility"] < 0.05
    assert reasons.loc["2006", "credibility"] < reasons.loc["2005", "credibility"]
    assert reasons.loc["2006", "factor"] == pytest.approx(1, abs=0.02)


def test_variance_of_a_customer_from_customers() -> None:
    """Half of 1,000 equal customers leave, half double: the ratio is 1, its variance 1."""
    frame = revenue_frame([[1e5, 1e5, 1e5], [1e5, 1e5, np.nan]], effective=1000)
    frame["growth_squared"] = np.where(frame["age"] > 0, 500 * 200.0**2 / 100.0, np.nan)
    table = revenue_table(frame)
    # Three cells that say 1 (times 1000 / 999), two that say .15.
    assert table.customer_variance() == pytest.approx((3 * 1000 / 999 + 2 * 0.15) / 5)


@given(st.integers(2, 6), st.floats(-0.6, 0.4), st.floats(1, 300), st.integers(0, 9))
def test_never_negative_and_the_past_is_kept(years, growth, effective, seed) -> None:
    levels = seen_so_far(world(4, np.full(8, growth), 0.2, seed), years)
    projection = project_revenue(revenue_frame(levels, effective), draws=60, seed=seed)
    assert (projection.paths >= 0).all()
    cells = projection.cells
    assert (cells["low"] <= cells["high"]).all()
    seen = cells[cells["kind"] == "observed"]
    expected = (levels / levels[:, :1])[~np.isnan(levels)]
    assert seen["median"].to_numpy() == pytest.approx(expected)


def test_gross_never_exceeds_the_start() -> None:
    levels = np.minimum(world(5, np.full(8, -0.03), 0.03, 1), 1e5)
    projection = project_revenue(revenue_frame(seen_so_far(levels, 5)), draws=100, is_gross=True)
    assert projection.kind == "gross"
    assert (projection.paths <= 1 + 1e-9).all()
    assert (projection.pooled["high"] <= 1).all()


def test_the_same_seed_gives_the_same_paths() -> None:
    frame = revenue_frame(seen_so_far(world(5, np.full(8, 0.05), 0.05, 1), 5))
    first, second, other = (project_revenue(frame, seed=seed, draws=50) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first.cells, second.cells)
    assert not first.cells.equals(other.cells)


def test_intervals_contain() -> None:
    inside = []
    for seed in range(25):
        levels = world(5, damped(0.1, -0.02, 0.6), 0.08, seed)
        frame = revenue_frame(seen_so_far(levels, 5), effective=0.15 / 0.08**2)
        projection = project_revenue(frame, draws=300, seed=seed)
        low, high = np.quantile(projection.paths, (0.1, 0.9), axis=2)
        actual = levels / levels[:, :1]
        ahead = np.arange(11)[None, :] > 5 - np.arange(5)[:, None]
        inside.append(((actual >= low) & (actual <= high))[ahead])
    assert 0.75 <= np.concatenate(inside).mean() <= 0.97


def test_calendar_shocks_hit_all_cohorts_of_a_draw() -> None:
    levels = world(8, np.zeros(10), 0.005, 1)
    place = np.arange(8)[:, None] + np.arange(11)[None, :]
    levels *= np.cumprod(np.where(np.arange(20) % 2, 1.12, 0.9))[place]
    frame = revenue_frame(seen_so_far(levels, 8), 5000)
    # Customers all alike: each grows as its cohort does.
    frame["growth_squared"] = frame["mrr"] ** 2 / frame.groupby("cohort")["mrr"].shift(1)
    fit = fit_revenue(revenue_table(frame))
    paths, _ = simulate_revenue(fit, 10, 800, seed=1)
    now = 8 - np.arange(8)
    together = np.corrcoef(paths[1, now[1] + 1] / paths[1, now[1]], paths[4, now[4] + 1] / paths[4, now[4]])[0, 1]
    assert fit.mean("calendar") == pytest.approx(0.07, abs=0.01)
    assert together > 0.5


def test_refusals() -> None:
    with pytest.raises(Refused, match="NRR in at least 2 periods"):
        project_revenue(revenue_frame([[1e5, 9e4]]))
    with pytest.raises(Refused, match="mrr_squared_sum missing"):
        revenue_table(revenue_frame([[1e5, 9e4]]).drop(columns="mrr_squared_sum"))
    with pytest.raises(Refused, match="negative"):
        revenue_table(revenue_frame([[1e5, -9e4]]))
