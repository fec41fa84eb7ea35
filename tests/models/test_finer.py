"""The same fit read in other cohorts: quarters agree with their year, groups are believed as far as their data goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import life_frame, revenue_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models.cohorts import extended
from decade.models.finer import logo_cohorts, logo_groups, revenue_cohorts, revenue_groups
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue

CHURN = [0.25, 0.2, 0.15, 0.12, 0.1, 0.1, 0.1, 0.1]


def quarters_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Each yearly cohort split into four quarters, a fourth of the accounts each."""
    parts = []
    for quarter in range(1, 5):
        part = frame.assign(cohort=frame["cohort"] + f"-Q{quarter}")
        for name in ("at_risk", "lost", "mrr", "accounts"):
            if name in part:
                part[name] = part[name] / 4
        if "mrr_squared_sum" in part:
            part["mrr_squared_sum"] = part["mrr_squared_sum"] / 4
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def test_quarters_agree_with_their_year() -> None:
    yearly = life_frame(4 * np.rint(seen_so_far(simulated(CHURN, 6, 800, 1), 6) / 4))
    whole = project_logos(yearly, draws=400)
    found = logo_cohorts(yearly, quarters_of(yearly), 3, draws=400)
    assert found.paths.shape == (24, 41, 400)
    for place, name in enumerate(whole.cohorts):
        own = [row for row, each in enumerate(found.names) if each.startswith(name)]
        year_ten = found.paths[own, 40].mean(axis=0)
        assert year_ten.mean() == pytest.approx(np.nanmean(whole.paths[place, 10]), abs=0.03)
        single = np.quantile(found.paths[own[0], 40], (0.1, 0.9))
        together = np.quantile(whole.paths[place, 10], (0.1, 0.9))
        assert single[1] - single[0] >= 0.9 * (together[1] - together[0]), "a quarter is less certain than its year"


def test_quarters_of_revenue_agree_with_their_year() -> None:
    levels = seen_so_far(1e5 * np.cumprod(np.tile([1, 0.95, 0.97, 0.98, 1, 1, 1.0], (6, 1)), axis=1), 6)
    yearly = revenue_frame(levels)
    whole = project_revenue(yearly, draws=400)
    found = revenue_cohorts(yearly, quarters_of(yearly), 3, draws=400)
    for place, name in enumerate(whole.cohorts):
        own = [row for row, each in enumerate(found.names) if each.startswith(name)]
        shares = found.paths[own, 40].sum(axis=0) / found.paths[own, 0].sum(axis=0)
        assert np.median(shares) == pytest.approx(np.median(whole.paths[place, 10]), rel=0.12)
    halfway = (found.paths[:, 4] + found.paths[:, 8]) / 2
    assert found.paths[:, 6] == pytest.approx(halfway)


def two_groups(small: int) -> pd.DataFrame:
    good = life_frame(seen_so_far(simulated([0.1] * 8, 6, 500, 2), 6)).assign(slice="good")
    bad = life_frame(seen_so_far(simulated([0.35] * 8, 6, small, 3), 6)).assign(slice="bad")
    return pd.concat([good, bad], ignore_index=True)


def test_a_group_is_believed_as_far_as_its_data_goes() -> None:
    frame = two_groups(400)
    found = logo_groups(frame, 12)
    assert found.names == ("bad", "good")
    bad, good = found.paths.mean(axis=2)
    assert bad[5] < 0.25
    assert good[5] > 0.5
    few = logo_groups(two_groups(3), 12).paths.mean(axis=2)
    assert few[0, 5] > bad[5] + 0.1, "three accounts stay near the others"
    assert (np.diff(found.paths, axis=1) <= 1e-12).all()
    assert ((found.paths >= 0) & (found.paths <= 1)).all()


def test_groups_repeat_themselves() -> None:
    frame = two_groups(50)
    first, second, other = (logo_groups(frame, 12, seed=seed).paths for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_groups_of_revenue_and_their_money() -> None:
    grows = revenue_frame(seen_so_far(1e5 * 1.1 ** np.arange(9) * np.ones((6, 1)), 6)).assign(slice="grows")
    falls = revenue_frame(seen_so_far(1e5 * 0.7 ** np.arange(9) * np.ones((6, 1)), 6)).assign(slice="falls")
    found = revenue_groups(pd.concat([grows, falls], ignore_index=True), 12)
    falling, growing = np.median(found.paths, axis=2)
    assert growing[5] > falling[5] + 0.3
    assert falling[5] < 0.6
    seen = 12 * grows.loc[grows["age"] < 10, "mrr"].sum()
    assert found.money_seen[1] == pytest.approx(seen)
    assert (found.money[1] >= seen).all()
    assert (found.paths >= 0).all()


def test_a_short_history_is_refused_by_name() -> None:
    frame = life_frame(seen_so_far(simulated([0.2, 0.1], 1, 100, 1), 1)).assign(slice="a")
    with pytest.raises(Refused, match="renewal decisions"):
        logo_groups(frame, 12)


def test_projected_cells_are_scaled_to_the_last_one_seen() -> None:
    cells = pd.DataFrame(
        {"cohort": ["a", "a", "b"], "age": [0, 1, 0], "rate": [1.0, 0.6, 1.0], "is_mature": True, "late_entries": 0}
    )
    paths = np.array([[[1.0, 1.0], [0.5, 0.5], [0.4, 0.2]], [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]])
    found = extended(cells, ("a", "b"), paths, 1)
    assert found[found["cohort"] == "a"]["rate"].tolist() == [pytest.approx(0.6 * 0.6)]
    assert found[found["cohort"] == "b"]["is_back_tested"].tolist() == [True, False]
    back = cells.assign(rate=[1.0, 0.6, 0.5]).iloc[:2].assign(cohort="b")
    usual = np.array([[1.0, 1.0], [0.8, 0.8], [0.4, 0.4]])
    only_returned = extended(back, ("b",), paths[1:], 1, 1.0, usual)
    assert only_returned["rate"].tolist() == [pytest.approx(0.3)]
