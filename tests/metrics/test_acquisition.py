"""What a new customer costs: the twelve accounts on paper, published numbers, and what must hold everywhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from decade.errors import Refused
from decade.scope import Scope
from decade.warehouse import Workspace
from decade.warehouse.by_hand import decide, type_spend, typed_spend
from support.workspaces import charge, fill

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def spend(month: str, amount: object, **others: object) -> dict[str, object]:
    """Program spend in USD, unless `others` say something else."""
    row = {"month": date.fromisoformat(f"{month}-01"), "amount": Decimal(str(amount)), "kind": "program"}
    return {**row, "currency": "USD", **others}


def deal(number: int, created_on: str, closed_on: str) -> dict[str, object]:
    days = {"created_on": date.fromisoformat(created_on), "closed_on": date.fromisoformat(closed_on)}
    return {"deal_id": f"d{number}", "kind": "new", "is_closed": True, "is_won": True, "currency": "USD", **days}


PAPER = [*((basis, "none") for basis in ("blended", "fully_loaded", "paid")), ("blended", "channel")]
PAPER += [("fully_loaded", "segment")]


@pytest.mark.parametrize(("basis", "by"), PAPER)
def test_the_twelve_accounts_on_paper(acme: Workspace, basis: str, by: str) -> None:
    expected = pd.read_csv(GOLDEN / "acquisition.csv")
    expected = expected[(expected["basis"] == basis) & (expected["by"] == by)].drop(columns=["basis", "by"])
    found = acme.ask("acquisition", basis=basis, by=by, grain="quarter")
    assert set(found["lag_months"]) == {3}  # the median of 40, 46, 90, 100 and 111 days
    assert set(found["lag_from"]) == {"deals"}
    found = expected[["period", "slice"]].merge(found, on=["period", "slice"], how="left")[list(expected.columns)]
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True), check_dtype=False, rtol=0, atol=2e-6)


def test_margins_on_paper(acme: Workspace) -> None:
    found = acme.ask("gross_margin").set_index("segment")
    expected = {"(all)": 1 - 4680 / 31160, "SMB": 1 - 1680 / 8500, "Enterprise": 1 - 3000 / 16500}
    assert found["gross_margin"].to_dict() == pytest.approx({**expected, "Mid": expected["(all)"]})
    assert np.isnan(found.loc["Mid", "measured_margin"])  # costs name other segments, and never this one
    assert found.loc["(all)", "success"] == 360
    assert set(found["margin_from"]) == {"costs"}


@pytest.mark.parametrize("by", ["none", "channel", "segment", "lane", "deal_size_band"])
@pytest.mark.parametrize("shared", ["accounts", "mrr"])
def test_slices_share_the_whole_spend(acme: Workspace, by: str, shared: str) -> None:
    for basis in ("blended", "paid", "fully_loaded"):
        whole = acme.ask("acquisition", basis=basis).set_index("period")
        parts = acme.ask("acquisition", basis=basis, by=by, shared=shared)
        sums = parts.groupby("period")[["spend", "new_accounts", "new_mrr"]].sum(min_count=1)
        for name in sums:
            np.testing.assert_allclose(sums[name].astype(float), whole.loc[sums.index, name].astype(float))


@pytest.mark.parametrize("by", ["segment", "lane"])
def test_a_filter_is_a_slice(acme: Workspace, by: str) -> None:
    slices = acme.ask("acquisition", basis="fully_loaded", by=by, grain="year")
    for name, part in slices[~slices["slice"].str.startswith("(")].groupby("slice"):
        alone = acme.ask("acquisition", Scope.parse([f"{by}={name}"]), basis="fully_loaded", grain="year")
        for column in ("spend", "new_accounts", "new_mrr", "ltv"):
            np.testing.assert_allclose(alone[column].astype(float), part[column].astype(float), err_msg=str(name))


def test_g20_payback_at_two_margins(books: Workspace) -> None:
    fill(
        books,
        as_of="2025-06-30",
        charges=[charge("old", "2024-01-01", None, 10), charge("a", "2025-04-01", None, 500)],
        spend=[spend("2025-04", 2400)],
    )
    for margin, months in ((0.8, 6.0), (0.5, 9.6)):
        decide(books, "gross_margin", str(margin))
        row = books.ask("acquisition", grain="month", lag_months=0).set_index("period").loc["2025-04"]
        assert (row["cac"], row["margin_from"]) == (2400, "typed")
        assert row["payback_months"] == pytest.approx(months)


@pytest.mark.parametrize(("leavers", "months"), [(1, 13), (2, 14), (3, 15), (5, 18)])
def test_g21_payback_with_churn(books: Workspace, leavers: int, months: int) -> None:
    # A hundred accounts each month; of those, 1, 2, 3 or 5 leave and as many come in.
    rows = [charge(f"o{n}", "2024-01-01", None, 100) for n in range(100 - leavers)]
    for number in range(18):
        start = pd.Timestamp("2024-01-01") + pd.DateOffset(months=number)
        end = (start + pd.DateOffset(months=1)).date()
        rows += [charge(f"m{number}-{n}", start.date(), end, 100) for n in range(leavers)]
    fill(books, as_of="2025-06-30", charges=rows, spend=[spend("2025-04", 1200 * leavers)])
    decide(books, "gross_margin", "1")
    with books.under(books.conventions().with_settings(["grace_days=0", "bridge_days=0"])) as other:
        row = other.ask("acquisition", grain="month", lag_months=0).set_index("period").loc["2025-04"]
    assert row["payback_months"] == pytest.approx(12)
    assert row["monthly_churn"] == pytest.approx(leavers / 100)
    assert row["adjusted_payback_months"] == months


def test_without_a_margin_there_is_no_payback_and_no_value(books: Workspace) -> None:
    rows = [charge("old", "2024-01-01", None, 10), charge("a", "2025-04-01", None, 500)]
    fill(books, as_of="2025-06-30", charges=rows, spend=[spend("2025-04", 2400)])
    row = books.ask("acquisition", grain="month", lag_months=0).set_index("period").loc["2025-04"]
    assert row["cac"] == 2400
    assert row["margin_from"] == "missing"
    assert row[["payback_months", "ltv", "ltv_to_cac"]].isna().all()


def test_a_month_without_spend_is_not_a_month_at_no_cost(books: Workspace) -> None:
    rows = [charge("old", "2024-01-01", None, 10), *(charge(f"a{n}", f"2025-0{n}-01", None, 5) for n in (2, 3, 4, 5))]
    fill(books, as_of="2025-06-30", charges=rows, spend=[spend("2025-02", 100), spend("2025-04", 300)])
    found = books.ask("acquisition", grain="month", lag_months=0).set_index("period")["cac"]
    assert found.loc["2025-02":"2025-05"].fillna(-1).tolist() == [100, -1, 300, -1]
    quarters = books.ask("acquisition", grain="quarter", lag_months=0).set_index("period")["spend"]
    assert quarters.isna().all()


@pytest.mark.parametrize("lag", [0, 2])
def test_a_span_is_known_when_each_of_its_months_has_spend(books: Workspace, lag: int) -> None:
    rows = [charge("old", "2023-01-01", None, 10), *(charge(f"a{n}", f"2024-{n:02}-01", None, 5) for n in range(1, 13))]
    gone = "2024-05"
    months = [f"{day:%Y-%m}" for day in pd.date_range("2022-11-01", "2025-03-01", freq="MS")]
    fill(books, as_of="2025-03-31", charges=rows, spend=[spend(each, 100) for each in months if each != gone])
    for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
        found = books.ask("acquisition", grain=grain, lag_months=lag)
        looked_at = [
            [f"{last - pd.DateOffset(months=lag + back):%Y-%m}" for back in range(length)]
            for last in found["last_month"]
        ]
        expected = [np.nan if gone in each else 100 * length for each in looked_at]
        np.testing.assert_allclose(found["spend"], expected)


def test_where_nobody_was_there_no_share_of_them_left(books: Workspace) -> None:
    own = {"accounts": [{"account_id": "a", "segment": "SMB"}, {"account_id": "b", "segment": "Mid"}]}
    rows = [charge("a", "2024-01-01", None, 10), charge("b", "2025-06-01", None, 500)]
    lines = [spend("2025-06", 700), spend("2025-06", 5, segment="SMB")]
    fill(books, as_of="2025-06-30", charges=rows, spend=lines, **own)
    decide(books, "gross_margin", "0.8")
    found = books.ask("acquisition", grain="month", by="segment", lag_months=0).set_index(["period", "slice"])
    assert found.loc[("2025-06", "SMB"), "monthly_churn"] == 0
    assert np.isnan(found.loc[("2025-06", "Mid"), "monthly_churn"])
    assert np.isnan(found.loc[("2025-06", "Mid"), "ltv"])
    assert found.loc[("2025-06", "Mid"), "payback_months"] == pytest.approx(700 / 400)


def test_what_is_decided_counts_at_once_and_until_it_is_taken_back(books: Workspace) -> None:
    own = {"accounts": [{"account_id": "a", "channel": " Events"}, {"account_id": "b", "channel": "Partner"}]}
    rows = [charge("old", "2025-01-01", None, 10), *(charge(name, "2025-04-01", None, 500) for name in "ab")]
    lines = [spend("2025-04", 300, channel="events"), spend("2025-04", 90, channel="Partner", kind="agency")]
    fill(books, as_of="2025-06-30", charges=rows, spend=lines, **own)

    def paid() -> list[float]:
        row = books.ask("acquisition", grain="month", lag_months=0, basis="paid").set_index("period").loc["2025-04"]
        return [row["spend"], row["new_accounts"], row["gross_margin"]]

    assert paid() == pytest.approx([300, 1, np.nan], nan_ok=True)
    decide(books, "paid_channels", '["EVENTS ", "partner", "Fair \\"A\\"", "Br\\u00fccke"]')
    decide(books, "gross_margin", "0.7")
    assert paid() == pytest.approx([300, 2, 0.7])
    assert set(books.ask("cohort_payback", grain="quarter", basis="paid")["accounts"]) == {2}
    decide(books, "paid_channels", "[]")
    assert paid() == pytest.approx([0, 0, np.nan], nan_ok=True)
    decide(books, "paid_channels", None)
    decide(books, "gross_margin", None)
    assert paid() == pytest.approx([300, 1, np.nan], nan_ok=True)


def test_without_deals_the_lag_is_a_quarter(books: Workspace) -> None:
    rows = [charge("old", "2024-01-01", None, 10), charge("a", "2025-04-01", None, 500)]
    fill(books, as_of="2025-06-30", charges=rows, spend=[spend("2025-01", 700)])
    row = books.ask("acquisition", grain="month").set_index("period").loc["2025-04"]
    assert (row["lag_months"], row["lag_from"], row["cac"]) == (3, "one quarter", 700)
    fill(books, deals=[deal(1, "2025-01-01", "2025-02-02"), deal(2, "2025-01-01", "2025-01-30")])
    row = books.ask("acquisition", grain="month").set_index("period").loc["2025-04"]
    assert (row["lag_months"], row["lag_from"]) == (1, "deals")


def test_who_was_there_in_the_first_month_was_not_won_then(books: Workspace) -> None:
    rows = [charge("old", "2025-01-01", None, 10), charge("a", "2025-02-01", None, 5)]
    fill(books, as_of="2025-03-31", charges=rows, spend=[spend("2025-01", 700), spend("2025-02", 70)])
    found = books.ask("acquisition", grain="month", lag_months=0)
    assert found["new_accounts"].tolist() == [0, 1, 0]


def test_two_currencies_are_converted(books: Workspace) -> None:
    rows = [charge("old", "2025-01-01", None, 10), charge("a", "2025-02-01", None, 5)]
    books_of = [spend("2025-02", 100, currency="EUR"), spend("2025-02", 10)]
    rates = [{"currency": "EUR", "month": None, "rate": 1.2}]
    fill(books, as_of="2025-03-31", charges=rows, spend=books_of, fx_rates=rates)
    found = books.ask("acquisition", grain="month", lag_months=0).set_index("period")
    assert found.loc["2025-02", "cac"] == pytest.approx(130)


def test_typed_spend_counts_until_it_is_taken_back(books: Workspace) -> None:
    fill(books, as_of="2025-06-30", charges=[charge("o", "2025-01-01", None, 10), charge("a", "2025-04-01", None, 500)])
    before, months = books.revision, [date(2025, 4, 1), date(2025, 5, 1)]
    type_spend(books, months, channel="Ads", kind="program", amount=Decimal("400.50"))
    type_spend(books, months[:1], channel=None, kind="salaries", amount=Decimal(1000))
    assert books.revision == before + 2
    cac = {}
    for basis in ("blended", "fully_loaded", "paid"):
        found = books.ask("acquisition", grain="month", lag_months=0, basis=basis).set_index("period")
        cac[basis] = found.loc["2025-04", "cac"]
    assert cac == {"blended": 400.5, "fully_loaded": 1400.5, "paid": pytest.approx(np.nan, nan_ok=True)}
    assert books.ask("spend_lines", lag_months=0, grain="month")["file_name"].tolist() == ["typed by hand"] * 2
    type_spend(books, months[:1], channel="Ads", kind="program", amount=Decimal(300))
    assert sorted(typed_spend(books)["amount"]) == [300, 400.5, 1000]
    type_spend(books, months, channel="Ads", kind="program", amount=None)
    assert typed_spend(books)["kind"].tolist() == ["salaries"]


@pytest.mark.parametrize(
    ("months", "kind", "amount", "reason"),
    [([], "program", 5, "no month"), ([1], "gifts", 5, "gifts"), ([1], "program", -5, "negative")],
)
def test_typed_spend_that_is_none_is_refused(
    books: Workspace, months: list[int], kind: str, amount: int, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        type_spend(books, [date(2025, n, 1) for n in months], channel=None, kind=kind, amount=Decimal(amount))
    assert typed_spend(books).empty


def test_typed_spend_survives_an_import(books: Workspace) -> None:
    fill(books, as_of="2025-06-30", charges=[charge("o", "2025-01-01", None, 10)])
    type_spend(books, [date(2025, 4, 1)], channel="Ads", kind="program", amount=Decimal(7))
    fill(books, charges=[charge("a", "2025-04-01", None, 500)], spend=[spend("2025-04", 5)])
    found = books.ask("acquisition", grain="month", lag_months=0).set_index("period")
    assert found.loc["2025-04", "cac"] == 12


def test_cac_by_lag_is_cac_at_each_lag(acme: Workspace) -> None:
    found = acme.ask("acquisition_by_lag", Scope.parse(["to=2023-12"]), basis="fully_loaded")
    assert found["lag_months"].tolist() == list(range(25))
    assert found.loc[found["is_sales_cycle"].astype(bool), "lag_months"].tolist() == [3]
    for lag in (0, 3):
        row = acme.ask("acquisition", Scope.parse(["to=2023-12"]), basis="fully_loaded", grain="year", lag_months=lag)
        assert found.loc[lag, "cac"] == pytest.approx(row.loc[0, "cac"], nan_ok=True)
    # Nine were won in 2023; that year's spend was 6,000 + 200 + 110 + 600 + 24,000.
    assert found.loc[0, "cac"] == pytest.approx(30_910 / 9)


def test_a_sale_of_thirty_months_has_its_lag(books: Workspace) -> None:
    deals = [deal(1, "2022-12-01", "2025-06-01"), deal(2, "2023-01-01", "2025-06-15")]
    fill(books, as_of="2025-06-30", charges=[charge("o", "2025-06-01", None, 10)], deals=deals)
    found = books.ask("acquisition_by_lag")
    assert found["lag_months"].max() == 30
    assert found.loc[found["is_sales_cycle"], "lag_months"].tolist() == [30]
    assert set(books.ask("acquisition")["lag_months"]) <= {30}
    usual = books.ask("usual_lag")
    assert usual[["lag_months", "lag_from", "deal_count"]].to_numpy().tolist() == [[30, "deals", 2]]
    assert usual["cycle_days"].iloc[0] == found["cycle_days"].iloc[0]


def test_cac_by_lag_of_a_young_company_has_its_lags(books: Workspace) -> None:
    fill(books, as_of="2025-06-30", charges=[charge("o", "2025-04-01", None, 10)], spend=[spend("2025-04", 5)])
    found = books.ask("acquisition_by_lag")
    assert found["cac"].isna().all()
    assert found.loc[found["is_sales_cycle"].astype(bool), "lag_months"].tolist() == [3]
    assert set(found["spend_lines"]) == {1}
    assert books.ask("usual_lag")[["lag_months", "lag_from"]].to_numpy().tolist() == [[3, "one quarter"]]


def test_cohort_payback_on_paper(acme: Workspace) -> None:
    found = acme.ask("cohort_payback", grain="quarter").set_index(["cohort", "age"])
    # Third quarter of 2023: Katsura 200 for twelve months, Hazel 50 for six, then 60; both SMB; CAC 750.
    margin = 1 - 1680 / 8500
    paid = [(200 * min(age, 12) + 50 * min(age, 6) + 60 * max(0, age - 6)) for age in range(21)]
    for age in (0, 1, 7, 8, 12, 13, 20):
        row = found.loc[("2023-Q3", age)]
        assert row["cumulative_margin"] == pytest.approx(margin * paid[age] / 2)
        assert row["is_paid_back"] == (margin * paid[age] / 2 >= 750)
        assert (row["cac"], row["accounts"]) == (750, 2)
    assert found.loc[("2023-Q3", 1), "payback_age"] == 8
    assert ("2023-Q3", 21) not in found.index  # Hazel was won in August 2023, and has paid for twenty months
    assert np.isnan(found.loc[("2023-Q1", 5), "cac"])


def test_g18_magic_number_and_g19_burn_multiple(books: Workspace) -> None:
    # Revenue of a quarter is three months of MRR: 40,000 more a month make 120,000 a quarter.
    rows = [charge("old", "2024-10-01", None, 100_000), charge("a", "2025-04-01", None, 40_000)]
    months = [spend(f"2025-0{n}", 150_000, kind="salaries") for n in (1, 2, 3)]
    fill(books, as_of="2025-06-30", charges=rows, spend=months)
    decide(books, "net_burn", '[{"quarter": "2025-Q2", "amount": 720000}]')
    row = books.ask("efficiency").set_index("period").loc["2025-Q2"]
    assert row["revenue"] - row["revenue_before"] == 120_000
    assert row["magic_number"] == pytest.approx(4 * 120_000 / 450_000)  # as 480k / 1.8M x 4
    assert round(row["magic_number"], 2) == 1.07
    assert row["net_new_arr"] == 480_000
    assert row["burn_multiple"] == pytest.approx(1.5)
    assert np.isnan(row["rule_of_40"])
    assert np.isnan(books.ask("efficiency").set_index("period").loc["2025-Q1", "burn_multiple"])
