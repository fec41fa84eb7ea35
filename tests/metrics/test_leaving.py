"""Who leaves at which age, and who has stayed ten years, on companies small enough to count by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from decade.warehouse import Workspace
from support.histories import History, Reference, histories
from support.workspaces import charge, empty, fill

# Who is there in the data's first month has no known age: somebody has to begin the data.
FIRST = charge("first", "2022-11-01", "2022-12-01", 1)


def of(frame: pd.DataFrame, age: int, name: str = "All") -> tuple[float, float]:
    row = frame[(frame["age"] == age) & (frame["slice"] == name)].iloc[0]
    return row["at_risk"], row["lost"]


def test_a_year_long_contract_ends_at_month_twelve(books: Workspace) -> None:
    rows = [
        FIRST,
        charge("gone", "2023-01-01", "2024-01-01", 1200, interval_unit="year"),
        charge("kept", "2023-01-01", None, 100),
        charge("young", "2024-06-01", None, 100),
    ]
    fill(books, as_of="2024-12-31", charges=rows)
    months = books.ask("leaving_by_age", grain="month")
    assert of(months, 11) == (2, 0)
    assert of(months, 12) == (2, 1)
    assert of(months, 13) == (1, 0)
    assert of(months, 6) == (3, 0)
    assert of(months, 7) == (2, 0), "the young one has not lived its seventh month to the end"
    assert of(books.ask("leaving_by_age"), 1) == (2, 1)
    gone = books.ask("leavers_by_age", grain="month", age=12)
    assert gone[["account_id", "lost_mrr"]].to_numpy().tolist() == [["gone", 100.0]]
    assert books.ask("leavers_by_age", age=2).empty


def test_who_comes_back_left_all_the_same(books: Workspace) -> None:
    rows = [FIRST, charge("a", "2023-01-01", "2023-05-01", 10), charge("a", "2024-01-01", None, 10)]
    fill(books, as_of="2024-12-31", charges=rows)
    assert of(books.ask("leaving_by_age", grain="month"), 4) == (1, 1)
    gone = books.ask("leavers_by_age", grain="month")
    assert gone["is_back"].tolist() == [True]


def test_older_than_the_data_is_at_risk_from_where_it_is_seen(books: Workspace) -> None:
    fill(
        books,
        as_of="2024-12-31",
        accounts=[{"account_id": "old", "customer_since": date(2020, 6, 10)}, {"account_id": "unknown"}],
        charges=[charge("old", "2024-01-01", None, 10), charge("unknown", "2024-01-01", "2024-03-01", 10)],
    )
    months = books.ask("leaving_by_age", grain="month")
    assert months["age"].min() == 44  # June 2020 to January 2024 are 43 months: they had to be survived
    assert months["lost"].sum() == 0
    assert set(months["at_risk"]) == {1}


def test_as_many_left_as_are_named(sample_like: Workspace) -> None:
    for by in ("none", "segment"):
        shares = sample_like.ask("leaving_by_age", grain="quarter", by=by)
        named = sample_like.ask("leavers_by_age", grain="quarter", by=by)
        counted = named[named["age"] <= 40].groupby(["slice", "age"]).size()
        expected = shares[shares["lost"] > 0].set_index(["slice", "age"])["lost"]
        assert counted.to_dict() == expected.to_dict()


@pytest.fixture
def sample_like(books: Workspace) -> Workspace:
    """Sixty accounts that stay one to thirty months, in two segments and one that is not known."""
    rows, accounts = [], []
    for n in range(60):
        start = pd.Timestamp("2021-01-01") + pd.DateOffset(months=n % 20)
        end = start + pd.DateOffset(months=1 + n % 30)
        last = f"{end:%Y-%m-%d}" if n % 3 else None
        rows.append(charge(f"a{n}", f"{start:%Y-%m-%d}", last, 10 + n))
        accounts.append({"account_id": f"a{n}", "segment": ("SMB", "Mid", None)[n % 3]})
    fill(books, as_of="2023-12-31", charges=rows, accounts=accounts)
    return books


@settings(
    suppress_health_check=list(HealthCheck), deadline=None, max_examples=10, phases=[Phase.explicit, Phase.generate]
)
@given(history=histories())
def test_leaving_equals_the_slow_way(one_workspace: Workspace, history: History) -> None:
    fill(empty(one_workspace), as_of=history.as_of, charges=history.charges, accounts=history.accounts)
    reference = Reference(history)
    found = one_workspace.ask("leaving_by_age", grain="month")
    expected: dict[int, list[int]] = {}
    for name in reference.accounts:
        origin = reference.origin(name)
        path = [(month, reference.at(name, month) > 0) for month in reference.full]
        first = next((place for place, (_, is_there) in enumerate(path) if is_there), None)
        if origin is None or first is None:
            continue
        for month, is_there in path[first + 1 :]:
            age = 12 * (month.year - origin.year) + month.month - origin.month
            cell = expected.setdefault(age, [0, 0])
            cell[0] += 1
            cell[1] += not is_there
            if not is_there:
                break
    assert {int(row.age): [row.at_risk, row.lost] for row in found.itertuples()} == {
        age: cell for age, cell in expected.items() if age <= 120
    }


def test_the_decade_club(books: Workspace) -> None:
    rows = [
        charge("member", "2014-12-01", None, 10),
        charge("eleven_months", "2015-11-01", None, 30),
        charge("nine_years", "2015-12-01", None, 20),
        charge("young", "2016-01-01", None, 40),
        charge("left", "2014-11-15", "2020-01-01", 50),
        charge("back", "2014-12-01", "2018-01-01", 5),
        charge("back", "2019-03-01", None, 6),
    ]
    fill(books, as_of="2024-12-31", charges=rows)
    club = books.ask("decade_club").set_index("account_id")
    assert club.index.tolist() == ["member", "back", "eleven_months", "nine_years"]
    assert club["is_member"].tolist() == [True, True, False, False]
    assert club["months_to_go"].tolist() == [0, 0, 11, 12]
    assert club["age_years"].tolist() == [10, 10, pytest.approx(109 / 12), 9]
    assert club["returned_on"].dropna().dt.strftime("%Y-%m").to_dict() == {"back": "2019-03"}
    assert "young" in books.ask("decade_club", from_age=8).account_id.tolist()
