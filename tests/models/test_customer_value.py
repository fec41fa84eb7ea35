"""Lifetime value, payback and marginal cost against published numbers, closed forms and independent libraries."""

from __future__ import annotations

import math

import numpy as np
import numpy_financial as npf
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from decade.models.customer_value import (
    balance,
    carried_on,
    monthly_kept,
    payback_over,
    value_by_formula,
    value_over,
)
from decade.models.lifetime_value import survival_adjusted_payback_months
from decade.models.marginal_cost import marginal_cost


def constant(monthly_churn: float, monthly_growth: float = 0.0) -> np.ndarray:
    """Yearly paths of one draw whose revenue keeps a constant share each month."""
    return ((1 - monthly_churn) * (1 + monthly_growth)) ** (12.0 * np.arange(11))[:, None]


def test_g22_and_g23_by_formula() -> None:
    kept = monthly_kept(constant(0.02))
    found = value_by_formula(100, 0.8, 0.02, 0.98**12, kept).set_index("formula")
    values = found["value"].round(2).to_dict()
    assert values["Ten years, projected, discounted"] == 2784.19
    assert values["Ten years, projected"] == 3645.85
    assert values["Ten years, constant churn, discounted"] == 2784.19
    assert values["Ten years, constant churn"] == 3645.85
    assert values["ARPA × margin ÷ churn"] == 4000
    assert values["With expansion, without an end"] == 4000  # an NRR of 0.98^12 is churn alone
    assert value_over(80, kept[:60], 0.0).median == pytest.approx(2809.79, abs=0.005)
    simple = value_by_formula(100, 0.8, 0.05, 0.5, kept).set_index("formula").loc["ARPA ÷ churn", "value"]
    assert simple == pytest.approx(2000)


@pytest.mark.parametrize(("growth", "expected"), [(0.01, 5551.30), (0.02, 9375.07), (0.03, 17644.57)])
def test_g23_with_expansion(growth: float, expected: float) -> None:
    assert value_over(80, monthly_kept(constant(0.02, growth)), 0.0).median == pytest.approx(expected, abs=0.005)


def test_a_value_without_an_end_is_refused_with_the_reason() -> None:
    nrr = (0.98 * 1.03) ** 12
    found = value_by_formula(100, 0.8, 0.02, nrr, None).set_index("formula")
    assert np.isnan(found.loc["With expansion, without an end", "value"])
    assert "horizon" in found.loc["With expansion, without an end", "refused"]
    assert "too short" in found.loc["Ten years, projected, discounted", "refused"]
    still = value_by_formula(100, 0.8, 0.0, 1.0, None).set_index("formula")
    assert still["value"].isna().sum() == 5
    assert still.loc["Ten years, constant churn", "value"] == pytest.approx(80 * 120)


@given(cac=st.floats(1, 1e6), margin=st.floats(1, 1e5), churn=st.floats(0, 0.4), rate=st.floats(0, 0.5))
def test_value_and_payback_equal_independent_ones(cac: float, margin: float, churn: float, rate: float) -> None:
    kept = monthly_kept(constant(churn))
    flows = margin * (1 - churn) ** np.arange(120)
    monthly = (1 + rate) ** (1 / 12) - 1
    assert value_over(margin, kept, rate).median == pytest.approx(npf.npv(monthly, flows), rel=1e-9)
    nominal = cac / margin
    expected = survival_adjusted_payback_months(nominal, churn)
    found = payback_over(cac, margin, kept).months.median
    if expected is None or expected > 120:
        assert math.isinf(found) or found == 120
    elif abs(nominal - round(nominal)) > 1e-6:
        assert abs(found - expected) <= (1 if churn > 0 else 0)


@pytest.mark.parametrize(("churn", "months"), [(0.01, 13), (0.02, 14), (0.03, 15), (0.05, 18)])
def test_g21_payback_with_churn(churn: float, months: int) -> None:
    found = payback_over(1200, 100, monthly_kept(constant(churn)))
    assert (found.months.median, found.share_never) == (months, 0)
    assert found.kept == pytest.approx((1 - churn) ** (months - 1))


def test_payback_that_never_comes_is_counted() -> None:
    paths = np.concatenate([constant(0.01), constant(0.2), constant(0.3)], axis=1)
    found = payback_over(1000, 100, monthly_kept(paths))
    assert found.share_never == pytest.approx(2 / 3)
    assert math.isinf(found.months.median)
    assert found.months.low == 11
    missing = payback_over(float("nan"), 100, monthly_kept(paths))
    assert np.isnan(missing.months.median)


def test_months_between_years_and_a_cohort_that_ends() -> None:
    kept = monthly_kept(np.array([[1.0], [0.5], [0.0], [0.0]]), 48)
    assert kept[[0, 12, 24, 36], 0] == pytest.approx([1, 0.5, 0, 0])
    assert kept[6, 0] == pytest.approx(math.sqrt(0.5))
    assert kept[18, 0] == pytest.approx(0.25)
    curve = balance(5, 1, kept)
    assert curve["median"].iloc[0] == -5
    assert curve["median"].iloc[48] == pytest.approx(kept.sum() - 5)


def test_a_cohort_goes_on_where_it_stands() -> None:
    ages = np.arange(25)
    kept = 0.97 ** np.arange(24)
    seen = pd.DataFrame({"age": ages, "cac": 2000.0, "cumulative_margin": 100 * np.concatenate([[0], np.cumsum(kept)])})
    seen["month_margin"] = 100 * 0.97 ** np.maximum(0, ages - 1.0)
    curve, crossing = carried_on(seen, monthly_kept(constant(0.03)))
    whole = 100 * np.cumsum(0.97 ** np.arange(120))
    assert curve["age"].tolist() == list(range(24, 121))
    assert curve["median"].to_numpy() == pytest.approx(whole[23:])
    assert crossing.median == 1 + int(np.argmax(whole >= 2000))
    _, never = carried_on(seen.assign(cac=1e6), monthly_kept(constant(0.03)))
    assert math.isinf(never.median)


def quarters(seed: int, elasticity: float, count: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    spend = rng.lognormal(np.log(20_000), 0.8, count)
    accounts = rng.poisson(8 * (spend / 20_000) ** elasticity)
    return pd.DataFrame({"slice": "Ads", "period": np.arange(count), "spend": spend, "new_accounts": accounts})


def test_elasticity_is_that_of_a_poisson_regression() -> None:
    frame = quarters(3, 0.7, 400)
    scale, accounts = np.log(frame["spend"] / 20_000), frame["new_accounts"]

    def loss(guess: np.ndarray) -> float:
        return float((np.exp(guess[0] + guess[1] * scale) - accounts * (guess[0] + guess[1] * scale)).sum())

    referee = minimize(loss, np.array([1.0, 0.5]))
    assert marginal_cost(frame).iloc[0]["elasticity"] == pytest.approx(referee.x[1], abs=0.03)


def test_the_truth_lies_within_the_interval_as_often_as_promised() -> None:
    hits = 0
    for seed in range(60):
        frame = quarters(seed, 0.6)
        found = marginal_cost(frame, seed=seed).iloc[0]
        level = 8 * (found["spend"] / 20_000) ** 0.6
        truth = found["spend"] / level / 0.6
        hits += found["low"] <= truth <= found["high"]
    assert 0.7 <= hits / 60 <= 0.97


def test_little_data_says_so_in_place_of_a_number() -> None:
    found = marginal_cost(quarters(1, 0.6, 4)).iloc[0]
    assert np.isnan(found["marginal_cac"])
    assert "Fewer than" in found["note"]
    flat = quarters(1, 0.6).assign(spend=1000.0)
    assert "prior" in marginal_cost(flat).iloc[0]["note"]
    assert marginal_cost(flat.iloc[:0]).empty
