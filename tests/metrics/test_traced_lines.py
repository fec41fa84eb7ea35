"""Lines of files add up to the number they stand behind, whatever the history."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from decade.warehouse import Workspace
from support.histories import History, histories
from support.workspaces import charge, empty, fill

KINDS = ["new", "reactivation", "expansion", "contraction", "churn"]
SHARED = settings(
    suppress_health_check=list(HealthCheck), deadline=None, max_examples=15, phases=[Phase.explicit, Phase.generate]
)


@SHARED
@given(history=histories(), place=st.integers(0, 200), kind=st.sampled_from(KINDS))
def test_lines_sum_to_the_number(one_workspace: Workspace, history: History, place: int, kind: str) -> None:
    fill(empty(one_workspace), as_of=history.as_of, charges=history.charges, accounts=history.accounts)
    bridge = one_workspace.ask("mrr_bridge")
    row = bridge.iloc[place % len(bridge)]
    month = row["month"].date()
    lines = one_workspace.ask("traced_lines", until=month)
    assert lines["mrr_now"].sum() == pytest.approx(row["closing"], abs=1e-4)
    assert lines["mrr_then"].sum() == pytest.approx(row["opening"], abs=1e-4)
    changed = one_workspace.ask("traced_lines", until=month, part="changed")
    assert changed["change"].sum() == pytest.approx(row["closing"] - row["opening"], abs=1e-4)
    moves = one_workspace.ask("movements", month=month, kind=kind)
    moved = one_workspace.ask("traced_lines", until=month, kind=kind)
    within = moves.loc[~moves["is_same_month"].fillna(False), "amount"].sum()
    assert moved["change"].sum() == pytest.approx(within, abs=1e-4)
    year = bridge[bridge["month"] <= row["month"]].iloc[-12:]
    over = one_workspace.ask("traced_lines", since=year["month"].iloc[0].date(), until=month)
    assert over["mrr_then"].sum() == pytest.approx(year["opening"].iloc[0], abs=1e-4)
    assert over["mrr_now"].sum() == pytest.approx(row["closing"], abs=1e-4)


def test_a_line_is_named_by_its_file_and_place(books: Workspace) -> None:
    rows = [charge("a", "2025-01-01", "2025-03-01", 10), charge("a", "2025-03-01", None, 15)]
    fill(books, as_of="2025-03-31", charges=rows)
    lines = books.ask("traced_lines", kind="expansion")
    assert [tuple(each) for each in lines[["file_name", "source_row", "change"]].to_numpy()] == [
        ("charges.csv", 3, 15.0),
        ("charges.csv", 2, -10.0),
    ]
    assert books.ask("traced_lines", kind="churn").empty
    assert len(books.ask("traced_lines", account_id="nobody")) == 0


@SHARED
@given(history=histories(), rates=st.lists(st.sampled_from([0.8, 1.0, 1.25]), min_size=6, max_size=6))
def test_lines_sum_to_the_number_at_monthly_rates(
    one_workspace: Workspace, history: History, rates: list[float]
) -> None:
    months = pd.date_range(history.as_of.replace(day=1), periods=6, freq="-1MS").date
    charges = [
        {**row, "currency": "EUR" if number % 2 else row["currency"]} for number, row in enumerate(history.charges)
    ]
    dated = [
        {"currency": code, "month": month, "rate": rate}
        for code in ("EUR", "USD")
        for month, rate in zip(months, rates, strict=True)
    ]
    fill(empty(one_workspace), as_of=history.as_of, charges=charges, accounts=history.accounts, fx_rates=dated)
    with one_workspace.under(replace(one_workspace.conventions(), fx="monthly")) as asker:
        bridge = asker.ask("mrr_bridge")
        lines = asker.ask("traced_lines")
        assert lines["mrr_now"].sum() == pytest.approx(bridge["closing"].iloc[-1], abs=1e-3)
        assert lines["mrr_then"].sum() == pytest.approx(bridge["opening"].iloc[-1], abs=1e-3)
        parts = asker.ask("mrr_change", months=1, until=bridge["month"].iloc[-1].date())
        moved = parts.drop_duplicates(["slice", "kind"])["cell_amount"].sum()
        assert moved == pytest.approx(bridge["closing"].iloc[-1] - bridge["opening"].iloc[-1], abs=1e-3)
