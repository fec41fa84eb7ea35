"""The examination that every retention model sits: it finds its own parameters, repeats itself, refuses, stays sane."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models.conftest import PUBLISHED, life_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models import beta_geometric as family
from decade.models.engine import ALL, PIECES, learn, simulate
from decade.models.life_table import life_tables
from decade.models.logos import BASELINES, project_logos
from decade.models.survival import constant_rate, hazards, kaplan_meier_tail

OWN = {
    family.shifted_beta_geometric: ({"alpha": 0.9, "beta": 4.0}, family.beta_survival(0.9, 4.0)),
    family.beta_discrete_weibull: ({"alpha": 0.5, "beta": 2.0, "shape": 1.4}, family.beta_survival(0.5, 2.0, 1.4)),
    family.discrete_weibull: ({"theta": 0.2, "shape": 0.8}, lambda age: 0.8 ** (age**0.8)),
    constant_rate: ({"churn": 0.12}, lambda age: 0.88**age),
}
MODELS = [*OWN, kaplan_meier_tail]


def name_of(model) -> str:
    return model.__name__


@pytest.mark.parametrize("model", OWN, ids=name_of)
def test_finds_its_own_parameters(model) -> None:
    true, survival = OWN[model]
    alive = simulated(hazards(survival(np.arange(13.0))), 1, 400_000, seed=3)[0]
    found = model(alive[:-1], alive[:-1] - alive[1:])
    for name, value in true.items():
        assert found.parameters[name] == pytest.approx(value, rel=0.08), name


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_refuses_what_is_too_short_by_its_name(model) -> None:
    with pytest.raises(Refused, match=r"needs \d renewal decisions") as refused:
        model(np.zeros(3), np.zeros(3))
    assert "needs" in refused.value.what


counts = st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1)), min_size=3, max_size=8)


@given(counts)
def test_survival_never_rises_and_never_leaves_0_to_1(cells) -> None:
    at_risk = np.array([each for each, _ in cells], dtype=float)
    lost = np.floor(at_risk * np.array([share for _, share in cells]))
    for model in MODELS:
        try:
            curve = model(at_risk, lost).survival(15)
        except Refused:
            continue
        assert curve[0] == 1
        assert (np.diff(curve) <= 1e-12).all()
        assert ((curve >= 0) & (curve <= 1)).all()


@given(st.integers(2, 6), st.integers(30, 200), st.floats(0.02, 0.5), st.integers(0, 10))
def test_the_engine_stays_sane(periods, accounts, churn, seed) -> None:
    alive = seen_so_far(simulated([churn] * 8, 6, accounts, seed), periods)
    projection = project_logos(life_frame(alive), draws=60, seed=seed)
    paths = projection.paths
    assert (np.diff(paths, axis=1) <= 1e-9).all()
    assert ((paths >= 0) & (paths <= 1 + 1e-9)).all()
    cells = projection.cells
    assert (cells["low"] <= cells["median"]).all()
    assert (cells["median"] <= cells["high"]).all()
    is_seen = cells["kind"] == "observed"
    assert (cells.loc[is_seen, "observed"] == cells.loc[is_seen, "high"]).all()
    assert cells.loc[~is_seen, "observed"].isna().all()


def test_the_engine_finds_what_it_was_given() -> None:
    true = family.beta_survival(0.7, 3.0, 1.3)(np.arange(13.0))
    alive = seen_so_far(simulated(hazards(true), 8, 20_000, seed=5), 8)
    fit = learn(life_tables(life_frame(alive))[0], 12)
    assert np.cumprod(1 - fit.hazard) == pytest.approx(true[1:], abs=0.015)


def test_intervals_contain() -> None:
    """Shifted beta-geometric worlds of 120 accounts a cohort, four years of data: 80 % of what comes lies inside."""
    hazard = hazards(family.beta_survival(0.8, 3.2)(np.arange(11.0)))
    inside = []
    for world in range(15):
        alive = simulated(hazard, 4, 120, seed=world)
        projection = project_logos(life_frame(seen_so_far(alive, 4)), draws=300, seed=world)
        low, high = np.quantile(projection.paths, (0.1, 0.9), axis=2)
        actual = alive / alive[:, :1]
        ahead = np.arange(11)[None, :] > 4 - np.arange(4)[:, None]
        inside.append(((actual >= low) & (actual <= high))[ahead])
    assert 0.78 <= np.concatenate(inside).mean() <= 1.0


def test_the_same_seed_gives_the_same_paths() -> None:
    frame = life_frame(seen_so_far(simulated([0.2, 0.15, 0.1, 0.1, 0.1], 5, 100, 1), 4))
    first, second, other = (project_logos(frame, seed=seed, draws=50) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(first.cells, second.cells)
    assert not first.cells.equals(other.cells)


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_can_be_switched_off(piece) -> None:
    alive = simulated([0.25, 0.12, 0.3, 0.1, 0.08, 0.07], 6, 300, 2)
    alive[0] = alive[0, 0] * 0.5 ** np.arange(7)
    frame = life_frame(seen_so_far(np.rint(alive), 5))
    whole, less = (project_logos(frame, draws=80, pieces=pieces) for pieces in (ALL, ALL - {piece}))
    assert not np.array_equal(whole.pooled_paths, less.pooled_paths) or not np.array_equal(whole.paths, less.paths)


def test_all_pieces_off_is_the_plain_posterior() -> None:
    table = life_tables(life_frame([PUBLISHED["regular"][:6], PUBLISHED["regular"][:5]]))[0]
    fit = learn(table, 10, pieces=())
    assert fit.grid.shape[fit.weight > 0].tolist() == [1.0] * int((fit.weight > 0).sum())
    paths = simulate(fit, 10, 4000, seed=1)
    assert paths.pooled.mean(axis=1) == pytest.approx(fit.grid.mean_survival(fit.weight, 10), abs=0.01)


def test_a_small_cohort_stays_with_the_others() -> None:
    many = simulated([0.2, 0.15, 0.12, 0.1, 0.1], 5, 500, 4)
    alive = seen_so_far(np.vstack([many, [[12, 2, 1, 1, 1, 1]]]), 6)
    reasons = project_logos(life_frame(alive), draws=50).reasons.set_index("cohort")
    small = reasons.loc["2009"]
    assert small["ratio"] > 2
    assert small["credibility"] < 0.25
    assert small["factor"] < 1.4


def test_a_riskier_third_renewal_is_believed() -> None:
    alive = simulated([0.12, 0.1, 0.3, 0.08, 0.07, 0.06], 6, 800, 6)
    ages = project_logos(life_frame(seen_so_far(alive, 6)), draws=50).ages.set_index("age")
    assert ages.loc[3, "believed"] == pytest.approx(ages.loc[3, "observed"], abs=0.03)
    assert ages.loc[3, "pooled"] < ages.loc[3, "observed"] - 0.05


def test_good_years_are_not_taken_for_tenure() -> None:
    """Hazard .2 at every age, halved in the last three years: the oldest ages were only seen then."""
    alive = np.full((8, 9), 4000.0)
    for cohort in range(8):
        for age in range(8):
            alive[cohort, age + 1] = np.rint(alive[cohort, age] * (0.9 if cohort + age >= 5 else 0.8))
    frame = life_frame(seen_so_far(alive, 8))
    table = life_tables(frame)[0]
    net, plain = (learn(table, 10, pieces=pieces) for pieces in (ALL, ALL - {"calendar"}))
    assert net.hazard[7] > plain.hazard[7] + 0.01
    assert net.hazard[7] < 0.2
    assert net.level_error > 0
    assert plain.level_error == 0


def persistence(shocks: np.ndarray, term: int = 12) -> float:
    """What is learned of cohorts far too large for chance, a tenth of whom leave in a usual period."""
    alive = np.full((shocks.size, shocks.size + 1), 1e5)
    for cohort in range(shocks.size):
        for age in range(shocks.size - cohort):
            alive[cohort, age + 1] = np.rint(alive[cohort, age] * (1 - 0.1 * np.exp(shocks[cohort + age])))
    table = life_tables(life_frame(seen_so_far(alive, shocks.size), term))[0]
    return learn(table, shocks.size).effects.persistence


def test_a_shock_lasts_by_half_unless_the_data_says_otherwise() -> None:
    chance = np.random.default_rng(2)
    assert persistence(0.1 * chance.standard_normal(2)) == pytest.approx(0.5, abs=0.1)
    assert persistence(0.1 * chance.standard_normal(2), 36) < 0.2
    assert persistence(0.2 * np.tile([1.0, -1.0], 10)) < 0.1
    assert persistence(np.repeat([0.25, -0.25, 0.25], 7)) > 0.6


def test_a_short_series_does_not_take_shocks_for_brief() -> None:
    """Shocks of which half is left a year later, seen for twelve years: half is what is found, on average."""
    chance = np.random.default_rng(7)
    found = []
    for _ in range(40):
        shocks, now = np.empty(12), 0.1 * chance.standard_normal()
        for year in range(12):
            now = 0.5 * now + 0.1 * np.sqrt(0.75) * chance.standard_normal()
            shocks[year] = now
        found.append(persistence(shocks))
    assert np.mean(found) == pytest.approx(0.5, abs=0.04)


def test_cohorts_that_stray_have_wider_intervals() -> None:
    """Cells that scatter by a quarter around the curve, in cohorts far too large for chance."""
    chance = np.random.default_rng(3)
    widths = []
    for stray in (0.0, 0.25):
        alive = np.full((9, 10), 1e6)
        for cohort in range(9):
            for age in range(9):
                hazard = 0.15 * np.exp(stray * chance.standard_normal())
                alive[cohort, age + 1] = np.rint(alive[cohort, age] * (1 - hazard))
        table = life_tables(life_frame(seen_so_far(alive, 9)))[0]
        fit = learn(table, 10)
        assert fit.effects.scatter == pytest.approx(stray, abs=0.06)
        low, high = np.quantile(simulate(fit, 10, 400, 1).cohorts[8, 2], (0.1, 0.9))
        widths.append(high - low)
    assert widths[1] > 2 * widths[0]


def test_one_cohort_is_read_as_it_is() -> None:
    """With one cohort a calendar year and an age are the same: there is nothing to read net of."""
    table = life_tables(life_frame([PUBLISHED["regular"][:7]]))[0]
    fit = learn(table, 12)
    assert fit.level_error == 0
    assert fit.hazard == pytest.approx(learn(table, 12, pieces=ALL - {"calendar"}).hazard)


def test_more_calibration_is_wider() -> None:
    frame = life_frame(seen_so_far(simulated([0.2, 0.15, 0.1, 0.1, 0.1], 5, 2000, 1), 4))
    plain, wide = (project_logos(frame, draws=400, calibration=by).pooled.iloc[-1] for by in (1.0, 2.0))
    assert wide["high"] - wide["low"] > 1.2 * (plain["high"] - plain["low"])


def test_baselines_are_there() -> None:
    frame = life_frame([PUBLISHED["regular"][:6]])
    baselines = project_logos(frame, draws=20).baselines
    assert baselines["model"].nunique() == len(BASELINES)
    assert (baselines.groupby("model")["retention"].first() == 1).all()
