"""`project` and `backtest` from the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

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
