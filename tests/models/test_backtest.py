"""The back-test: on real cohorts the engine beats the naive lines, and when it does not, that is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import FIRST_YEAR, life_frame, revenue_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models.backtest import ENGINE, back_test, coverage_of, crps
from decade.models.engine import learn, simulate
from decade.models.life_table import life_tables
from decade.models.revenue import fit_revenue, simulate_revenue
from decade.models.revenue_baselines import age_factors, constant_factor
from decade.models.revenue_table import revenue_table
from decade.models.survival import constant_rate, kaplan_meier_tail

ACCOUNTS = 1000
TINY = 1e-6


def assert_engine_wins(found, *baselines: str) -> None:
    wape = found.scores.pivot_table(index="model", columns="horizon", values="wape")
    for horizon in (1, 3, 5):
        for baseline in baselines:
            assert wape.loc[ENGINE, horizon] < wape.loc[baseline, horizon], (baseline, horizon)
    cells = found.rows[(found.rows["model"] == ENGINE) & (found.rows["cohort"] != "")]
    cells = cells[cells["horizon"].isin((1, 3, 5))]
    inside = ((cells["actual"] >= cells["low"]) & (cells["actual"] <= cells["high"])).groupby(cells["horizon"]).mean()
    assert inside.between(0.75, 1).all()


def drawn(shares: np.ndarray, accounts: int, seed: int) -> np.ndarray:
    """Cohorts of so many accounts, each kept or lost by chance, as shares of a population say."""
    chance = np.random.default_rng(seed)
    alive = np.full(shares.shape, np.nan)
    alive[:, 0] = accounts
    for age in range(1, shares.shape[1]):
        seen = ~np.isnan(shares[:, age])
        alive[seen, age] = chance.binomial(alive[seen, age - 1].astype(int), shares[seen, age] / shares[seen, age - 1])
    return alive


def test_real_cohorts_of_establishments(bls) -> None:
    """All moments that can be cut, 1,000 accounts a cohort that stay or leave by chance."""
    cells = []
    for seed in range(3):
        found = back_test(life_frame(drawn(bls("logo_retention"), ACCOUNTS, seed)), draws=150, seed=seed)
        wape = found.scores.pivot_table(index="model", columns="horizon", values="wape")
        for line in ("constant rate", "Kaplan-Meier with constant tail"):
            assert (wape.loc[ENGINE, [1, 3, 5]] < wape.loc[line, [1, 3, 5]]).all()
        assert found.calibration == 1
        cells.append(found.rows[(found.rows["cohort"] != "") & (found.rows["model"] == ENGINE)])
    whole = pd.concat(cells)
    assert 0.75 <= ((whole["low"] <= whole["actual"]) & (whole["actual"] <= whole["high"])).mean() <= 0.90


def at_the_eve(alive: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """WAPE at 1, 3 and 5 years (rows) of the engine, the Kaplan-Meier line and the constant rate, and coverage.

    The last five years of the file, 2009 to 2013, are hidden; coverage is that of all of them.
    """
    known = life_tables(life_frame(alive))[0].until(FIRST_YEAR + 14)
    age, size = known.known_to, len(known.cohorts)
    horizon = int(age.max()) + 5
    paths = simulate(learn(known, horizon), horizon, 600, seed).cohorts * alive[:size, :1, None]
    pooled = known.at_risk.sum(axis=0), known.lost.sum(axis=0)
    lines = [line(*pooled).survival(horizon) for line in (kaplan_meier_tail, constant_rate)]
    wape, inside = [], []
    row = np.arange(size)
    for ahead in range(1, 6):
        came = alive[row, age + ahead]
        low, median, high = np.quantile(paths[row, age + ahead], (0.1, 0.5, 0.9), axis=1)
        inside.append((low <= came + TINY) & (came <= high + TINY))  # both are whole accounts
        if ahead not in (1, 3, 5):
            continue
        points = [median, *(alive[row, age] * line[age + ahead] / line[age] for line in lines)]
        wape.append([np.abs(point - came).sum() / came.sum() for point in points])
    return np.array(wape), float(np.mean(inside))


@pytest.mark.parametrize("accounts", [ACCOUNTS, 10_000, 100_000])
def test_the_eve_of_a_recession(bls, accounts) -> None:
    """Nothing left to chance: all lines are too high, the engine least."""
    wape, _ = at_the_eve(np.rint(accounts * bls("logo_retention")), 1)
    assert (wape[:, 0] < wape[:, 1]).all()
    assert (wape[:, 0] < 0.5 * wape[:, 2]).all()


def test_the_eve_of_a_recession_for_companies(bls) -> None:
    """Companies of 1,000 accounts a cohort: ahead on average, and two in three cells inside."""
    found = [at_the_eve(drawn(bls("logo_retention"), ACCOUNTS, seed), seed) for seed in range(16)]
    wape = np.mean([each for each, _ in found], axis=0)
    assert (wape[:, 0] < wape[:, 1]).all()
    assert (wape[:, 0] < 0.5 * wape[:, 2]).all()
    assert np.mean([covered for _, covered in found]) > 0.65


@pytest.mark.parametrize("seed", range(3))
def test_shares_of_a_thousand_without_chance(bls, seed) -> None:
    """The interval holds what came, neither too few of the cells nor nearly all."""
    _, covered = at_the_eve(np.rint(ACCOUNTS * bls("logo_retention")), seed)
    assert 0.75 <= covered <= 0.9


def test_shares_are_steadier_than_chance(bls) -> None:
    """Shares of hundreds of thousands say what years did as clearly at 1,000 accounts as at their full number."""
    shares = bls("logo_retention")

    def learned(alive: np.ndarray):
        table = life_tables(life_frame(alive))[0]
        return learn(table, table.oldest).effects

    named, full, by_chance = learned(1000 * shares), learned(500_000 * shares), learned(drawn(shares, 1000, 1))
    assert named.dispersion < 0.5
    assert by_chance.dispersion >= 1
    assert named.shock == pytest.approx(full.shock, rel=0.05)
    assert named.periods.factor == pytest.approx(full.periods.factor, abs=0.02)


def test_real_cohorts_of_employment(bls) -> None:
    found = back_test(revenue_frame(1e6 * bls("revenue_like_retention"), effective=200), draws=100)
    assert_engine_wins(found, "constant rate", "age factors with constant tail")
    scores = found.scores[found.scores["model"] == ENGINE]
    assert np.average(scores["coverage"], weights=scores["cells"]) == pytest.approx(0.825, abs=0.075)


@pytest.mark.parametrize("effective", [50, 200, 1000])
def test_the_eve_of_a_recession_for_employment(bls, effective) -> None:
    """The last five years are hidden: ahead of both naive lines one, three and five years on."""
    table = revenue_table(revenue_frame(1e6 * bls("revenue_like_retention"), effective))
    known = table.until(FIRST_YEAR + 14)
    row, age = np.arange(len(known.cohorts)), known.known_to
    horizon = int(age.max()) + 5
    paths, _ = simulate_revenue(fit_revenue(known), horizon, 600, seed=1)
    inside = []
    for ahead in (1, 3, 5):
        came = table.mrr[row, age + ahead]
        low, median, high = np.quantile(paths[row, age + ahead], (0.1, 0.5, 0.9), axis=1)
        inside.append((low <= came) & (came <= high))
        wape = {"engine": np.abs(median - came).sum() / came.sum()}
        for line in (age_factors, constant_factor):
            carried = np.cumprod(np.append(1.0, line(known.mrr, horizon)))
            point = known.mrr[row, age] * carried[age + ahead] / carried[age]
            wape[line.__name__] = np.abs(point - came).sum() / came.sum()
        assert min(wape, key=wape.get) == "engine", (ahead, wape)
    assert 0.75 <= np.mean(inside) <= 0.9


def test_a_revenue_back_test_says_the_same_with_few_draws(bls) -> None:
    """Opposite pairs: the medians of 100 draws are those of 1,000 to a third of a point."""
    frame = revenue_frame(1e6 * bls("revenue_like_retention"), effective=200)
    few, many = (back_test(frame, (1, 3), draws=draws, is_calibrated=False).rows for draws in (100, 1000))
    cells = few["model"] == ENGINE
    apart = (few.loc[cells, "forecast"] / many.loc[cells, "forecast"] - 1).abs()
    assert apart.mean() < 0.0033


def test_nothing_hidden_is_known() -> None:
    """What came after the last cut changes what is scored, not what was forecast."""
    alive = seen_so_far(simulated([0.2, 0.15, 0.1, 0.1, 0.1], 5, 100, 1), 4)
    other = alive.copy()
    other[0, 4] -= 20
    first, second = (back_test(life_frame(each), (1,), draws=50, is_calibrated=False).rows for each in (alive, other))
    assert first["forecast"].equals(second["forecast"])
    assert not first["actual"].equals(second["actual"])


def test_a_baseline_that_wins_is_named() -> None:
    """Where churn never improves with tenure, the constant rate is the truth."""
    alive = seen_so_far(simulated([0.1] * 8, 8, 3000, 1), 8)
    notes = back_test(life_frame(alive), draws=60, is_calibrated=False).notes
    assert any("beats the engine on this data: it is wrong by" in note for note in notes)


def test_poor_coverage_widens() -> None:
    """Shocks far beyond chance, in cohorts far too large: intervals are widened, and it is said."""
    chance = np.random.default_rng(5)
    shocks = np.exp(0.9 * chance.standard_normal(20))
    alive = np.full((7, 8), 1e6)
    for cohort in range(7):
        for age in range(7):
            alive[cohort, age + 1] = np.rint(alive[cohort, age] * (1 - min(0.9, 0.1 * shocks[cohort + age])))
    frame = life_frame(seen_so_far(alive, 7))
    found, plain = (back_test(frame, draws=60, is_calibrated=widens) for widens in (True, False))
    assert plain.calibration == 1
    assert found.calibration > 1
    assert any("too narrow" in note for note in found.notes)


def test_scores_are_what_their_names_say() -> None:
    alive = seen_so_far(simulated([0.2, 0.15, 0.1, 0.1, 0.1], 5, 100, 1), 5)
    found = back_test(life_frame(alive), draws=50)
    row = found.scores[(found.scores["model"] == "constant rate") & (found.scores["horizon"] == 1)].iloc[0]
    cells = found.rows.query("model == 'constant rate' and horizon == 1 and cohort != ''")
    error = cells["forecast"] - cells["actual"]
    assert row["wape"] == pytest.approx(error.abs().sum() / cells["actual"].sum())
    assert row["bias"] == pytest.approx(error.sum() / cells["actual"].sum())
    assert found.longest == 3
    assert found.rows["cut"].min() == 2006


def test_crps_of_one_draw_is_the_error() -> None:
    assert crps(np.array([3.0]), 5.0) == 2
    # Half at 0, half at 2, and 1 came: .5 * 1 + .5 * 1 - .5 * (mean difference of two draws, 1).
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)


def test_too_short_to_hide_anything() -> None:
    with pytest.raises(Refused, match="2 periods to learn from and one to forecast"):
        back_test(life_frame(seen_so_far(simulated([0.2, 0.1], 2, 100, 1), 2)))


def test_nobody_at_all_is_too_short_as_well() -> None:
    with pytest.raises(Refused, match="2 periods to learn from and one to forecast"):
        back_test(revenue_frame([]))


def test_a_naive_line_has_the_interval_of_chance_alone() -> None:
    """Where the line is right, it covers as it should; shocks common to all cohorts are beyond it."""
    alive = seen_so_far(simulated([0.1] * 8, 8, 400, 3), 8)
    found = back_test(life_frame(alive), draws=40, is_calibrated=False)
    lines = found.rows[(found.rows["model"] == "constant rate") & (found.rows["cohort"] != "")]
    assert (lines["low"] <= lines["forecast"] + 1).all()
    assert (lines["forecast"] - 1 <= lines["high"]).all()
    assert ((lines["low"] <= lines["actual"]) & (lines["actual"] <= lines["high"])).mean() > 0.65
    revenue = back_test(revenue_frame(seen_so_far(1e5 * 0.95 ** np.arange(9) * np.ones((8, 1)), 8)), draws=40)
    naive = revenue.scores[revenue.scores["model"] != ENGINE]
    assert naive["coverage"].between(0, 1).all()
    assert coverage_of(revenue) > 0.5
