"""`project` and `backtest` from the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from decade.models.backtest import back_test, coverage_of
from decade.models.cohorts import extended
from decade.models.finer import logo_groups, revenue_groups
from decade.models.projection import back_tested
from decade.warehouse import Workspace
from support.sample import sample_copy


def test_project_gives_every_cohort_to_ten_years(
    decade: Callable[..., object], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = sample_copy(tmp_path_factory, tmp_path / "w")
    answer = decade("project", "logo", "-w", folder, "--format", "csv")
    assert answer.code == 0, answer.err
    cells = pd.read_csv(io.StringIO(answer.out))
    assert list(cells.columns[:8]) == ["cohort", "age", "n", "observed", "median", "low", "high", "kind"]
    assert cells.groupby("cohort")["age"].max().eq(10).all()
    answer = decade("project", "revenue", "--by", "segment", "-w", folder, "--horizon-years", "5", "--format", "csv")
    slices = pd.read_csv(io.StringIO(answer.out))
    assert {"Enterprise", "Mid-Market", "SMB"} <= set(slices["slice"])
    assert slices["age"].max() == 5
    answer = decade("project", "logo", "--grain", "quarter", "-w", folder, "--format", "csv")
    quarters = pd.read_csv(io.StringIO(answer.out))
    assert list(quarters.columns) == list(cells.columns)
    last = quarters.groupby("cohort")["age"].max()
    assert (last == 40).mean() > 0.8
    seen = quarters[quarters["kind"] == "observed"].set_index(["cohort", "age"])["observed"]
    assert seen.loc[("2019-Q2", 0)] == 1
    ahead = quarters[quarters["kind"] == "projected"]
    assert ((ahead["low"] <= ahead["median"]) & (ahead["median"] <= ahead["high"])).all()


@pytest.mark.parametrize("kind", ["logo", "revenue"])
def test_groups_are_those_of_the_page_and_the_back_test_is_told(
    decade: Callable[..., object], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    folder = sample_copy(tmp_path_factory, tmp_path / "w")
    answer = decade("project", kind, "--by", "segment", "--calibrated", "-w", folder, "--format", "csv")
    assert answer.code == 0, answer.err
    workspace, of = Workspace.open(folder), "logo" if kind == "logo" else "net"
    found = back_test(workspace.history(of).drop(columns="slice"))
    assert back_tested(found.calibration, coverage_of(found)) in answer.err
    frame = workspace.history(of, by="segment")
    groups = (logo_groups if kind == "logo" else revenue_groups)(frame, 12, calibration=found.calibration)
    cells = workspace.ask("cohort_retention", kind=of, grain="year", by="segment")
    ceiling = 1.0 if kind == "logo" else float("inf")
    expected = extended(cells, groups.names, groups.paths, groups.tested, ceiling).set_index(["cohort", "age"])
    printed = pd.read_csv(io.StringIO(answer.out))
    ahead = printed[printed["kind"] == "projected"].set_index(["slice", "age"])
    assert len(ahead) == len(expected)
    assert ahead["median"].to_dict() == pytest.approx(expected["rate"].to_dict(), abs=1e-4)
    assert ahead["high"].to_dict() == pytest.approx(expected["high"].to_dict(), abs=1e-4)


def test_backtest_scores_every_model(
    decade: Callable[..., object], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answer = decade("backtest", "revenue", "-w", sample_copy(tmp_path_factory, tmp_path / "w"), "--format", "csv")
    assert answer.code == 0, answer.err
    scores = pd.read_csv(io.StringIO(answer.out))
    assert {"engine", "constant rate"} <= set(scores["model"])
    assert scores["wape"].notna().all()


def test_a_short_history_is_one_sentence(decade: Callable[..., object], tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    file.write_text("customer_id,start_date,end_date,monthly_amount,currency\nA,2026-01-01,,100,USD\n")
    decade("import", file, "-w", tmp_path / "w")
    answer = decade("project", "logo", "-w", tmp_path / "w")
    assert answer.code == 2
    assert answer.err.count("\n") == 1


def test_when_all_began_before_the_data_the_way_out_is_named(decade: Callable[..., object], tmp_path: Path) -> None:
    """One published curve, all of it from the first month of the file: whether it began there, only start dates say."""
    lines = ["invoice_id,customer,date,amount,currency,period_start,period_end"]
    for account in range(20):
        lines += [
            f"{account}-{year},C{account:02},{year}-01-01,1200.00,USD,{year}-01-01,{year + 1}-01-01"
            for year in range(2016, 2016 + 1 + account % 6)
        ]
    export = tmp_path / "invoices.csv"
    export.write_text("\n".join(lines), encoding="utf-8")
    assert decade("import", export, "-w", tmp_path / "w").code == 0
    for command in ("project", "backtest"):
        answer = decade(command, "logo", "-w", tmp_path / "w")
        assert answer.code != 0
        assert "no account in this scope has a known age" in answer.err
        assert "Import customer_since" in answer.err
