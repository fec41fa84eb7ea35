"""What the projection of revenue learns from, on paper: one cohort of three accounts."""

from __future__ import annotations

import pandas as pd
import pytest

from decade.models.revenue_table import revenue_table
from decade.warehouse import Workspace
from support.workspaces import charge, fill


@pytest.fixture
def levels(books: Workspace) -> pd.DataFrame:
    """MRR of 100, 200 and 600; a year later 150, 200 and none; then 150, none and the third is back with 300."""
    paid = {"a": (1200, 1800, 1800), "b": (2400, 2400, None), "c": (7200, None, 3600)}
    charges = [
        charge(account, f"{2020 + year}-01-01", f"{2021 + year}-01-01", amount, interval_unit="year")
        for account, amounts in paid.items()
        for year, amount in enumerate(amounts)
        if amount is not None
    ]
    # Begins before the others do, so that their age is known; its own is not.
    charges.append(charge("old", "2019-11-01", "2019-12-01", 100))
    fill(books, as_of="2022-06-30", charges=charges)
    return books.history("net")


def test_sums_of_powers_and_products(levels: pd.DataFrame) -> None:
    assert list(levels.columns[:8]) == [
        "slice",
        "cohort",
        "age",
        "accounts",
        "mrr",
        "mrr_squared_sum",
        "growth_squared",
        "period",
    ]
    row = levels.set_index("age")
    assert row["mrr"].to_list() == pytest.approx([900, 350, 450])
    assert row["mrr_squared_sum"].to_list() == pytest.approx([410_000, 62_500, 112_500])
    assert row["mrr_cubed_sum"].to_list() == pytest.approx([225_000_000, 11_375_000, 30_375_000])
    assert pd.isna(row.loc[0, "growth_product"])
    assert row["growth_product"].to_list()[1:] == pytest.approx([100 * 150 + 200 * 200, 150 * 150])


def test_the_table_has_the_share_of_the_largest(levels: pd.DataFrame) -> None:
    table = revenue_table(levels)
    assert table.largest is not None
    assert table.largest[0] == pytest.approx([225e6 / 900 / 410e3, 11.375e6 / 350 / 62.5e3, 30.375e6 / 450 / 112.5e3])
    assert table.has_customers
