"""Lifetimes within the horizon, survival by group and the log-rank test, against published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import PUBLISHED, life_frame, revenue_frame

from decade.errors import Refused
from decade.models.lifetimes import lifetimes, log_rank, survival_by_group
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue

# Weeks in remission, Freireich 1963: left at these weeks, and still in remission when last seen.
TREATED = ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [])


def by_group() -> pd.DataFrame:
    rows = []
    for group, (lost, kept) in {"treated": TREATED, "placebo": PLACEBO}.items():
        every = np.array([*lost, *kept])
        rows += [
            (group, week, int((every >= week).sum()), lost.count(week))
            for week in range(1, 36)
            if (every >= week).any()
        ]
    return pd.DataFrame(rows, columns=["group", "age", "at_risk", "lost"])


def test_log_rank() -> None:
    """16.793 (lifelines 0.30.3); 16.79 in every textbook that uses these data."""
    found = log_rank(by_group())
    assert found.statistic == pytest.approx(16.792941, abs=1e-6)
    assert found.p_value == pytest.approx(4.168809e-05, rel=1e-6)
    assert found.degrees == 1
    assert found.groups["lost"].tolist() == [21, 9]
    assert found.groups["expected"].sum() == pytest.approx(30)


def test_a_group_without_a_completed_year_changes_nothing() -> None:
    fresh = pd.DataFrame([("fresh", 0, 5, 0)], columns=["group", "age", "at_risk", "lost"])
    found = log_rank(pd.concat([by_group(), fresh]))
    assert found.statistic == pytest.approx(log_rank(by_group()).statistic)
    assert found.degrees == 1


def test_survival_with_number_at_risk() -> None:
    lines = survival_by_group(by_group())
    treated = lines[lines["group"] == "treated"].set_index("age")
    assert treated.loc[10, "survival"] == pytest.approx(0.752941, abs=1e-6)
    assert treated.loc[23, "low"] == pytest.approx(0.273514, abs=1e-6)
    assert treated.loc[23, "high"] == pytest.approx(0.608449, abs=1e-6)
    assert treated.loc[22, "at_risk"] == 6
    assert lines[lines["group"] == "placebo"]["survival"].iloc[-1] == 0


def test_one_group_is_no_comparison() -> None:
    with pytest.raises(Refused, match="two groups"):
        log_rank(by_group().query("group == 'treated'"))


def test_a_whole_history_is_added_up() -> None:
    alive = PUBLISHED["high_end"]
    found = lifetimes(project_logos(life_frame([alive]), horizon=10, draws=50)).set_index("cohort")
    assert found.loc["2004", "years"] == pytest.approx(sum(alive[:10]) / 1000)
    assert found.loc["2004", "total"] == pytest.approx(sum(alive[:10]))
    assert found.loc["2004", "share_projected"] == 0
    assert found.loc["", "share_beyond"] == 0


def test_what_lies_beyond_the_data() -> None:
    short = project_logos(life_frame([PUBLISHED["high_end"][:5]]), draws=200)
    found = lifetimes(short).set_index("cohort")
    expected = 1 - sum(PUBLISHED["high_end"][:5]) / sum(PUBLISHED["high_end"][:10])
    assert found.loc["", "share_beyond"] == pytest.approx(expected, abs=0.05)
    assert found.loc["2004", "years_low"] < found.loc["2004", "years"] < found.loc["2004", "years_high"]


def test_retained_revenue_is_money() -> None:
    """MRR of 1,000 that stays for ten years is 120,000."""
    found = lifetimes(project_revenue(revenue_frame([[1000.0] * 11, [1000.0] * 10]), draws=50)).set_index("cohort")
    assert found.loc["2004", "total"] == pytest.approx(120_000)
