"""The life table: what is at risk when, who is still there, contract terms apart, late entries, half-seen years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from models.conftest import life_frame, seen_so_far, simulated

from decade.errors import Refused
from decade.models.engine import learn, simulate
from decade.models.life_table import life_tables
from decade.models.logos import longest_back_test, project_logos
from decade.models.survival import kaplan_meier_tail

HAZARD = [0.2, 0.15, 0.12, 0.1, 0.09, 0.08]


def rows(*cells: tuple[str, int, int, int], term_months: int = 12) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["cohort", "age", "at_risk", "lost"])
    return frame.assign(term_months=term_months)


def test_who_is_still_there() -> None:
    """Of 100, 20 left at the first renewal; 50 of the others have reached the second, 5 left; 30 have not."""
    table = life_tables(rows(("2020", 1, 100, 20), ("2020", 2, 50, 5)))[0]
    assert table.started.tolist() == [100]
    assert table.survivors.tolist() == [[100, 80, 45]]
    assert table.open.tolist() == [[0, 30, 45]]
    assert table.known_to.tolist() == [1]


def test_a_half_seen_year_is_projected_from_both_halves() -> None:
    cells = [(str(2016 + k), age, 400, 40) for k in range(4) for age in (1, 2)]
    cells = [(c, a, n if a == 1 else 360, 40 if a == 1 else 36) for c, a, n, _ in cells]
    half = rows(*cells, ("2021", 1, 100, 20), ("2021", 2, 50, 5))
    projection = project_logos(half, draws=400)
    shown = projection.cells[projection.cells["cohort"] == "2021"].set_index("age")
    assert shown.loc[1, "kind"] == "observed"
    assert shown.loc[1, "observed"] == pytest.approx(0.8)
    assert shown.loc[2, "kind"] == "projected"
    # 45 are known to have stayed, the 30 that have not decided add about nine tenths of themselves.
    assert shown.loc[2, "median"] == pytest.approx((45 + 30 * 0.9) / 100, abs=0.03)
    assert shown.loc[2, "low"] >= 0.45
    assert shown.loc[2, "high"] <= 0.75


def test_a_cohort_without_a_decision_is_projected_from_the_others() -> None:
    alive = seen_so_far(simulated(HAZARD, 5, 300, 1), 4)
    projection = project_logos(life_frame(alive), draws=100)
    youngest = projection.cells[projection.cells["cohort"] == "2008"]
    assert youngest["kind"].tolist() == ["observed"] + ["projected"] * 10
    assert youngest["median"].iloc[1] == pytest.approx(0.8, abs=0.05)


def test_late_entries_count_from_where_they_are_first_seen() -> None:
    frame = life_frame(seen_so_far(simulated(HAZARD, 5, 300, 1), 6)).query("cohort != '2004' or age > 2")
    projection = project_logos(frame, draws=50)
    late = projection.cells[projection.cells["cohort"] == "2004"]
    assert late["age"].iloc[0] == 2
    assert late["observed"].iloc[0] == 1
    assert not np.isnan(late["median"]).any()


def test_a_lost_cohort_stays_lost() -> None:
    alive = seen_so_far(simulated(HAZARD, 4, 300, 1), 4)
    alive[1, 2:4] = 0
    frame = life_frame(alive).query("at_risk > 0")
    gone = project_logos(frame, draws=50).cells.query("cohort == '2005' and age >= 2")
    assert (gone["high"] == 0).all()


def test_contract_terms_are_kept_apart_and_shown_together() -> None:
    yearly = life_frame(seen_so_far(simulated(HAZARD, 6, 300, 1), 6))
    every_third = life_frame(seen_so_far(simulated([0.4, 0.3], 6, 300, 2), 8), term_months=36)
    three = every_third[every_third["age"] <= (9 - (every_third["cohort"].astype(int) - 2004)) // 3]
    three = three.assign(period=(three["cohort"].astype(int)) // 3 + three["age"])
    projection = project_logos(pd.concat([yearly, three]), draws=300)
    cells = projection.cells[projection.cells["cohort"] == "2004"].set_index("age")
    own = project_logos(yearly, draws=300).cells.query("cohort == '2004'").set_index("age")
    assert cells.loc[1, "n"] == 600
    # Nobody on a contract of three years can leave in the first two.
    assert cells.loc[1, "observed"] == pytest.approx((1 + own.loc[1, "observed"]) / 2)
    assert set(projection.reasons["term_months"]) == {12, 36}


def test_monthly_contracts() -> None:
    monthly = life_frame(seen_so_far(simulated([0.03] * 24, 10, 200, 3), 24), term_months=1)
    projection = project_logos(monthly, horizon=10, draws=40)
    assert projection.pooled["age"].iloc[-1] == 10
    assert projection.pooled["median"].iloc[1] == pytest.approx(0.97**12, abs=0.05)
    assert project_logos(monthly, horizon=36, draws=40, age_months=1).pooled.shape[0] == 37


@pytest.mark.parametrize(("term", "periods", "at"), [(1, 30, [0, 12, 24, 31, 60, 60, 119]), (12, 6, [3, 5, 5, 9, 10])])
def test_a_draw_per_shown_age_is_a_draw_per_decision(term, periods, at) -> None:
    hazard = [0.03] * 120 if term == 1 else [0.15] * 10
    alive = simulated(hazard[:periods], periods, 40, 3)
    table = life_tables(life_frame(seen_so_far(alive, periods), term_months=term))[0]
    fit = learn(table, len(hazard))
    draws, one_account = 6000, 1 / 40
    every, shown = simulate(fit, len(hazard), draws, 1), simulate(fit, len(hazard), draws, 2, np.array(at))
    for one, other in ((every.cohorts[:, at], shown.cohorts), (every.pooled[at], shown.pooled)):
        spread = one.std(axis=-1)
        assert (np.abs(one.mean(axis=-1) - other.mean(axis=-1)) <= 1e-12 + 5 * spread * np.sqrt(2 / draws)).all()
        assert other.std(axis=-1) == pytest.approx(spread, rel=0.08, abs=1e-12)
        for share in (0.1, 0.9):
            apart = np.abs(np.quantile(one, share, axis=-1) - np.quantile(other, share, axis=-1))
            assert (apart <= 1.001 * one_account + 0.12 * spread).all()


def test_the_past_does_not_know_the_future() -> None:
    alive = simulated(HAZARD, 6, 300, 1)
    table = life_tables(life_frame(seen_so_far(alive, 6)))[0]
    earlier = life_tables(life_frame(seen_so_far(alive, 3)))[0]
    hidden = table.until(2007)
    assert hidden.cohorts == earlier.cohorts
    assert hidden.open[:, :4].tolist() == earlier.open.tolist()
    assert (longest_back_test(table), longest_back_test(earlier)) == (3, 1)


def test_refusals() -> None:
    with pytest.raises(Refused, match="term_months missing"):
        life_tables(rows(("2020", 1, 10, 1)).drop(columns="term_months"))
    with pytest.raises(Refused, match="cohort 2020, age 1: 11 lost of 10 at risk"):
        life_tables(rows(("2020", 1, 10, 11)))
    with pytest.raises(Refused, match="an age twice"):
        life_tables(rows(("2020", 1, 10, 1), ("2020", 1, 10, 1)))
    with pytest.raises(Refused, match="contracts of 12 months show 1 renewal decisions, 2 are needed"):
        project_logos(rows(("2020", 1, 100, 10)))
    with pytest.raises(Refused, match="only 9 renewal decisions have been made"):
        project_logos(rows(("2020", 1, 5, 1), ("2020", 2, 4, 1)))


def test_a_short_history_says_how_wide_it_is() -> None:
    notes = project_logos(life_frame(seen_so_far(simulated(HAZARD, 2, 60, 1), 2)), draws=200).notes
    assert any("With 2 years of data the figure for year 10 is a range" in note for note in notes)


def test_a_cohort_announced_without_accounts_is_older_than_the_data() -> None:
    """As the life table by terms gives it: a row of age 0 with nobody, and the first decision that the data shows."""
    frame = life_frame(seen_so_far(simulated(HAZARD, 5, 300, 1), 6))
    late = (frame["cohort"] == "2004") & (frame["age"] <= 2)
    frame.loc[late & (frame["age"] == 0), ["at_risk", "lost"]] = 0
    frame = frame[~late | (frame["age"] == 0)]
    table = life_tables(frame)[0]
    assert np.isnan(table.started[0])
    assert table.first_age[0] == 2
    projection = project_logos(frame, draws=50)
    cells = projection.cells[projection.cells["cohort"] == "2004"]
    assert cells["age"].iloc[0] == 2
    assert (cells["n"] == table.at_risk[0].max()).all()
    assert not cells[["median", "low", "high"]].isna().any(axis=None)


def test_ages_that_nobody_was_seen_at_are_not_observed() -> None:
    """Customers of 2004 seen from age 7 on, and of 2011 to 2014 from their first day."""
    frame = life_frame(seen_so_far(simulated(HAZARD, 11, 300, 1), 11))
    year = frame["cohort"].astype(int)
    frame = frame[(year >= 2011) | ((year == 2004) & (frame["age"] >= 8))]
    pooled = project_logos(frame, draws=50).pooled.set_index("age")
    assert pooled["observed"].notna().to_list() == [True] * 5 + [False] * 6
    at_risk, lost = (
        frame.groupby("age")[name].sum().reindex(range(1, 11), fill_value=0) for name in ("at_risk", "lost")
    )
    line = kaplan_meier_tail(at_risk.to_numpy(float), lost.to_numpy(float)).hazard(10)
    assert (line > 0).all()


def test_a_contract_term_that_has_ended_hides_nothing_of_the_others() -> None:
    yearly = life_frame(seen_so_far(simulated(HAZARD, 6, 300, 1), 6))
    monthly = life_frame([[5, 3, 0]], term_months=1).assign(period=[2004 * 12, 2004 * 12 + 1, 2004 * 12 + 2])
    cells = project_logos(pd.concat([yearly, monthly], ignore_index=True), draws=50).cells
    own = project_logos(yearly, draws=50).cells
    kinds = [each[each["cohort"] == "2004"]["kind"].to_list() for each in (cells, own)]
    assert kinds[0] == kinds[1]
