"""Our models beside lifelines, statsmodels and chainladder, which live in an environment of their own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from decade.models.grouped_hazard import account_years, fit
from decade.models.lifetimes import log_rank
from decade.models.survival import kaplan_meier
from decade.models.triangle import chain_ladder

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".venv" / "referees" / "bin" / "python"


def judged(judge: str, **data: object):
    """What a referee says."""
    if not (PYTHON.parents[1] / "made.stamp").exists():
        pytest.skip("the referees are not installed: `make referees` installs them")
    done = subprocess.run(
        [PYTHON, "-W", "ignore", PROJECT / "tests" / "referees" / "judge.py"],
        input=json.dumps([(judge, data)]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[0]


@pytest.fixture(scope="module")
def lives() -> pd.DataFrame:
    """Accounts of three groups: the year they were last seen at, whether they left then, and what they are like."""
    chance = np.random.default_rng(11)
    size = chance.normal(size=500)
    lasts = chance.geometric(np.clip(0.16 * np.exp(0.4 * size), 0.02, 0.9))
    seen = chance.integers(1, 10, 500)
    frame = pd.DataFrame({"size": size, "is_direct": chance.random(500) < 0.4, "group": chance.integers(0, 3, 500)})
    return frame.assign(
        lasted=np.minimum(lasts, seen), is_lost=(lasts <= seen).astype(int), group="g" + frame["group"].astype(str)
    )


def counted(lives: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (group, age, int((part["lasted"] >= age).sum()), int(part.loc[part["lasted"] == age, "is_lost"].sum()))
        for group, part in lives.groupby("group")
        for age in range(1, int(lives["lasted"].max()) + 1)
    ]
    return pd.DataFrame(rows, columns=["group", "age", "at_risk", "lost"])


def test_kaplan_meier_beside_lifelines(lives: pd.DataFrame) -> None:
    theirs = judged("kaplan_meier", lasted=lives["lasted"].tolist(), is_lost=lives["is_lost"].tolist())
    sums = counted(lives).groupby("age")[["at_risk", "lost"]].sum()
    ours = kaplan_meier(sums["at_risk"].to_numpy(float), sums["lost"].to_numpy(float))
    for mine, name in zip(ours, ("survival", "low", "high"), strict=True):
        assert mine[1:] == pytest.approx(theirs[name][1:], abs=1e-9)


def test_log_rank_beside_lifelines(lives: pd.DataFrame) -> None:
    columns = {name: lives[name].tolist() for name in ("lasted", "is_lost", "group")}
    assert log_rank(counted(lives)).statistic == pytest.approx(judged("log_rank", **columns), rel=1e-9)


def test_the_regression_beside_statsmodels(lives: pd.DataFrame) -> None:
    lasted, is_lost = lives["lasted"].to_numpy("int64"), lives["is_lost"].to_numpy(float)
    account, year, left = account_years(np.zeros(len(lives), dtype="int64"), lasted, is_lost)
    covariates = lives[["size", "is_direct"]].astype(float)
    ours = fit(account, year, left, covariates)
    assert ours.rows == account.size, "the referee is asked about the same rows"
    columns = {name: covariates[name].to_numpy()[account].tolist() for name in covariates}
    theirs = judged("regression", account=account.tolist(), year=year.tolist(), left=left.tolist(), **columns)
    assert ours.coefficient == pytest.approx(theirs["coefficient"], abs=1e-6)
    assert ours.error == pytest.approx(theirs["error"], rel=0.02)


def test_macks_chain_ladder_beside_chainladder() -> None:
    chance = np.random.default_rng(5)
    triangle = np.full((8, 8), np.nan)
    for row in range(8):
        value = 1000.0 * (1 + chance.random())
        for age in range(8 - row):
            triangle[row, age] = value
            value *= 1 + chance.gamma(4, 0.2) / (age + 1) ** 2
    ours = chain_ladder(triangle)
    theirs = judged("mack", triangle=[[None if np.isnan(each) else each for each in row] for row in triangle])
    assert ours.factors == pytest.approx(theirs["factors"][: ours.factors.size], rel=1e-9)
    assert ours.reserve == pytest.approx(np.nan_to_num(np.array(theirs["reserve"], dtype=float)), rel=1e-6)
    assert ours.standard_error == pytest.approx(np.nan_to_num(np.array(theirs["error"], dtype=float)), rel=1e-6)
    assert ours.total_standard_error == pytest.approx(theirs["total_error"], rel=1e-6)
