"""The revenue engine: damped growth, small cohorts pulled in, no negative revenue, and a frame that says enough."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.conftest import revenue_frame, seen_so_far, with_customers

from decade.errors import Refused
from decade.models.growth_fit import Links, Prior, Spreads, components, draw_components
from decade.models.revenue import ALL_REVENUE, PERSISTENCE, REVENUE_PIECES, fit_revenue, simulate_revenue
from decade.models.revenue_projection import project_revenue
from decade.models.revenue_table import RevenueTable, revenue_table


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
    """Half of 1,000 equal customers leave, half double; a year later none moves: variance 1, then 0."""
    frame = revenue_frame([[1e5, 1e5, 1e5], [1e5, 1e5, np.nan]], effective=1000)
    frame.loc[frame["age"] > 0, "mrr_squared_sum"] = 500 * 200.0**2
    frame["growth_product"] = frame["age"].map({0: np.nan, 1: 500 * 100.0 * 200.0, 2: 500 * 200.0**2})
    # Two cells of 999 accounts say 1000 / 999, one of 499 says 0, twenty accounts say .15; then age by age.
    together = (2 * 1000 + 20 * 0.15) / (2 * 999 + 499 + 20)
    first = (2 * 1000 + 20 * together) / (2 * 999 + 20)
    later = 20 * first / (499 + 20)
    assert revenue_table(frame).customer_variance() == pytest.approx([first, later, later])


def test_variance_is_that_of_the_cohorts_ratio() -> None:
    """The scatter of a cohort's ratio, drawn often: some are large, the largest leave half as often, one comes back."""
    chance = np.random.default_rng(3)
    before = np.sort(np.exp(1.1 * chance.standard_normal(120)))
    before[:2] = 0.0
    leaves = np.where(before > np.median(before), 0.1, 0.3)
    after = np.where(chance.random((2000, 120)) < leaves, 0, before * np.exp(0.2 * chance.standard_normal((2000, 120))))
    after[:, 0] = np.where(chance.random(2000) < 0.2, 0.5, 0.0)
    levels = np.column_stack([np.full(2000, before.sum()), after.sum(axis=1)])
    squares = np.column_stack([np.full(2000, (before**2).sum()), (after**2).sum(axis=1)])
    product = np.column_stack([np.full(2000, np.nan), after @ before])
    largest = np.full((2000, 2), (before**3).sum() / before.sum() / (before**2).sum())
    names = tuple(str(each) for each in range(2000))
    table = RevenueTable(names, levels, levels**2 / squares, product, np.arange(2000), largest=largest)
    drawn = levels[:, 1].var() / squares[0, 0]
    assert table.customer_variance()[0] == pytest.approx(drawn, rel=0.12)


def test_one_that_is_back_for_good_does_not_count_for_all() -> None:
    """A cohort of ten small accounts takes back a large one: the others' variance is at most a little wider."""
    levels = world(7, np.full(10, np.log(0.95)), 0.03, 6)
    frame = with_customers(revenue_frame(seen_so_far(levels, 7), effective=30), 0.1)
    row = frame.index[(frame["cohort"] == "2006") & (frame["age"] == 2)][0]
    calm = revenue_table(frame).customer_variance()
    frame.loc[row, ["mrr", "mrr_squared_sum"]] = 3e6, (3e6) ** 2 / 1.05
    assert (revenue_table(frame).customer_variance() < calm + 0.5).all()


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
    # Customers all alike: each grows as its cohort does.
    frame = with_customers(revenue_frame(seen_so_far(levels, 8), 5000), 0.0)
    fit = fit_revenue(revenue_table(frame))
    paths, _ = simulate_revenue(fit, 10, 800, seed=1)
    now = 8 - np.arange(8)
    together = np.corrcoef(paths[1, now[1] + 1] / paths[1, now[1]], paths[4, now[4] + 1] / paths[4, now[4]])[0, 1]
    assert fit.mean("calendar") == pytest.approx(0.07, abs=0.01)
    assert together > 0.5


def shaken(shocks: np.ndarray, effective: float = 5000) -> pd.DataFrame:
    """Cohorts that keep 97 % a year, customers all alike, but for shocks on log NRR that all share: known so far."""
    years = shocks.size
    place = np.arange(years)[:, None] + np.arange(years)[None, :]
    steps = 0.97 * np.exp(np.append(shocks, np.zeros(years))[place])
    levels = seen_so_far(1e5 * np.cumprod(np.column_stack([np.ones(years), steps]), axis=1), years)
    return with_customers(revenue_frame(levels, effective), 0.0)


def test_two_fifths_of_a_shock_are_left_a_year_later() -> None:
    shocks = 0.03 * np.array([1, -1, 1, -1, 1, -1, 0, -2.0])
    calm, shaky = (fit_revenue(revenue_table(shaken(each))) for each in (np.append(shocks[:-1], 0), shocks))
    assert shaky.last_shock == pytest.approx(-0.06, abs=0.015)
    assert calm.last_shock == pytest.approx(0, abs=0.01)
    _, pooled = simulate_revenue(shaky, 10, 2000, seed=1)
    usual = np.exp(shaky.growth.sum())
    first = np.median(pooled[1]) / usual
    assert np.log(first) == pytest.approx(PERSISTENCE * shaky.last_shock, abs=0.006)
    second = np.log(np.median(pooled[2] / pooled[1]) / np.exp(shaky.growth[0]))
    assert second == pytest.approx(PERSISTENCE**2 * shaky.last_shock, abs=0.012)


def test_shocks_come_in_runs_and_their_mean_is_uncertain() -> None:
    """Lag-one correlation of the years drawn, and a ten-year total wider than independent years would make it."""
    chance = np.random.default_rng(7)
    years = chance.standard_normal(9)
    fit = fit_revenue(revenue_table(shaken(0.07 * (years - years.mean()) / years.std())))
    assert fit.mean("calendar") == pytest.approx(0.07, abs=0.015)
    _, pooled = simulate_revenue(fit, 10, 6000, seed=3)
    steps = np.diff(np.log(pooled), axis=0)
    steps -= steps.mean(axis=1, keepdims=True)
    far = steps[5] @ steps[9] / steps.shape[1]  # what all years share: growth and the mean of the shocks
    near = steps[5] @ steps[6] / steps.shape[1] - far
    assert near / (steps[5].var() - far) == pytest.approx(PERSISTENCE, abs=0.08)
    _, growth, _ = draw_components(fit.weights, fit.components, 6000, chance)
    assert far > 1.4 * growth[0].var()


def test_a_cohort_seen_further_than_the_fit_begins_later_in_the_shocks() -> None:
    from dataclasses import replace

    shocks = 0.03 * np.array([1, -1, 1, -1, 1, -1, 0, -3.0])
    fit = fit_revenue(revenue_table(shaken(shocks)))
    further = replace(fit, table=replace(fit.table, start=fit.table.start + 1))
    now, next_year = (simulate_revenue(each, 9, 1500, seed=2)[0] for each in (fit, further))
    age = int(fit.table.known_to[4])
    ratio = [np.median(paths[4, age + 1] / paths[4, age]) for paths in (now, next_year)]
    assert np.log(ratio[1] / ratio[0]) == pytest.approx(-(PERSISTENCE - PERSISTENCE**2) * fit.last_shock, abs=0.006)


@pytest.mark.parametrize("piece", REVENUE_PIECES)
def test_each_piece_can_be_switched_off(piece) -> None:
    chance = np.random.default_rng(5)
    levels = world(7, damped(0.15, -0.02, 0.55), 0.05, 4)
    levels *= np.cumprod(np.exp(0.06 * chance.standard_normal(20)))[np.arange(7)[:, None] + np.arange(11)[None, :]]
    levels[2, 1:] *= 1.3 ** np.arange(1, 11)
    levels[:, 3:] *= 0.5
    frame = revenue_frame(seen_so_far(levels, 7), effective=2000)
    whole, less, none = (
        project_revenue(frame, draws=100, pieces=pieces) for pieces in (ALL_REVENUE, ALL_REVENUE - {piece}, ())
    )
    assert not np.array_equal(whole.pooled_paths, less.pooled_paths)
    values = none.parameters.set_index("name")["value"]
    assert values[["shock", "cohort_spread", "age_spread", "noise", "last_shock"]].eq(0).all()
    assert values["damping"] == pytest.approx(1)
    assert none.ages["pooled"].nunique() == 1


def test_the_linear_models_are_those_of_generalised_least_squares() -> None:
    """Mean, covariance and marginal likelihood against the dense normal distribution that they stand for."""
    from scipy.stats import multivariate_normal

    chance = np.random.default_rng(1)
    cohort, age = (each.ravel() for each in np.meshgrid(np.arange(5), np.arange(4), indexing="ij"))
    y, variance = 0.1 * chance.standard_normal(20), chance.uniform(0.001, 0.01, 20)
    links = Links(y, variance, age, cohort, cohort + age, 5, 4)
    prior = Prior(np.array([-0.01, 0.05]), np.diag([625.0, 16.0]))
    dampings, scores = (0.4, 0.8), []
    for damping, (score, found) in zip(
        dampings, components(links, Spreads(0.02, 0.05, 0.04, 0.1), [prior], dampings), strict=True
    ):
        x = np.column_stack([np.ones(20), damping**age])
        same_cohort, same_period = (np.equal.outer(each, each) for each in (cohort, cohort + age))
        noise = np.diag(variance + 0.02**2) + 0.04**2 * same_cohort + 0.05**2 * same_period
        noise += 0.1**2 * np.equal.outer(age, age)
        inverse = np.linalg.inv(noise)
        covariance = np.linalg.inv(prior.precision + x.T @ inverse @ x)
        growth = covariance @ (prior.precision @ prior.centre + x.T @ inverse @ y)
        assert found.growth == pytest.approx(growth)
        assert found.growth_root @ found.growth_root.T == pytest.approx(covariance)
        weights = 0.05**2 * (cohort + age == 7).astype(float) @ inverse
        assert found.effects[-1] + found.effects_by_growth[-1] @ growth == pytest.approx(weights @ (y - x @ growth))
        left = 0.05**2 - weights @ (0.05**2 * (cohort + age == 7))
        assert (found.effects_root @ found.effects_root.T)[-1, -1] == pytest.approx(left)
        weights = 0.1**2 * (age == 2).astype(float) @ inverse
        assert found.effects[5 + 2] + found.effects_by_growth[5 + 2] @ growth == pytest.approx(
            weights @ (y - x @ growth)
        )
        whole = noise + x @ np.linalg.inv(prior.precision) @ x.T
        scores.append(score - multivariate_normal.logpdf(y, x @ prior.centre, whole))
    assert scores[0] == pytest.approx(scores[1])  # equal up to a constant


def test_two_beliefs_count_by_what_they_foresaw() -> None:
    """Posterior odds of two priors are their weights times how likely each made the data: against dense normals."""
    from scipy.stats import multivariate_normal

    chance = np.random.default_rng(2)
    age = np.tile(np.arange(4), 3)
    y = -0.2 + 0.05 * chance.standard_normal(12)
    links = Links(y, np.full(12, 0.002), age, np.repeat(np.arange(3), 4), np.arange(12), 3, 4)
    priors = [
        Prior(np.array([-0.01, 0.05]), np.diag([625.0, 16.0]), 0.75),
        Prior(np.array([-0.15, 0.05]), np.diag([44.0, 16.0]), 0.25),
    ]
    found = [score for score, _ in components(links, Spreads(0.03, 0.0, 0.0, 0.0), priors, (0.6,))]
    x = np.column_stack([np.ones(12), 0.6**age])
    noise = np.eye(12) * (0.002 + 0.03**2)
    expected = [
        np.log(prior.weight)
        + multivariate_normal.logpdf(y, x @ prior.centre, noise + x @ np.linalg.inv(prior.precision) @ x.T)
        for prior in priors
    ]
    assert found[1] - found[0] == pytest.approx(expected[1] - expected[0])
    assert found[1] > found[0]


def test_a_risky_age_is_believed_and_not_carried_on() -> None:
    """Half is lost at the third renewal, 5 % at every other: as contracts of three years show."""
    growth = np.log(np.where(np.arange(10) == 2, 0.5, 0.95))
    frame = revenue_frame(seen_so_far(world(7, growth, 0.02, 6), 7), effective=400)
    found, less = (project_revenue(frame, draws=400, pieces=p) for p in (ALL_REVENUE, ALL_REVENUE - {"ages"}))
    ages = found.ages.set_index("age")
    assert ages.loc[3, "believed"] == pytest.approx(0.5, abs=0.03)
    assert ages.loc[[1, 2, 4, 5], "believed"].to_numpy() == pytest.approx(0.95, abs=0.03)
    assert ages.loc[3, "pooled"] > 0.6
    typical = found.pooled["median"].to_numpy()
    assert typical[:7] == pytest.approx(np.cumprod(np.append(1, np.exp(growth[:6]))), rel=0.08)
    assert typical[10] / typical[7] > 0.95**3 - 0.12
    assert less.pooled["median"].to_numpy()[3] > typical[3] + 0.15
    young = found.reasons.set_index("cohort").loc["2009"]
    assert young["pooled_nrr"] == pytest.approx(0.5, abs=0.04)


def test_one_account_that_comes_and_goes_says_little_about_its_age() -> None:
    """A cohort of one account falls to a hundredth and comes back: neither age is believed to be special."""
    levels = world(7, np.full(10, np.log(0.95)), 0.03, 6)
    levels[1, 3] *= 0.01
    frame = revenue_frame(seen_so_far(levels, 7), effective=15)
    alone = frame["cohort"] == "2005"
    frame.loc[alone, "mrr_squared_sum"] = frame.loc[alone, "mrr"] ** 2
    found = project_revenue(with_customers(frame, 0.2), draws=200)
    assert found.ages["believed"].to_numpy() == pytest.approx(0.95, abs=0.05)
    assert found.parameters.set_index("name").loc["age_spread", "value"] < 0.03


def test_smooth_growth_leaves_ages_alone() -> None:
    frame = revenue_frame(seen_so_far(world(7, damped(0.15, -0.02, 0.55), 0.03, 8), 7), effective=400)
    fit = fit_revenue(revenue_table(frame))
    assert fit.mean("age") < 0.02
    assert np.abs(fit.age_effects).max() < 0.02


def test_draws_come_in_opposite_pairs() -> None:
    fit = fit_revenue(revenue_table(revenue_frame(seen_so_far(world(6, damped(0.1, 0, 0.6), 0.06, 3), 6), 900)))
    picked, growth, _ = draw_components(fit.weights, fit.components, 200, np.random.default_rng(1))
    assert (picked[:100] == picked[100:]).all()
    means = np.array([part.growth for part in fit.components])[picked[:100]].T
    assert (growth[:, :100] + growth[:, 100:]) / 2 == pytest.approx(means)
    shares = np.bincount(picked, minlength=fit.weights.size) / 200
    assert shares == pytest.approx(fit.weights, abs=0.02)


@pytest.mark.parametrize("effective", [15, 5000], ids=["a few accounts", "many"])
def test_single_accounts_move_a_cohort_as_a_gamma_does(effective) -> None:
    """Everything else switched off: the ratio of one year has the quantiles of scipy's gamma distribution."""
    from scipy.stats import gamma

    frame = revenue_frame(seen_so_far(1e5 * 0.9 ** np.arange(9) * np.ones((8, 1)), 8), effective)
    variance = 0.8
    fit = fit_revenue(revenue_table(with_customers(frame, variance)), pieces=())
    paths, _ = simulate_revenue(fit, 9, 20_000, seed=4)
    shape = 0.81 * effective / fit.variance_at(5)
    found = np.quantile(paths[3, 6] / paths[3, 5], (0.1, 0.5, 0.9))
    usual = np.exp(fit.growth[0] + fit.growth[1])
    assert found == pytest.approx(gamma.ppf((0.1, 0.5, 0.9), shape, scale=usual / shape), rel=0.03)


def test_refusals() -> None:
    with pytest.raises(Refused, match="NRR in at least 2 periods"):
        project_revenue(revenue_frame([[1e5, 9e4]]))
    same_year = revenue_frame([[1e5, 9e4], [1e5, 8e4]]).assign(period=lambda row: 2004 + row["age"])
    with pytest.raises(Refused, match="the data shows 1"):
        project_revenue(same_year)
    with pytest.raises(Refused, match="mrr_squared_sum missing"):
        revenue_table(revenue_frame([[1e5, 9e4]]).drop(columns="mrr_squared_sum"))
    with pytest.raises(Refused, match="negative"):
        revenue_table(revenue_frame([[1e5, -9e4]]))


@pytest.mark.parametrize(("kept", "years"), [(0.7, 3), (0.7, 6), (0.85, 3), (0.85, 6), (0.97, 6)])
def test_revenue_that_goes_on_falling_is_let_fall(kept: float, years: int) -> None:
    """The same share is lost at every age, for ever: what is left in year ten, median of twelve companies."""
    found, inside = [], []
    for seed in range(12):
        levels = world(years, np.full(10, np.log(kept)), 0.06, seed)
        frame = revenue_frame(seen_so_far(levels, years), effective=100)
        left = project_revenue(with_customers(frame, 0.36), draws=200, seed=seed).pooled_paths[10]
        found.append(np.median(left))
        low, high = np.quantile(left, (0.1, 0.9))
        inside.append(low <= kept**10 <= high)
    assert 0.8 < np.median(found) / kept**10 < (1.2 if years == 6 else 2.0)
    assert np.mean(inside) > (0.6 if years == 6 else 0.5)
