"""Concentration against formulas worked out another way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decade.models.concentration import concentration, thinned

AMOUNTS = st.lists(st.floats(0.01, 1e9), min_size=1, max_size=60)


def gini_by_pairs(values: list[float]) -> float:
    """The mean absolute difference of all pairs, over twice the mean."""
    array = np.array(values)
    return float(np.abs(array[:, None] - array[None, :]).mean() / (2 * array.mean()))


@given(AMOUNTS)
def test_gini_is_half_the_relative_mean_difference(values: list[float]) -> None:
    assert concentration(values).gini == pytest.approx(gini_by_pairs(values), abs=1e-9)


@given(AMOUNTS)
def test_the_curve_is_convex_and_below_the_diagonal(values: list[float]) -> None:
    curve = concentration(values).curve
    assert (curve.iloc[0].tolist(), curve.iloc[-1].tolist()) == ([0, 0], [1, 1])
    assert (curve["money"] <= curve["accounts"] + 1e-12).all()
    assert (np.diff(curve["money"], 2) >= -1e-9).all()


@given(AMOUNTS, st.floats(0.1, 1000))
def test_a_currency_changes_nothing(values: list[float], rate: float) -> None:
    one, other = concentration(values), concentration([each * rate for each in values])
    assert other.gini == pytest.approx(one.gini, abs=1e-9)
    assert other.top_share == pytest.approx(one.top_share, abs=1e-9)


def test_on_paper() -> None:
    """1, 2, 3, 4: Lorenz 0.1, 0.3, 0.6, 1; Gini 0.25; the largest tenth is 0.4 of the last account: 16 %."""
    found = concentration([4, 1, 3, 2])
    assert found.curve["money"].tolist() == pytest.approx([0, 0.1, 0.3, 0.6, 1])
    assert found.gini == pytest.approx(0.25)
    assert found.top_share == pytest.approx(0.16)
    assert found.effective == pytest.approx(100 / 30)


def test_the_ends_of_the_scale() -> None:
    assert concentration([5] * 10).gini == pytest.approx(0)
    assert concentration([5] * 10).top_share == pytest.approx(0.1)
    assert concentration([1e-9] * 99 + [1e9]).gini == pytest.approx(0.99)
    assert np.isnan(concentration([]).gini)
    assert concentration(pd.Series([np.nan, 0, -3, 7.0])).accounts == 1


def test_fewer_points_draw_the_same_curve() -> None:
    curve = concentration(np.random.default_rng(1).lognormal(0, 2, 5000)).curve
    few = thinned(curve)
    assert len(few) <= 200
    assert few.iloc[-1].tolist() == [1, 1]
    assert thinned(few).equals(few)
