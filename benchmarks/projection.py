"""Projections on simulated companies whose future is known, and what they cost: `python -m benchmarks.projection`.

Six worlds of yearly contracts, 40 or 300 accounts a cohort, 2 to 6 years of data; the truth is who is left after ten
years. For revenue three worlds of expansion, and one whose growth is drawn for each company. Says how often the 80 %
interval of the ten-year total contains it, how far the median is off beside the naive lines, and milliseconds for ten
years x 40 cohorts on one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.beta_geometric import beta_survival
from decade.models.engine import learn, simulate
from decade.models.hazard_grid import grid_for
from decade.models.life_table import LifeTable
from decade.models.logos import BASELINES
from decade.models.revenue import (
    DAMPINGS,
    FIRST_YEAR,
    LONG_RUN,
    LOSING,
    LOSING_WEIGHT,
    fit_revenue,
    simulate_revenue,
)
from decade.models.revenue_baselines import REVENUE_BASELINES
from decade.models.revenue_table import RevenueTable
from decade.models.survival import hazards

HORIZON = 10
YEARS, SIZES = (2, 3, 4, 6), (40, 300)
REVENUE_SIZES = (40, 200)
DRAWS = 400
WORLDS = {
    "A shifted beta-geometric": "sbg",
    "B beta-discrete-Weibull, shape 1.6": "bdw",
    "C three classes, a risky third year": "classes",
    "D cohorts differ, calendar shocks": "shocks",
    "E constant hazard": "constant",
    "F improving cohorts, calendar shocks": "improving",
}
EXPANSIONS = {"dies away": (0.2, 0.02, 0.5), "lasts a while": (0.12, 0.02, 0.8), "none": (0.0, 0.0, 0.5)}
AS_BELIEVED = "as is believed beforehand"
LEAVING = 0.15, 0.025  # what those who leave take along in the first year, and in a late one


def hazard_of(world: str, cohorts: int, chance: np.random.Generator) -> np.ndarray:
    """The share that leaves, cohorts x decisions."""
    age = np.arange(HORIZON + 1.0)
    base = {
        "sbg": hazards(beta_survival(0.7, 2.8)(age)),
        "bdw": hazards(beta_survival(0.45, 1.8, 1.6)(age)),
        "constant": np.full(HORIZON, 0.15),
    }.get(world)
    if base is None:
        rates, weights = np.array([0.04, 0.15, 0.45]), np.array([0.4, 0.35, 0.25])
        mixed = hazards(((1 - rates) ** age[:, None]) @ weights)
        base = mixed * np.where(np.arange(HORIZON) == 2, 1.8, 1.0) if world == "classes" else mixed
    factor = np.ones((cohorts, HORIZON))
    if world in ("shocks", "improving"):
        place = np.arange(cohorts)[:, None] + np.arange(HORIZON)[None, :]
        factor *= np.exp(0.15 * chance.standard_normal(cohorts + HORIZON))[place]
    if world == "shocks":
        factor *= np.exp(0.2 * chance.standard_normal((cohorts, 1)))
    if world == "improving":
        factor *= 0.95 ** np.arange(cohorts)[:, None]
    return np.clip(base * factor, 0.0, 0.95)


def life_of(alive: np.ndarray, years: int) -> LifeTable:
    """What is known after so many years; one cohort a year."""
    cohorts = alive.shape[0]
    unseen = np.arange(cohorts)[:, None] + 1 + np.arange(HORIZON)[None, :] > years
    at_risk, lost = np.where(unseen, 0.0, alive[:, :-1]), np.where(unseen, 0.0, alive[:, :-1] - alive[:, 1:])
    names = tuple(f"{2000 + place}" for place in range(cohorts))
    return LifeTable(12, names, at_risk, lost, alive[:, 0].astype(float), np.arange(cohorts))


def logo_world(world: str, size: int, years: int, seed: int) -> dict[str, float]:
    """Errors of the ten-year total as shares of what came, and whether the interval contained it."""
    chance = np.random.default_rng(seed)
    alive = np.empty((years, HORIZON + 1), dtype=np.int64)
    alive[:, 0] = chance.poisson(size, years) + 1
    hazard = hazard_of(world, years, chance)
    for age in range(HORIZON):
        alive[:, age + 1] = chance.binomial(alive[:, age], 1 - hazard[:, age])
    table = life_of(alive, years)
    came = max(float(alive[:, -1].sum()), 1.0)
    total = (alive[:, :1, None] * simulate(learn(table, HORIZON), HORIZON, DRAWS, seed).cohorts)[:, -1].sum(axis=0)
    low, median, high = np.quantile(total, (0.1, 0.5, 0.9))
    found = {"coverage": float(low <= came <= high), "width": (high - low) / came, "engine": abs(median - came) / came}
    now = alive[np.arange(years), table.known_to]
    for model in BASELINES:
        try:
            curve = model(table.at_risk.sum(axis=0), table.lost.sum(axis=0))
        except Refused:
            continue
        survival = curve.survival(HORIZON)
        found[curve.name] = abs(float((now * survival[-1] / survival[table.known_to]).sum()) - came) / came
    return found


def believed_growth(chance: np.random.Generator) -> tuple[float, float, float]:
    """First and long-run growth of those who stay, and its damping, as the engine believes before it sees data."""
    centre, spread = LOSING if chance.random() < LOSING_WEIGHT else LONG_RUN
    nrr = chance.normal(centre, spread)
    first = nrr + chance.normal(*FIRST_YEAR)
    return first + LEAVING[0], nrr + LEAVING[1], float(chance.choice(DAMPINGS))


def revenue_world(world: str, size: int, years: int, seed: int) -> dict[str, float]:
    """The same for the revenue of ten years, accounts with lognormal MRR that leave and grow on their own."""
    chance = np.random.default_rng(seed)
    first, long_run, damping = EXPANSIONS.get(world) or believed_growth(chance)
    mrr = np.exp(1.1 * chance.standard_normal((years, size)))
    churn = hazards(beta_survival(0.45, 1.8, 1.6)(np.arange(HORIZON + 1.0)))
    levels, squares, cubes, growth = (np.full((years, HORIZON + 1), np.nan) for _ in range(4))
    shock = 0.03 * chance.standard_normal(years + HORIZON)
    for age in range(HORIZON + 1):
        levels[:, age], squares[:, age], cubes[:, age] = ((mrr**power).sum(axis=1) for power in (1, 2, 3))
        if age == HORIZON:
            break
        step = long_run + (first - long_run) * damping**age + shock[np.arange(years) + age][:, None]
        stays = chance.random(mrr.shape) > churn[age] * np.clip(mrr.mean() / np.maximum(mrr, 0.1), 0.5, 1.5)
        after = mrr * stays * np.exp(step + 0.15 * chance.standard_normal(mrr.shape) - 0.15**2 / 2)
        growth[:, age + 1] = (mrr * after).sum(axis=1)
        mrr = after
    unseen = np.arange(years)[:, None] + np.arange(HORIZON + 1)[None, :] > years
    effective = np.where(squares > 0, levels**2 / np.maximum(squares, 1e-12), 0.0)
    largest = cubes / np.maximum(levels * squares, 1e-12)
    known, sizes, grown, heavy = (np.where(unseen, np.nan, each) for each in (levels, effective, growth, largest))
    names = tuple(f"{2000 + place}" for place in range(years))
    table = RevenueTable(names, known, sizes, grown, np.arange(years), largest=heavy)
    came = float(levels[:, :HORIZON].sum())
    paths, _ = simulate_revenue(fit_revenue(table), HORIZON, DRAWS, seed)
    low, median, high = np.quantile(paths[:, :HORIZON].sum(axis=(0, 1)), (0.1, 0.5, 0.9))
    found = {"coverage": float(low <= came <= high), "width": (high - low) / came, "engine": abs(median - came) / came}
    age = np.arange(HORIZON)
    for name, factors in REVENUE_BASELINES.items():
        reach = np.where(age[None, :] >= table.known_to[:, None], factors(known, HORIZON)[None, :], 1.0)
        now = levels[np.arange(years), table.known_to]
        ahead = now[:, None] * np.cumprod(reach, axis=1)
        whole = np.where(unseen[:, 1:], ahead, levels[:, 1:])[:, : HORIZON - 1].sum() + levels[:, 0].sum()
        found[name] = abs(float(whole) - came) / came
    return found


def speed() -> dict[str, float]:
    """Milliseconds for ten years x 40 quarterly cohorts with yearly contracts."""
    chance = np.random.default_rng(1)
    cohorts = 40
    alive = np.full((cohorts, HORIZON + 1), 100.0)
    hazard = hazard_of("sbg", cohorts, chance)
    for age in range(HORIZON):
        alive[:, age + 1] = chance.binomial(alive[:, age].astype(int), 1 - hazard[:, age])
    start = np.arange(cohorts) // 4
    unseen = start[:, None] + 1 + np.arange(HORIZON)[None, :] > HORIZON
    at_risk, lost = np.where(unseen, 0.0, alive[:, :-1]), np.where(unseen, 0.0, alive[:, :-1] - alive[:, 1:])
    names = tuple(f"{place:02d}" for place in range(cohorts))
    table = LifeTable(12, names, at_risk, lost, alive[:, 0], start)
    fit = learn(table, HORIZON)
    later = start[:, None] + np.arange(HORIZON + 1)[None, :] > HORIZON
    level = np.where(later, np.nan, alive * np.exp(0.1 * chance.standard_normal(alive.shape)))
    revenue = RevenueTable(names, level, np.where(later, np.nan, alive), np.full(alive.shape, np.nan), start)
    found = fit_revenue(revenue)
    pooled = at_risk.sum(axis=0), lost.sum(axis=0)
    return {
        "logo posterior": _milliseconds(lambda: grid_for(12, HORIZON).posterior(*pooled)),
        "logo fit, all pieces": _milliseconds(lambda: learn(table, HORIZON)),
        "logo predictive, 1,000 draws": _milliseconds(lambda: simulate(fit, HORIZON, 1000, 1)),
        "revenue fit": _milliseconds(lambda: fit_revenue(revenue)),
        "revenue simulation, 1,000 draws": _milliseconds(lambda: simulate_revenue(found, HORIZON, 1000, 1)),
    }


def _milliseconds(work: Callable[[], object], times: int = 20) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1e3 * min(took)


def table_of(
    worlds: dict[str, str], sizes: tuple[int, ...], one: Callable[[str, int, int, int], dict[str, float]], repeats: int
) -> pd.DataFrame:
    """One row per world, size and number of years, averaged over repeats."""
    rows = []
    for label, world in worlds.items():
        for size in sizes:
            for years in YEARS:
                found = pd.DataFrame([one(world, size, years, 1000 * years + seed) for seed in range(repeats)])
                rows.append({"world": label, "size": size, "years": years, **found.mean()})
    return pd.DataFrame(rows)


def report(title: str, found: pd.DataFrame) -> None:
    print(f"\n{title}\n")
    print(found.groupby("world")["coverage"].agg(["mean", "min"]).round(2).to_string())
    print(f"coverage, mean over all: {found['coverage'].mean():.3f}\n")
    print(found.drop(columns=["world", "size"]).groupby("years").mean().round(3).to_string())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100, help="simulated companies per world, size and history")
    repeats = parser.parse_args().repeats
    for name, took in speed().items():
        print(f"{name:34} {took:8.2f} ms")
    report("Accounts left after ten years", table_of(WORLDS, SIZES, logo_world, repeats))
    report(
        "Revenue of ten years",
        table_of({each: each for each in (*EXPANSIONS, AS_BELIEVED)}, REVENUE_SIZES, revenue_world, repeats),
    )


if __name__ == "__main__":
    main()
