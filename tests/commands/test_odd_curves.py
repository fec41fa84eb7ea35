"""Curves that nobody asked for, all the way from invoices: a figure that holds together, or a sentence."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HEADER = "invoice_id,customer,date,amount,currency,period_start,period_end"
LAST = 2025
Churn = Callable[[int, int], float]


def invoices(
    churn: Churn, years: range, accounts: int, *, months: int = 12, growth: float = 1.0, since: int = 0
) -> str:
    """Yearly cohorts on contracts of so many months; `churn` of the renewal and the year in which it falls."""
    chance, lines = random.Random(4), [HEADER]
    for year in years:
        for account in range(accounts):
            at, amount, renewal = year * 12 + account % 12, 1200.0, 0
            while at < (LAST + 1) * 12:
                begin, end = (f"{month // 12}-{month % 12 + 1:02}-01" for month in (at, at + months))
                if at >= since * 12:
                    lines.append(f"i{len(lines)},C{year}-{account:03},{begin},{amount:.2f},USD,{begin},{end}")
                at, renewal, amount = at + months, renewal + 1, amount * growth
                if chance.random() < churn(renewal, at // 12):
                    break
    return "\n".join(lines)


FLAT_PRICES = {
    "half leave at the third renewal": (lambda renewal, _: 0.5 if renewal == 3 else 0.05, {}),
    "contracts of three years": (lambda _, __: 0.3, {"months": 36}),
    "next to nobody leaves": (lambda _, __: 0.01, {}),
    "risk grows with tenure": (lambda renewal, _: min(0.4, 0.04 * renewal), {}),
    "the data begins late": (lambda _, __: 0.12, {"since": 2018}),
}


def cells(decade: Callable[..., object], folder: Path, *asked: object) -> pd.DataFrame:
    answer = decade("project", *asked, "-w", folder, "--format", "csv")
    assert answer.code == 0, answer.err
    found = pd.read_csv(io.StringIO(answer.out))
    bounds = found[["low", "median", "high"]].to_numpy(float)
    assert np.isfinite(bounds).all()
    assert (bounds >= 0).all()
    assert (np.diff(bounds, axis=1) >= -1e-9).all()
    return found


@pytest.mark.parametrize("world", FLAT_PRICES)
def test_at_flat_prices_revenue_is_projected_as_accounts_are(
    decade: Callable[..., object], tmp_path: Path, world
) -> None:
    """Every account pays the same for ever: net, gross and logo retention are one curve, seen by two models."""
    churn, others = FLAT_PRICES[world]
    export, folder = tmp_path / "invoices.csv", tmp_path / "w"
    export.write_text(invoices(churn, range(2013, LAST), 30, **others), encoding="utf-8")
    assert decade("import", export, "-w", folder).code == 0
    keys = ["cohort", "age"]
    logos = cells(decade, folder, "logo").set_index(keys)
    for asked in (("revenue",), ("revenue", "--gross")):
        money = cells(decade, folder, *asked).set_index(keys)
        both = logos.join(money, how="inner", suffixes=("", "_money"))
        ahead = both[(both["kind"] == "projected") & (both["kind_money"] == "projected")]
        assert len(ahead) > 20
        apart = (ahead["median_money"] - ahead["median"]).groupby("age").mean()
        assert apart.abs().max() < 0.15, apart
        is_between = (ahead["low_money"] <= ahead["median"]) & (ahead["median"] <= ahead["high_money"])
        assert is_between.mean() > 0.8
    for kind in ("logo", "revenue"):
        answer = decade("backtest", kind, "-w", folder, "--format", "csv")
        assert answer.code == 0, answer.err
        scores = pd.read_csv(io.StringIO(answer.out))
        assert scores[["wape", "coverage"]].notna().all(axis=None)


def test_growth_goes_on_but_not_for_ever(decade: Callable[..., object], tmp_path: Path) -> None:
    export, folder = tmp_path / "invoices.csv", tmp_path / "w"
    export.write_text(invoices(lambda _, __: 0.06, range(2019, LAST), 20, growth=1.25), encoding="utf-8")
    assert decade("import", export, "-w", folder).code == 0
    money = cells(decade, folder, "revenue")
    last = money[(money["cohort"] == LAST - 1) & (money["age"] == 10)].iloc[0]
    assert 1.3 < last["median"] < 0.94**10 * 1.25**10
    assert last["high"] / last["low"] > 1.5


def test_a_collapse_is_not_forgotten(decade: Callable[..., object], tmp_path: Path) -> None:
    """Two years in which 60 % leave, after years of 6 %: the next is expected worse than the years before."""
    export, folder = tmp_path / "invoices.csv", tmp_path / "w"
    churn = lambda _, year: 0.6 if year >= LAST - 1 else 0.06  # noqa: E731
    export.write_text(invoices(churn, range(2014, LAST), 30), encoding="utf-8")
    assert decade("import", export, "-w", folder).code == 0
    for kind in ("logo", "revenue"):
        found = cells(decade, folder, kind)
        first = found[found["kind"] == "projected"].groupby("cohort").head(1).set_index("cohort")
        before = found[found["kind"] == "observed"].groupby("cohort").tail(1).set_index("cohort")["median"]
        kept = (first["median"] / before.reindex(first.index).replace(0, np.nan)).dropna()
        assert kept.median() < 0.85


@pytest.mark.parametrize("grain", ["year", "quarter"])
def test_one_account_alone_is_one_sentence(decade: Callable[..., object], tmp_path: Path, grain: str) -> None:
    export, folder = tmp_path / "invoices.csv", tmp_path / "w"
    export.write_text(invoices(lambda _, __: 0.0, range(2016, 2017), 1), encoding="utf-8")
    assert decade("import", export, "-w", folder).code == 0
    for kind in ("logo", "revenue"):
        answer = decade("project", kind, "--grain", grain, "-w", folder)
        assert answer.code == 2
        assert "no account in this scope has a known age" in answer.err
