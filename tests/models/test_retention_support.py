"""What stands beside a retention rate: its interval, on whom it leans, and the bridge of any period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decade.models.bridge_periods import KINDS, by_period, of_period
from decade.models.confidence import ratio_interval
from decade.models.leaders import leaders


def bridge(*moves: dict[str, float], start: str = "2024-11-01") -> pd.DataFrame:
    """Months of a bridge that begins at 100."""
    rows, level = [], 100.0
    for month, moved in zip(pd.date_range(start, periods=len(moves), freq="MS"), moves, strict=True):
        row = {"month": month, "opening": level, **dict.fromkeys(KINDS, 0.0), **moved}
        level += sum(moved.values())
        counts = dict.fromkeys(
            ("opening_accounts", "new_accounts", "reactivated_accounts", "churned_accounts", "expanded_accounts"), 1
        )
        rows.append(
            {**row, "closing": level, **counts, "contracted_accounts": 0, "closing_accounts": 1, "is_full": True}
        )
    return pd.DataFrame(rows)


@given(
    moves=st.lists(
        st.dictionaries(st.sampled_from(KINDS), st.integers(-9, 9).map(float), max_size=3), min_size=1, max_size=30
    ),
    grain=st.sampled_from(["month", "quarter", "year"]),
)
def test_every_period_adds_up(moves: list[dict[str, float]], grain: str) -> None:
    months = bridge(*moves)
    periods = by_period(months, grain)
    ends = periods[["opening", *KINDS]].sum(axis=1)
    assert ends.to_numpy() == pytest.approx(periods["closing"].to_numpy())
    assert periods["opening"].iloc[1:].tolist() == periods["closing"].iloc[:-1].tolist()
    assert periods[list(KINDS)].sum().tolist() == months[list(KINDS)].sum().tolist()
    row = periods.iloc[-1]
    one = of_period(months, row["first_month"].date(), row["last_month"].date())
    assert one.to_dict() == {name: row[name] for name in one.index}


def test_a_quarter_or_year_under_way_is_not_full() -> None:
    months = bridge(*[{"new": 1.0}] * 5)  # November to March
    assert by_period(months, "quarter")[["period", "is_full"]].to_numpy().tolist() == [
        ["2024-Q4", True],
        ["2025-Q1", True],
    ]
    assert by_period(months, "year")["is_full"].tolist() == [True, False]
    assert by_period(months.iloc[:4], "quarter")["is_full"].tolist() == [True, False]


def test_resampling_gives_the_interval_of_independent_work() -> None:
    """Against the linearised standard error, and against scipy's bootstrap of the same ratio."""
    from scipy.stats import bootstrap

    source = np.random.default_rng(7)
    then = source.lognormal(6, 0.5, 300)
    now = then * source.choice([0, 0.8, 1, 1.3], 300, p=[0.1, 0.1, 0.5, 0.3])
    found = ratio_interval(now, then)
    reference = bootstrap(
        (now, then),
        lambda a, b, axis: a.sum(axis) / b.sum(axis),
        paired=True,
        n_resamples=4000,
        method="percentile",
        rng=1,
    ).confidence_interval
    assert found is not None
    assert found.is_resampled
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high), abs=0.01)
    wide = ratio_interval(np.tile(now, 2), np.tile(then, 2))
    assert wide is not None
    assert not wide.is_resampled
    assert wide.high - wide.low == pytest.approx((found.high - found.low) / np.sqrt(2), rel=0.1)


def test_the_interval_is_the_same_each_time_and_none_for_a_handful() -> None:
    then = np.array([100.0, 50, 20, 10, 5])
    now = np.array([120.0, 0, 20, 10, 5])
    assert ratio_interval(now, then) == ratio_interval(now, then)
    assert ratio_interval(now[:4], then[:4]) is None
    assert ratio_interval(now, then * 0) is None
    kept = ratio_interval(then, then)
    assert kept is not None
    assert (kept.low, kept.high) == (1, 1)


def kept(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account", "mrr_then", "mrr_now"])
    return frame.assign(account_id=frame["account"], change=frame["mrr_now"] - frame["mrr_then"])


def test_on_whom_it_leans() -> None:
    found = leaders(kept(("Whale", 100, 150), *[(f"A{n:02}", 10, 11) for n in range(20)], ("Gone", 50, 0)))
    assert (found.expansion, found.loss) == (70, 50)
    assert found.growers["account"].tolist()[:2] == ["Whale", "A00"]
    assert found.growers_share == pytest.approx(59 / 70)
    assert found.losers["share"].tolist() == [1.0]
    assert found.nrr == pytest.approx(370 / 350)
    assert (found.largest, found.largest_share) == ("Whale", pytest.approx(100 / 350))
    assert found.without == pytest.approx(220 / 250)
    assert (found.grower, found.without_grower) == ("Whale", pytest.approx(220 / 250))


def test_nothing_to_lean_on() -> None:
    nothing = leaders(kept())
    assert (nothing.nrr, nothing.growers_share, nothing.largest, nothing.without) == (None, None, "", None)
    alone = leaders(kept(("Only", 10, 10)))
    assert (alone.nrr, alone.without, alone.grower, alone.losers_share) == (1.0, None, "", None)
