"""What moved a number adds up to its change, whatever the history; and on paper names the right accounts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from decade.charts.formats import percent
from decade.models.moved import cells, sentence
from decade.warehouse import Workspace
from support.histories import History, histories
from support.workspaces import charge, empty, fill

RATES = ("nrr", "grr", "logo_retention")
SHARED = settings(
    suppress_health_check=list(HealthCheck), deadline=None, max_examples=15, phases=[Phase.explicit, Phase.generate]
)


@SHARED
@given(history=histories(), months=st.sampled_from([1, 3, 12]), by=st.sampled_from(["none", "segment", "plan"]))
def test_parts_add_up_to_the_change(one_workspace: Workspace, history: History, months: int, by: str) -> None:
    fill(empty(one_workspace), as_of=history.as_of, charges=history.charges, accounts=history.accounts)
    bridge = one_workspace.ask("mrr_bridge")
    full = bridge[bridge["is_full"].fillna(False)]
    parts = one_workspace.ask("mrr_change", months=months, by=by).drop_duplicates(["slice", "kind"])
    if len(full):
        before = full["closing"].iloc[-1 - months] if len(full) > months else 0
        assert parts["cell_amount"].sum() == pytest.approx(full["closing"].iloc[-1] - before, abs=1e-4)
    rates = one_workspace.ask("revenue_retention")
    moved = one_workspace.ask("retention_change", months=months, by=by).drop_duplicates(["slice", "status"])
    for rate in RATES:
        if len(rates) > months and rates[rate].iloc[[-1, -1 - months]].notna().all():
            change = rates[rate].iloc[-1] - rates[rate].iloc[-1 - months]
            assert moved[f"cell_{rate}"].sum() == pytest.approx(change, abs=1e-9)


def test_on_paper(books: Workspace) -> None:
    """In January 2026 two of four accounts were as a year before; one grew by 30 of 100, one left with 20."""
    rows = [
        charge("grows", "2024-12-01", "2025-12-15", 40),
        charge("grows", "2025-12-15", None, 70),
        charge("leaves", "2024-12-01", "2026-01-10", 20, cancelled_on="2026-01-10"),
        charge("stays", "2024-12-01", None, 40),
    ]
    segments = [{"account_id": name, "segment": "SMB" if name == "leaves" else "Large"} for name in ("leaves", "grows")]
    fill(books, as_of="2026-01-31", charges=rows, accounts=[*segments, {"account_id": "stays", "segment": "Large"}])
    found = books.ask("retention_change", months=1, by="segment")
    told = {(m.slice, m.status, m.account_id): (round(m.nrr, 6), round(m.grr, 6)) for m in found.itertuples()}
    assert told == {("SMB", "left", "leaves"): (-0.2, -0.2)}  # what grew in December grew in both windows
    made_by = cells(found, "nrr", "status")
    said = sentence("NRR", 1.1, 1.3, made_by, written=percent, changed=lambda v: f"{100 * v:.1f} points")
    assert said == "NRR fell 20.0 points to 110.0 %: more churn in SMB (-20.0 points), leaves."
    moved = books.ask("mrr_change", months=2, by="segment")
    assert {(m.slice, m.kind): m.cell_amount for m in moved.itertuples()} == {
        ("Large", "expansion"): 30,
        ("SMB", "churn"): -20,
    }


def test_small_in_big_ends_where_penetration_stands(books: Workspace) -> None:
    accounts = [
        {"account_id": "proud", "employees": 5000, "potential_acv": 100_000},
        {"account_id": "grown", "employees": 5000, "potential_acv": 10_000},
        {"account_id": "small", "employees": 10},
    ]
    rows = [
        charge("proud", "2025-01-01", None, 100),
        charge("grown", "2025-01-01", "2025-03-01", 50),
        charge("grown", "2025-03-01", None, 500),
        charge("small", "2025-01-01", None, 50),
    ]
    fill(books, as_of="2025-04-30", charges=rows, accounts=accounts)
    course = books.ask("small_in_big")
    assert course["arr"].tolist() == [1800, 1800, 1200, 1200]
    assert course["accounts"].tolist() == [2, 2, 1, 1]
    today = books.ask("penetration")
    assert today.loc[today["is_small_in_big"].fillna(False), "acv"].sum() == 1200
