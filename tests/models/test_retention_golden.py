"""Retention curves and the chain ladder against published numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from models.conftest import FIRST_YEAR, PUBLISHED, golden, life_frame
from scipy.stats import chi2

from decade.errors import Refused
from decade.models import beta_geometric, survival
from decade.models.engine import learn, simulate
from decade.models.life_table import life_tables
from decade.models.triangle import chain_ladder

MODELS = {
    "constant_rate": survival.constant_rate,
    "shifted_beta_geometric": beta_geometric.shifted_beta_geometric,
    "beta_discrete_weibull": beta_geometric.beta_discrete_weibull,
    "discrete_weibull": beta_geometric.discrete_weibull,
}


def fitted(model: str, curve: str, renewals: int) -> survival.Curve:
    alive = np.array(PUBLISHED[curve][: renewals + 1], dtype=float)
    return MODELS[model](alive[:-1], alive[:-1] - alive[1:])


def hidden_error(curve: str, renewals: int, forecast: np.ndarray) -> float:
    actual = np.array(PUBLISHED[curve][renewals + 1 :]) / 1000
    return float(100 * np.mean(np.abs(forecast[renewals + 1 :] - actual) / actual))


@pytest.mark.parametrize("row", golden("retention_models.csv"), ids=lambda row: f"{row['id']} {row['quantity']}")
def test_published_fits(row: dict[str, str]) -> None:
    curve = fitted(row["model"], row["curve"], int(row["renewals"]))
    name, _, age = row["quantity"].partition("_")
    if row["quantity"] == "log_likelihood":
        found = curve.log_likelihood
    else:
        found = curve.survival(int(age))[-1] if name == "survival" else curve.parameters[name]
    assert found == pytest.approx(float(row["expected"]), abs=float(row["tolerance"]), rel=0)


def test_likelihood_ratio_of_duration_dependence() -> None:
    plain, free = (fitted(model, "regular", 4) for model in ("shifted_beta_geometric", "beta_discrete_weibull"))
    ratio = 2 * (free.log_likelihood - plain.log_likelihood)
    assert ratio == pytest.approx(0.35, abs=0.005)
    assert chi2.sf(ratio, 1) == pytest.approx(0.553, abs=0.001)


@pytest.mark.parametrize("row", golden("hold_out_errors.csv"), ids=lambda row: " ".join(list(row.values())[:3]))
def test_hold_out_errors(row: dict[str, str]) -> None:
    renewals = int(row["renewals"])
    forecast = fitted(row["model"], row["curve"], renewals).survival(12)
    assert hidden_error(row["curve"], renewals, forecast) == pytest.approx(
        float(row["expected"]), abs=float(row["tolerance"])
    )


def test_staggered_cohorts() -> None:
    """G12: four cohorts of 10,000 that began a year apart, seen to the same day."""
    alive = np.array([10000, 8000, 6480, 5307, 4391.0])
    table = life_tables(life_frame([alive[: 5 - late] for late in range(4)]))[0]
    curve = beta_geometric.shifted_beta_geometric(table.at_risk.sum(axis=0), table.lost.sum(axis=0))
    assert curve.parameters["alpha"] == pytest.approx(3.80, abs=0.01)
    assert curve.parameters["beta"] == pytest.approx(15.19, abs=0.01)


def test_two_renewals_that_say_nothing_of_differences() -> None:
    """G14: the likelihood has no maximum; the limit is reached, and said."""
    table = life_tables(life_frame([[158, 98, 53], [118, 85]]))[0]
    curve = beta_geometric.shifted_beta_geometric(table.at_risk.sum(axis=0), table.lost.sum(axis=0))
    assert curve.log_likelihood == pytest.approx(-246.246, abs=0.002)
    assert "heterogeneity not identified" in curve.note


def test_the_engine_on_published_curves() -> None:
    """4 to 7 renewals, forecast to year 12: 2 % on average, 6 % at worst."""
    errors = []
    for curve, alive in PUBLISHED.items():
        for renewals in (4, 5, 6, 7):
            table = life_tables(life_frame([alive[: renewals + 1]]))[0]
            paths = simulate(learn(table, 12), 12, 4000, seed=1).cohorts[0]
            errors.append(hidden_error(curve, renewals, np.median(paths, axis=1)))
            actual = np.array(alive) / 1000
            low, high = np.quantile(paths, (0.1, 0.9), axis=1)
            assert ((low <= actual + 1e-9) & (actual <= high + 1e-9)).mean() > 0.75
    assert np.mean(errors) <= 2.0
    assert max(errors) <= 6.0


def test_kaplan_meier_interval() -> None:
    """High End, 80 %: lifelines 0.30.3."""
    alive = np.array(PUBLISHED["high_end"], dtype=float)
    found = np.array(survival.kaplan_meier(alive[:-1], alive[:-1] - alive[1:]))
    expected = {
        1: (0.869, 0.854651, 0.882032),
        4: (0.593, 0.572789, 0.612600),
        12: (0.394, 0.374170, 0.413757),
    }
    for age, line in expected.items():
        assert found[:, age] == pytest.approx(line, abs=1e-6)


def test_conditioning_on_entry_is_exact() -> None:
    """Accounts first seen after two renewals say what they say, no more: the same fit as of the whole history."""
    curve = beta_geometric.beta_survival(0.8, 3.0)(np.arange(9.0))
    whole = np.rint(1e6 * curve)
    late = life_frame([whole, whole]).query("cohort == '2004' or age > 2")
    table = life_tables(late)[0]
    assert table.first_age.tolist() == [0, 2]
    found = beta_geometric.shifted_beta_geometric(table.at_risk.sum(axis=0), table.lost.sum(axis=0))
    assert found.parameters["alpha"] == pytest.approx(0.8, abs=0.01)
    assert found.parameters["beta"] == pytest.approx(3.0, abs=0.03)


@pytest.mark.parametrize("row", golden("chain_ladder.csv"), ids=lambda row: f"{row['quantity']}{row['place']}")
def test_chain_ladder(row: dict[str, str], shared_data: Path) -> None:
    """Taylor and Ashe's triangle, Mack 1993."""
    triangle = pd.read_csv(shared_data / "mack_genins" / "genins_triangle_wide.csv").to_numpy(float)
    found = getattr(chain_ladder(triangle), row["quantity"])
    found = found[int(row["place"])] if row["place"] else found
    assert found == pytest.approx(float(row["expected"]), abs=float(row["tolerance"]), rel=0)


def test_chain_ladder_refuses_two_ages() -> None:
    with pytest.raises(Refused, match="chain ladder"):
        chain_ladder(np.array([[100.0, 90.0], [100.0, np.nan]]))


def test_first_year_of_the_frames() -> None:
    table = life_tables(life_frame([PUBLISHED["regular"]]))[0]
    assert (table.first_period, table.last_period, table.oldest) == (FIRST_YEAR, FIRST_YEAR + 12, 12)
