"""Accounts older than the data: their cohorts, their projection and what a back-test makes of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from decade.models.backtest import back_test
from decade.models.cohorts import extended, weighted_mean
from decade.models.life_table import life_tables
from decade.models.logos import longest_back_test, project_logos
from decade.models.revenue_projection import project_revenue
from decade.warehouse import Workspace
from support.workspaces import charge, fill


@pytest.fixture
def company(books: Workspace) -> Workspace:
    """Yearly contracts of 2016 to 2025, thirty a year, of which one in five ends; billing begins in 2022."""
    chance = np.random.default_rng(4)
    charges, accounts = [], []
    for year in range(2016, 2026):
        for number in range(30):
            name, stays = f"{year}-{number}", int(chance.geometric(0.2))
            accounts.append(
                {
                    "account_id": name,
                    "name": name,
                    "segment": "Large" if number % 3 == 0 else "Small",
                    "customer_since": date(year, 1, 15),
                }
            )
            charges += [
                charge(name, f"{each}-01-15", f"{each + 1}-01-15", 1200, interval_unit="year")
                for each in range(max(year, 2022), min(year + stays, 2026))
            ]
    fill(books, as_of="2025-12-31", charges=charges, accounts=accounts)
    return books


def test_each_is_projected_from_where_it_is_seen(company: Workspace) -> None:
    history = company.history("logo").drop(columns="slice")
    table, found = life_tables(history)[0], project_logos(history, draws=200)
    cells = found.cells
    assert not cells[["n", "median", "low", "high"]].isna().any(axis=None)
    assert cells.groupby("cohort")["age"].min().loc[["2016", "2018", "2022"]].to_list() == [6, 4, 0]
    started = cells.groupby("cohort")["n"].first()
    assert started.to_list() == [table.at_risk[row].max() or table.started[row] for row in range(len(table.cohorts))]
    shown = company.ask("cohort_retention", kind="logo", grain="year")
    ahead = extended(shown, found.cohorts, found.paths, found.tested_ahead, usual=found.pooled_paths)
    next_year = ahead[(ahead["cohort"] == "2019") & (ahead["age"] == 7)].iloc[0]
    # A handful of accounts: the chance of single ones is in the interval.
    assert next_year["high"] - next_year["low"] > 0.1


def test_only_what_is_back_tested_is_called_so(company: Workspace) -> None:
    history = company.history("logo").drop(columns="slice")
    (table,) = life_tables(history)
    assert longest_back_test(table) == back_test(history, draws=50, is_calibrated=False).longest


def test_cohorts_by_an_attribute_have_the_mean_of_cohorts_by_start(company: Workspace) -> None:
    by_start, by_segment = (
        weighted_mean(company.ask("cohort_retention", kind="logo", grain="year", by=by)).set_index("age")
        for by in ("start", "segment")
    )
    for age in (0, 1, 2):
        assert by_segment.loc[age, "n"] == by_start.loc[age, "n"]
        assert by_segment.loc[age, "rate"] == pytest.approx(by_start.loc[age, "rate"])
    members = company.ask("cohort_members", grain="year", by="segment", cohort="Small", age=1)
    cells = company.ask("cohort_retention", kind="logo", grain="year", by="segment").set_index(["cohort", "age"])
    assert (members["status"] != "not reached").sum() == cells.loc[("Small", 1), "n"]


def test_revenue_is_observed_at_any_age(books: Workspace) -> None:
    """Twelve years of a customer are history, of which a projection forecasts nothing."""
    charges = [
        charge(f"{first}-{number}", f"{each}-02-01", f"{each + 1}-02-01", 1200, interval_unit="year")
        for first in (2012, 2015, 2019)
        for number in range(8)
        for each in range(first, 2025 - number % 3)
    ]
    fill(books, as_of="2024-12-31", charges=[charge("old", "2011-11-01", "2011-12-01", 9), *charges])
    levels = books.history("net").drop(columns="slice")
    assert levels["age"].max() == 12
    cells = project_revenue(levels, horizon=15).cells
    oldest = cells[cells["cohort"] == "2012"].set_index("age")["kind"]
    assert (oldest.loc[:12] == "observed").all()
    assert (oldest.loc[13:] == "projected").all()
