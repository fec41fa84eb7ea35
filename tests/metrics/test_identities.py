"""What must hold whatever the history: METRICS' identities, and equality with the slow way of computing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from decade.conventions import PRESETS
from decade.scope import Scope
from decade.warehouse import Asker, Workspace
from support.histories import ATTRIBUTES, History, Reference, histories
from support.workspaces import charge, empty, fill, stage

KINDS = ["new", "reactivation", "expansion", "contraction", "churn", "fx"]
MONEY = ["opening", *KINDS, "closing"]
TINY = 1e-5
# A failing history is shown as it was found: with a database behind each try, making it smaller takes minutes.
SHARED = settings(
    suppress_health_check=list(HealthCheck), deadline=None, max_examples=20, phases=[Phase.explicit, Phase.generate]
)
FEWER = settings(SHARED, max_examples=10)


def load(workspace: Workspace, history: History) -> None:
    empty(workspace).set_setting("reporting_currency", "USD")
    tables = {"charges": history.charges, "accounts": history.accounts}
    fill(workspace, as_of=history.as_of, **tables | ({"fx_rates": history.rates} if history.rates else {}))


def day(stamp: pd.Timestamp) -> date:
    return stamp.date()


def missing_as_none(value: float) -> float | None:
    return None if pd.isna(value) else pytest.approx(float(value), abs=TINY)


@SHARED
@given(history=histories())
def test_every_number_equals_the_slow_way(one_workspace: Workspace, history: History) -> None:
    load(one_workspace, history)
    reference = Reference(history)
    everything_equals(one_workspace, reference)
    cohorts_equal(one_workspace, reference)
    cohorts_by_attribute_equal(one_workspace, reference)


def the_bridge_adds_up(bridge: pd.DataFrame) -> None:
    assert (bridge[["opening", *KINDS]].sum(axis=1) - bridge["closing"]).abs().max() < TINY
    assert (bridge["opening"].iloc[1:].to_numpy() - bridge["closing"].iloc[:-1].to_numpy()).sum() == 0
    joined = bridge["opening_accounts"] + bridge["new_accounts"] + bridge["reactivated_accounts"]
    assert (joined - bridge["churned_accounts"]).equals(bridge["closing_accounts"])


def the_bridge_equals(bridge: pd.DataFrame, reference: Reference) -> None:
    assert [day(month) for month in bridge["month"]] == reference.months or not reference.runs
    for row in bridge.itertuples() if reference.runs else ():
        month = day(row.month)
        assert row.closing == pytest.approx(float(reference.closing(month)), abs=TINY)
        assert row.closing_accounts == sum((name, month) in reference.active for name in reference.accounts)
        assert row.is_full == (month in reference.full)
        found = {kind: getattr(row, kind) for kind in KINDS}
        assert found == pytest.approx({kind: float(reference.total(kind, month)) for kind in KINDS}, abs=TINY)
    if reference.runs:
        assert bridge["renewal_pending"].iloc[-1] == pytest.approx(float(reference.pending()), abs=TINY)


def movements_equal(movements: pd.DataFrame, reference: Reference) -> None:
    found = [
        (m.account_id, day(m.month), m.kind, round(m.opening, 4), round(m.amount, 4), bool(m.is_same_month))
        for m in movements.itertuples()
    ]
    expected = [
        (m.account_id, m.month, m.kind, round(float(m.opening), 4), round(float(m.amount), 4), m.is_same_month)
        for m in reference.movements
    ]
    assert sorted(found) == sorted(expected)


def retention_equals(workspace: Workspace | Asker, reference: Reference) -> None:
    trailing = workspace.ask("revenue_retention", form="ttm")
    for row in trailing.itertuples():
        base, kept, capped, accounts, alive = reference.trailing(day(row.month))
        rates = (kept / base, capped / base) if base else (None, None)
        expected = (*rates, alive / accounts if accounts else None)
        assert tuple(map(missing_as_none, (row.nrr, row.grr, row.logo_retention))) == tuple(
            None if rate is None else float(rate) for rate in expected
        )
    for form, slow in {"monthly": reference.monthly, "compounded": reference.compounded}.items():
        for row in workspace.ask("revenue_retention", form=form).itertuples():
            found = tuple(map(missing_as_none, (row.nrr, row.grr, row.logo_retention)))
            assert found == slow(day(row.month))
    rates = trailing.dropna(subset=["nrr"])
    assert (rates["grr"] <= rates["nrr"].clip(upper=1) + TINY).all()


def cohorts_equal(workspace: Workspace, reference: Reference) -> None:
    for kind, grain in (("logo", "month"), ("gross", "quarter"), ("net", "year"), ("net", "month")):
        expected = reference.cohorts(kind, grain)
        cells = {
            (cell.cohort, cell.age): cell
            for cell in workspace.ask("cohort_retention", kind=kind, grain=grain).itertuples()
        }
        assert cells.keys() == expected.keys()
        for key, (n, numerator, denominator, is_mature) in expected.items():
            cell = cells[key]
            assert (cell.n, cell.is_mature) == (n, is_mature)
            if is_mature:
                assert cell.numerator == pytest.approx(float(numerator), abs=TINY)
                assert cell.denominator == pytest.approx(float(denominator), abs=TINY)
                assert kind == "net" or cell.rate <= 1 + TINY
                assert kind != "logo" or 0 <= cell.low <= cell.rate + TINY <= cell.high + 2 * TINY <= 1 + 2 * TINY


def cohorts_by_attribute_equal(workspace: Workspace, reference: Reference) -> None:
    for kind in ("logo", "gross", "net"):
        expected = reference.by_attribute(kind, "segment", 3)
        cells = workspace.ask("cohort_retention", kind=kind, grain="quarter", by="segment")
        found = {(cell.cohort, cell.age): (cell.n, cell.numerator, cell.denominator) for cell in cells.itertuples()}
        assert found.keys() == expected.keys()
        for key, numbers in expected.items():
            assert found[key] == pytest.approx(tuple(map(float, numbers)), abs=TINY)


@FEWER
@given(history=histories(), attribute=st.sampled_from(sorted(ATTRIBUTES)))
def test_slices_make_the_whole(one_workspace: Workspace, history: History, attribute: str) -> None:
    load(one_workspace, history)
    whole = one_workspace.ask("mrr_bridge")
    total = whole[MONEY] * 0
    for value in {row[attribute] or "(not known)" for row in history.accounts}:
        names = [row["account_id"] for row in history.accounts if (row[attribute] or "(not known)") == value]
        part = one_workspace.ask("mrr_bridge", Scope.parse([f"{attribute}={value}"]))
        the_bridge_adds_up(part)
        slow = Reference(history.of(names))
        assert part["closing"].iloc[-1] == pytest.approx(
            float(sum(slow.at(name, day(part["month"].iloc[-1])) for name in names)), abs=TINY
        )
        total += part[MONEY]
    assert (total - whole[MONEY]).abs().max(axis=None) < TINY
    for form in ("ttm", "monthly"):
        base = one_workspace.ask("revenue_retention", form=form).set_index("month")["base_mrr"].fillna(0)
        slices = one_workspace.ask("revenue_retention", form=form, by=attribute)
        assert ((slices.groupby("month")["base_mrr"].sum() - base).abs() < TINY).all()


CONVENTIONS = st.fixed_dictionaries(
    {
        "bridge_days": st.sampled_from([0, 3, 10, 40]),
        "grace_days": st.sampled_from([0, 10, 31, 90]),
        "churn_recognised": st.sampled_from(["period_end", "cancellation_date"]),
        "reactivation_window_days": st.sampled_from([None, 5, 30, 90]),
        "reactivation_after_months": st.sampled_from([0, 0, 1, 2]),
        "past_due_counts": st.booleans(),
        "zero_is_active": st.booleans(),
        "discounts": st.sampled_from(["always", "forever_only", "never"]),
        "fx": st.sampled_from(["one_rate", "monthly"]),
        "same_month_new_and_churn": st.sampled_from(["both", "ignore"]),
    }
)
IN_TWO_CURRENCIES = histories(currencies=("USD", "USD", "EUR"))


@SHARED
@given(history=IN_TWO_CURRENCIES, switches=CONVENTIONS)
def test_conventions_mean_what_they_say(one_workspace: Workspace, history: History, switches: dict) -> None:
    load(one_workspace, history)
    conventions = replace(one_workspace.conventions(), **switches)
    with one_workspace.under(conventions) as other:
        everything_equals(other, Reference(history, conventions))


@FEWER
@given(history=IN_TWO_CURRENCIES, preset=st.sampled_from(list(PRESETS)), attribute=st.sampled_from(sorted(ATTRIBUTES)))
def test_every_preset_keeps_the_identities_in_every_slice(
    one_workspace: Workspace, history: History, preset: str, attribute: str
) -> None:
    load(one_workspace, history)
    conventions = one_workspace.conventions().preset(preset)
    with one_workspace.under(conventions) as other:
        everything_equals(other, Reference(history, conventions))
        whole, total = other.ask("mrr_bridge"), 0
        for value in {row[attribute] or "(not known)" for row in history.accounts}:
            part = other.ask("mrr_bridge", Scope.parse([f"{attribute}={value}"]))
            the_bridge_adds_up(part)
            total = part[MONEY] + total
        assert (total - whole[MONEY]).abs().max(axis=None) < TINY
        monthly, compounded = (
            other.ask("revenue_retention", form=form, by=attribute).set_index(["slice", "month"])
            for form in ("monthly", "compounded")
        )
        for (name, month), year in compounded.dropna(subset=["nrr"]).iterrows():
            months = [(name, month - pd.DateOffset(months=back)) for back in range(12)]
            assert year["nrr"] == pytest.approx(monthly.loc[months, "nrr"].prod(), abs=TINY)
            assert year["grr"] <= min(1, year["nrr"]) + TINY


def everything_equals(asked: Workspace | Asker, reference: Reference) -> None:
    bridge = asked.ask("mrr_bridge")
    the_bridge_adds_up(bridge)
    the_bridge_equals(bridge, reference)
    movements = asked.ask("movements")
    movements_equal(movements, reference)
    assert (movements["opening"] + movements["amount"] - movements["closing"]).abs().max() < TINY or movements.empty
    retention_equals(asked, reference)


@FEWER
@given(history=IN_TWO_CURRENCIES)
def test_retention_is_what_the_movements_made_of_it(one_workspace: Workspace, history: History) -> None:
    load(one_workspace, history)
    for fx in ("one_rate", "monthly"):
        with one_workspace.under(replace(one_workspace.conventions(), fx=fx), is_revenue_only=True) as other:
            moves, rates = other.ask("movements"), other.ask("revenue_retention").dropna(subset=["nrr"])
            for row in rates.itertuples():
                then = row.month - pd.DateOffset(months=12)
                at = moves[moves["month"] <= then].groupby("account_id")["amount"].sum().round(5)
                year = moves[(moves["month"] > then) & (moves["month"] <= row.month)]
                moved = year[year["account_id"].isin(at[at > 0].index)]["amount"].sum()
                assert row.kept_mrr - row.base_mrr == pytest.approx(moved, abs=10 * TINY)


@settings(SHARED, max_examples=6)
@given(history=histories(), cut=st.floats(0, 1))
def test_loading_twice_or_in_another_order_changes_nothing(
    one_workspace: Workspace, history: History, cut: float
) -> None:
    load(one_workspace, history)
    questions = {"mrr_bridge": {}, "movements": {}, "cohort_retention": {"kind": "net"}, "account_list": {}}
    once = {name: one_workspace.ask(name, **given_) for name, given_ in questions.items()}
    revision = one_workspace.revision
    for account in fill(one_workspace, charges=history.charges, accounts=history.accounts):
        assert account.rows_taken == account.rows_changed == 0
        assert account.rows_duplicate == account.staged.rows_read
        assert all(line.taken == 0 and line.duplicate == line.read for line in account.money)
    assert one_workspace.revision == revision
    assert all(one_workspace.ask(name, **given_).equals(once[name]) for name, given_ in questions.items())
    # The same in two overlapping files with ids of their own, the later half first.
    rows = [{**row, "natural_key": f"c{number}"} for number, row in enumerate(history.charges)]
    middle = int(cut * len(rows))
    empty(one_workspace)
    files = [
        stage(one_workspace, "charges", rows[max(0, middle - 2) :], file_name="late.csv"),
        stage(one_workspace, "accounts", history.accounts),
        stage(one_workspace, "charges", rows[: middle + 2], file_name="early.csv", left_out=1),
    ]
    accounts = one_workspace.load(files, as_of=history.as_of)
    assert accounts[0].rows_taken + accounts[2].rows_taken == len(rows)
    for account in accounts:
        left_out = account.staged.rows_left_out
        assert account.rows_taken + account.rows_duplicate + left_out == account.staged.rows_read
        for line in account.money:
            assert line.read == line.taken + line.refused + line.duplicate + line.left_out
    held = sum(line.taken for account in accounts for line in account.money)
    assert held == sum(row["amount"] for row in rows)
    assert all(one_workspace.ask(name, **given_).equals(once[name]) for name, given_ in questions.items())


def test_a_changed_row_replaces_the_one_held(books: Workspace) -> None:
    old = charge("a", "2025-01-01", None, 100, natural_key="c1")
    fill(books, as_of="2025-03-31", charges=[old, charge("b", "2025-01-01", None, 50, natural_key="c2")])
    account = fill(books, charges=[{**old, "ends_on": date(2025, 2, 15)}])[0]
    assert (account.rows_taken, account.rows_changed, account.rows_duplicate) == (1, 1, 0)
    assert books.ask("mrr_bridge")["closing"].tolist() == [150, 50, 50]


def test_a_dry_run_changes_nothing(books: Workspace) -> None:
    account = books.load([stage(books, "charges", [charge("a", "2025-01-01", None, 100)])], dry_run=True)[0]
    assert (account.rows_taken, books.is_empty, books.revision) == (1, True, 0)


def rows_of_a_day(last_ends_on: str) -> list[dict]:
    day_by_day = {"interval_unit": "day"}
    return [
        charge("a", "2025-03-01", "2025-03-30", 1, **day_by_day),
        charge("a", "2025-03-30", last_ends_on, 1, **day_by_day),
    ]


def test_a_period_shorter_than_the_bridge_can_be_pending(books: Workspace) -> None:
    fill(books, as_of="2025-03-31", charges=rows_of_a_day("2025-03-31"))
    last = books.ask("mrr_bridge").iloc[-1]
    assert last["closing"] == last["renewal_pending"] == pytest.approx(365 / 12, abs=TINY)


def test_a_stay_of_two_charges_counts_its_highest_mrr(books: Workspace) -> None:
    rows = [
        charge("old", "2025-01-01", None, 10),
        charge("a", "2025-03-03", "2025-03-20", 100),
        charge("a", "2025-03-10", "2025-03-25", 50),
    ]
    fill(books, as_of="2025-04-30", charges=rows)
    march = books.ask("movements", month=date(2025, 3, 1))
    assert sorted(march["amount"]) == [-150, 150]
    assert march["is_same_month"].all()


def test_left_out_of_a_filter_on_months_is_still_in_the_opening(books: Workspace) -> None:
    fill(books, as_of="2025-04-30", charges=[charge("a", "2020-01-01", None, 10), charge("b", "2025-02-01", None, 5)])
    shown = books.ask("mrr_bridge", Scope.parse(["from=2025-02"]))
    assert shown["opening"].iloc[0] == 10
    assert shown["new"].tolist() == [5, 0, 0]


def test_a_partial_month_has_no_rate_and_ages_nobody(books: Workspace) -> None:
    fill(books, as_of="2025-04-29", charges=[charge("a", "2024-01-01", None, 10), charge("b", "2024-04-01", None, 5)])
    assert not books.ask("mrr_bridge").iloc[-1]["is_full"]
    for form in ("ttm", "monthly", "compounded"):
        assert books.ask("revenue_retention", form=form)["month"].max() == pd.Timestamp("2025-03-01")
    assert books.ask("cohort_retention", grain="month")["age"].max() == 11
