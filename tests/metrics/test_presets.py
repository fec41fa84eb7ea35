"""Each preset on companies whose numbers are known: Acme on paper, and two published examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from decade.comparing import Count, counter, steps_to
from decade.conventions import PRESETS
from decade.ingest import carry_out, plan
from decade.models.compared import KEYS, KINDS, MEASURES, accounts_behind, by_cause, measured, nearest
from decade.scope import Scope
from decade.warehouse import Workspace
from support.histories import History, Reference
from support.workspaces import charge, empty, fill

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "presets.csv"
TINY = 1e-4


@pytest.fixture(scope="module")
def count(acme: Workspace) -> Count:
    """Acme counted under conventions, each once for all tests."""
    return counter(acme, Scope())


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "decade"])
def test_what_a_preset_changes_in_acme_is_what_the_paper_says(acme: Workspace, count: Count, preset: str) -> None:
    expected = pd.read_csv(GOLDEN)
    expected = expected[expected["preset"] == preset].assign(
        amount=lambda rows: rows["preset_amount"] - rows["decade"], month=lambda rows: pd.to_datetime(rows["month"])
    )
    found = count(acme.conventions().preset(preset)).shift
    rows = {tuple(row[:3]): round(row[3], 2) for row in found[[*KEYS, "amount"]].itertuples(index=False)}
    assert rows == {tuple(row[:3]): row[3] for row in expected[[*KEYS, "amount"]].itertuples(index=False)}


@pytest.mark.parametrize("preset", PRESETS)
def test_the_published_periods_counted_day_by_day(books: Workspace, shared_data: Path, preset: str) -> None:
    path = shared_data / "mrr_playbook" / "subscription_periods.csv"
    if not path.exists():
        pytest.skip("no subscription_periods.csv here")
    rows = [
        charge(row.customer_id, row.start_date, row.end_date, row.monthly_amount, subscription_id=row.subscription_id)
        for row in pd.read_csv(path, dtype=str).itertuples()
    ]
    fill(books, as_of="2020-03-31", charges=rows)
    rules = books.conventions().preset(preset)
    history = History(tuple(rows), (), date(2020, 3, 31))  # type: ignore[arg-type]
    reference = Reference(history, rules)
    with books.under(rules, is_revenue_only=True) as other:
        bridge, rates = other.ask("mrr_bridge"), other.ask("revenue_retention").dropna(subset=["nrr"])
    for row in bridge.to_dict("records"):
        month = row["month"].date()
        assert row["closing"] == float(reference.closing(month))
        assert {kind: row[kind] for kind in KINDS} == {kind: float(reference.total(kind, month)) for kind in KINDS}
    assert preset != "decade" or bridge[["new", "reactivation"]].sum().tolist() == [2295, 150]
    assert bridge["closing"].iloc[-1] == 0
    for row in rates.itertuples():
        base, kept, capped, _, _ = reference.trailing(row.month.date())
        assert (row.nrr, row.grr) == pytest.approx((float(kept / base), float(capped / base)))


def test_g13_the_end_of_january_by_period_and_by_cancellation(books: Workspace, shared_data: Path) -> None:
    files = sorted((shared_data / "chartmogul_sample").glob("*.csv"))
    if not files:
        pytest.skip("no sample export here")
    carry_out(plan(files, books), books, as_of=date(2026, 1, 31))
    expected = {
        "chartmogul": 125.75, "stripe": 125.75, "maxio": 125.75, "profitwell": 129.25, "recurly": 129.25,
    }  # fmt: skip
    found, december = {}, set()
    for preset in expected:
        with books.under(replace(books.conventions().preset(preset), grace_days=0)) as other:
            bridge = other.ask("mrr_bridge").set_index("month")
            found[preset] = bridge["closing"].iloc[-1]
            june = bridge.loc["2025-06-01"]
            assert (june["closing"], june["closing_accounts"]) == (36.75, 7)
            december.add((bridge.loc["2025-12-01", "closing"], bridge.loc["2025-12-01", "closing_accounts"]))
    assert found == expected
    assert (115.25, 15) in december


def test_the_causes_sum_to_the_difference_and_the_accounts_to_the_cause(acme: Workspace, count: Count) -> None:
    own, months = acme.conventions(), 12
    for preset in PRESETS:
        if preset == "decade":
            continue
        steps = steps_to(own, own.preset(preset), count)
        for month in (date(2023, 6, 1), date(2024, 3, 1), date(2024, 7, 1), date(2025, 3, 1)):
            there = measured(count(own.preset(preset)), month, months)
            for measure in MEASURES:
                frame = by_cause(steps, measure, month, months)
                if frame["before"].isna().any():
                    continue
                assert frame["effect"].sum() == pytest.approx(there[measure] - frame["before"].iloc[0], abs=TINY)
                if measure not in ("mrr", *KINDS):
                    continue
                for place, effect in enumerate(frame["effect"]):
                    behind = accounts_behind(steps[place][1], steps[place + 1][1], measure, month, months)
                    assert behind["effect"].sum() == pytest.approx(effect, abs=TINY)


def test_a_number_from_elsewhere_finds_its_convention(acme: Workspace, count: Count) -> None:
    own, month = acme.conventions(), date(2024, 3, 1)
    counts = {"own": count(own), **{name: count(own.preset(name)) for name in ("stripe", "profitwell")}}
    found = nearest(2380.0, "mrr", counts, month, 12)  # without Katsura's 200; Ginkgo's euros at 1.05 are 5 less
    assert found["convention"].tolist()[0] == "stripe"
    assert found["rest"].iloc[0] == pytest.approx(5, abs=TINY)


def test_a_comparison_changes_nothing(acme: Workspace) -> None:
    before = acme.revision, acme.conventions(), acme.ask("mrr_bridge")
    count = counter(acme, Scope())
    for preset in PRESETS:
        count(acme.conventions().preset(preset))
    assert (acme.revision, acme.conventions()) == before[:2]
    assert acme.ask("mrr_bridge").equals(before[2])


def test_who_has_paid_stays_active_at_zero(books: Workspace) -> None:
    rows = [
        charge("falls", "2024-01-01", "2024-04-01", 100, subscription_id="f"),
        charge("falls", "2024-04-01", "2024-08-01", 0, subscription_id="g", plan="Free"),
        charge("free", "2024-01-01", None, 0, plan="Free"),
        charge("stays", "2024-01-01", None, 10),
    ]
    fill(empty(books), as_of="2025-04-30", charges=rows)
    with books.under(replace(books.conventions(), zero_is_active=True)) as other:
        moves = other.ask("movements")
        falls = moves[moves["account_id"] == "falls"]
        assert sorted((f"{m.month:%m}", m.kind, m.amount) for m in falls.itertuples()) == [
            ("01", "new", 100), ("04", "contraction", -100), ("08", "churn", 0),
        ]  # fmt: skip
        assert "free" not in set(moves["account_id"])
        bridge = other.ask("mrr_bridge").set_index("month")
        assert bridge.loc["2024-07-01", ["closing", "closing_accounts"]].tolist() == [10, 2]
        april = other.ask("revenue_retention").set_index("month").loc["2025-04-01"]
        assert (april["base_accounts"], april["logo_retention"], april["nrr"]) == (2, 0.5, 1.0)
    assert books.ask("mrr_bridge").set_index("month").loc["2024-04-01", "churned_accounts"] == 1


def test_rates_of_their_month_are_a_movement_of_their_own(books: Workspace) -> None:
    rows = [
        charge("stays", "2024-01-01", None, 100, currency="EUR"),
        charge("grows", "2024-01-01", "2024-03-01", 100, currency="EUR"),
        charge("grows", "2024-03-01", None, 150, currency="EUR"),
        charge("leaves", "2024-01-01", "2024-03-01", 50, currency="EUR"),
        charge("comes", "2024-03-05", None, 20, currency="EUR"),
        charge("home", "2024-01-01", None, 1000),
    ]
    rates = [{"currency": "EUR", "month": date(2024, month, 1), "rate": rate} for month, rate in ((1, 1.0), (3, 1.2))]
    empty(books).set_setting("reporting_currency", "USD")
    fill(books, as_of="2024-04-30", charges=rows, fx_rates=rates)
    with books.under(replace(books.conventions(), fx="monthly")) as other:
        march = other.ask("mrr_bridge").set_index("month").loc["2024-03-01"]
        assert march[["opening", *KINDS, "closing"]].tolist() == pytest.approx([1250, 24, 0, 60, 0, -50, 40, 1324])
        assert other.ask("movements", kind="fx")["account_id"].tolist() == ["grows", "stays"]
        monthly = other.ask("revenue_retention", form="monthly").set_index("month").loc["2024-03-01"]
        assert monthly["nrr"] == pytest.approx((1250 + 60 - 50) / 1250)
        assert other.ask("mrr_bridge")["fx"].sum() == pytest.approx(40)
    assert books.ask("mrr_bridge")["fx"].tolist() == [0, 0, 0, 0]
