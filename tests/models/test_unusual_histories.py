"""Histories that are nobody's example: a published curve, flat, gone, one giant, gaps, months: a figure or a reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import PUBLISHED, life_frame, revenue_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models.backtest import back_test
from decade.models.lifetimes import lifetimes
from decade.models.logos import project_logos
from decade.models.projection import short_history
from decade.models.revenue_projection import project_revenue

GIANT = np.vstack([[1e6, 8e5, 7e5, 6.3e5, 5.8e5, 5.5e5, 5.3e5], *[[3, 2, 2, 1, 1, 1, 0]] * 12]).astype(float)
LATE = life_frame(seen_so_far(simulated([0.2, 0.15, 0.1, 0.1], 4, 300, 1), 4))
HISTORIES = {
    "five points of a published curve": life_frame([PUBLISHED["high_end"][:5]]),
    "twelve points in percent, with decimals": life_frame([[each / 10 for each in PUBLISHED["regular"]]]),
    "nobody ever left": life_frame(seen_so_far(np.full((6, 7), 400.0), 6)),
    "one cohort, nobody left": life_frame([[1000] * 6]),
    "all gone after three renewals": life_frame([[500, 100, 10, 0, 0], [400, 90, 8, 0]]),
    "a giant and many tiny": life_frame(seen_so_far(GIANT, 18)),
    "years without new cohorts": LATE.assign(period=LATE["period"] + np.where(LATE["cohort"] > "2005", 7, 0)),
    "24 months": life_frame(seen_so_far(simulated([0.04] * 24, 24, 80, 3), 24), 1),
    "terms of three years": life_frame(seen_so_far(simulated([0.2, 0.1, 0.1], 5, 100, 3), 4), 36),
    "a cohort of nobody": life_frame([[0, 0, 0, 0], [100, 80, 70], [90, 70]]),
    "older than the data": life_frame(seen_so_far(simulated([0.2, *[0.1] * 5], 4, 300, 1), 9)).query("age >= 3"),
}
REVENUES = {
    "an index from 100": revenue_frame([[100, 104, 103, 101, 98]]),
    "all as it was": revenue_frame(seen_so_far(np.full((5, 6), 1e4), 5)),
    "lost for good": revenue_frame([[100, 50, 0, 0, 0], [100, 40, 0, 0], [100, 45, 0]]),
    "a giant of one account": revenue_frame(np.vstack([[1e7, 1.1e7, 1.2e7, 1.2e7], *[[10, 9, 8, 7]] * 9]), 1),
    "three times as much each year": revenue_frame(seen_so_far(100 * 3.0 ** np.arange(5) * np.ones((4, 1)), 4)),
}
TOO_SHORT = {"24 months", "a cohort of nobody"}


def assert_sane(found) -> None:
    bounds = found.cells[["low", "median", "high"]].to_numpy(float)
    assert np.isfinite(bounds).all()
    assert (bounds >= 0).all()
    assert (np.diff(bounds, axis=1) >= -1e-9).all()
    assert np.isfinite(found.pooled[["low", "median", "high"]].to_numpy(float)).all()
    assert np.isfinite(lifetimes(found)[["years", "years_low", "years_high"]].to_numpy(float)).all()
    assert all("nan" not in note and "inf" not in note for note in found.notes)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("history", HISTORIES)
def test_accounts_are_projected(history) -> None:
    for horizon, months in ((10, 12), (120, 1)):
        found = project_logos(HISTORIES[history], horizon, age_months=months, draws=100)
        assert_sane(found)
        assert (np.diff(found.pooled_paths, axis=0) <= 1e-9).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("history", REVENUES)
def test_revenue_is_projected(history) -> None:
    for is_gross in (False, True):
        assert_sane(project_revenue(REVENUES[history], is_gross=is_gross, draws=100))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("history", sorted({*HISTORIES, *REVENUES} - TOO_SHORT))
def test_a_back_test_scores(history) -> None:
    found = back_test(HISTORIES.get(history, REVENUES.get(history)), draws=60)
    engine = found.rows[found.rows["model"] == "engine"]
    assert np.isfinite(engine[["actual", "forecast", "low", "high"]].to_numpy(float)).all()


@pytest.mark.parametrize("history", sorted(TOO_SHORT))
def test_a_back_test_says_why_not(history) -> None:
    with pytest.raises(Refused, match="2 periods to learn from and one to forecast"):
        back_test(HISTORIES[history])


def test_a_cohort_of_nobody_is_not_there() -> None:
    assert set(project_logos(HISTORIES["a cohort of nobody"], draws=20).cells["cohort"]) == {"2005", "2006"}


def test_no_factor_of_nothing() -> None:
    """A range from none to a few has no factor; none to none is no range."""
    none, few, some = (
        pd.DataFrame({"age": [10], "low": [low], "high": [high]}) for low, high in ((0, 0.001), (0, 0.08), (0.1, 0.3))
    )
    assert short_history(none, 2, 12) == []
    assert short_history(few, 2, 12) == ["With 2 years of data the figure for year 10 is a range: 0% to 8%."]
    assert short_history(some, 1, 12)[0].endswith("10% to 30%, a factor of 3.0.")
    assert short_history(some, 4, 12) == []
