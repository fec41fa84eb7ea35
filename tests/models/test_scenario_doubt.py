"""A scenario under doubt: the fast sums equal the cash flows, draws follow what is assumed, the tornado is exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import norm, spearmanr

from decade.charts import scenario_doubt as charts
from decade.errors import Refused
from decade.models.cash_flows import monthly_flows, outputs
from decade.models.scenario import Scenario, evaluate, preset, presets
from decade.models.scenario_uncertain import CORRELATIONS, SPREADS, USUAL, Doubt, at_quantile, simulate, tornado
from decade.models.scenario_value import worth

PATHS = some.lists(some.floats(0.6, 1.6), min_size=1, max_size=6).map(tuple)
LOSSES = some.lists(some.floats(0, 0.7), min_size=1, max_size=6).map(tuple)


@some.composite
def scenarios(draw: some.DrawFn) -> Scenario:
    years = draw(some.integers(1, 15))
    billing = draw(some.sampled_from(["monthly", "annual_prepaid"]))
    nrr = draw(some.one_of(some.floats(0.6, 1.6), PATHS))
    return Scenario(
        years=years,
        billing=billing,
        growth=draw(some.sampled_from(["yearly", "monthly"])) if billing == "monthly" else "yearly",
        nrr=nrr,
        damping=1.0 if isinstance(nrr, tuple) else draw(some.floats(0, 1)),
        churn=draw(some.one_of(some.floats(0, 0.7), LOSSES)),
        gross_margin=draw(some.floats(0.2, 1)),
        discount_rate=draw(some.floats(0, 0.5)),
        free_months=draw(some.floats(0, min(24, 12 * years - 1))),
        grows_while_free=draw(some.booleans()),
        cost_to_serve=draw(some.floats(0, 5000)),
        price_steps=draw(some.one_of(some.floats(-0.05, 0.1), some.just(((3, 0.05), (6, -0.02))))),
    )


def by_year(scenario: Scenario, name: str) -> np.ndarray:
    path = np.atleast_1d(np.asarray(getattr(scenario, name), float))
    return path[np.minimum(np.arange(scenario.years), path.size - 1)][:, None]


@settings(max_examples=300, deadline=None)
@given(scenarios())
def test_the_fast_sums_equal_the_cash_flows(scenario: Scenario) -> None:
    found = worth(scenario, by_year(scenario, "nrr"), by_year(scenario, "churn"), np.array([scenario.damping]))
    value = found.margin(*(np.array([getattr(scenario, each)]) for each in ("acv", "gross_margin", "cost_to_serve")))
    expected = outputs(monthly_flows(scenario), ("break_even_cac",))["break_even_cac"]
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("name", list(presets()))
def test_without_doubt_every_draw_is_the_scenario(name: str) -> None:
    scenario = preset(name)
    none = Doubt(dict.fromkeys(SPREADS, 0.0), CORRELATIONS)
    found = simulate(scenario, none, draws=64)
    expected = evaluate(scenario)
    np.testing.assert_allclose(found.draws["npv"], expected.npv, rtol=1e-9)
    assert found.affordable_cac == pytest.approx(expected.break_even_cac, rel=1e-9)
    assert found.loss == (1.0 if expected.npv < 0 else 0.0)
    assert found.inputs.empty
    assert tornado(scenario, none).empty


def test_inputs_reach_their_quantiles_and_correlations() -> None:
    scenario = replace(preset("mid-market"), cost_to_serve=1000.0, damping=0.8)
    found = simulate(scenario)
    for name, row in found.inputs.set_index("input").iterrows():
        for quantile, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            at = getattr(at_quantile(scenario, str(name), norm.ppf(share)), str(name))
            assert row[quantile] == pytest.approx(at, rel=0.01)
    assert found.inputs.set_index("input").loc["acv", "p90"] == pytest.approx(36_000, rel=0.01)
    # The correlation of normals becomes a rank correlation of 6/pi asin(rho/2), whatever the margins are.
    alike = simulate(scenario, Doubt({**dict.fromkeys(SPREADS, 0.0), "acv": 0.2, "cac": 0.3}, {("acv", "cac"): 0.6}))
    value, cac = alike.draws["break_even_cac"], alike.draws["break_even_cac"] - alike.draws["npv"]
    assert spearmanr(value, cac).statistic == pytest.approx(6 / np.pi * np.arcsin(0.3), abs=0.01)


def test_draws_agree_with_plain_random_draws_evaluated_one_by_one() -> None:
    scenario = replace(preset("enterprise"), cac=900_000.0)
    spreads = {**dict.fromkeys(SPREADS, 0.0), "nrr": 0.1, "cac": 0.5}
    random = np.random.default_rng(7).standard_normal((4000, 2))
    step = np.log([1.1, 1.5]) / norm.ppf(0.9)
    nrr, cac = scenario.nrr * np.exp(step[0] * random[:, 0]), scenario.cac * np.exp(step[1] * random[:, 1])
    plain = outputs(monthly_flows(scenario, nrr=nrr, cac=cac), ("npv",))["npv"]
    found = simulate(scenario, Doubt(spreads, {}))
    assert found.loss == pytest.approx((plain < 0).mean(), abs=0.03)
    row = found.table.set_index("output").loc["npv"]
    np.testing.assert_allclose(
        row[["p10", "p50", "p90"]], np.quantile(plain, [0.1, 0.5, 0.9]), atol=0.05 * np.ptp(plain)
    )
    assert found.draws["npv"].lt(0).mean() == found.loss
    assert found.affordable_cac == pytest.approx(np.quantile(found.draws["break_even_cac"], 0.1))


def test_the_same_seed_gives_the_same_draws() -> None:
    one, again, other = (simulate(preset("smb"), seed=seed).draws for seed in (3, 3, 4))
    assert one.equals(again)
    assert not one.equals(other)


def test_a_correlation_moves_the_tail() -> None:
    scenario = preset("smb")
    apart, alike = (simulate(scenario, Doubt(SPREADS, {("acv", "cac"): each})) for each in (-0.8, 0.8))
    assert apart.loss > alike.loss


@pytest.mark.parametrize("name", ["smb", "enterprise", "land-and-expand", "rip-and-replace-6"])
def test_each_bar_of_the_tornado_is_the_scenario_with_that_input(name: str) -> None:
    scenario = preset(name)
    table = tornado(scenario, USUAL, "npv")
    assert table["span"].is_monotonic_decreasing
    for row in table.to_dict("records"):
        for end, sign in (("low", -1), ("high", 1)):
            moved = at_quantile(scenario, row["input"], sign * norm.ppf(0.9))
            assert row[f"at_{end}"] == pytest.approx(evaluate(moved).npv, rel=1e-12)
    assert {"acv", "cac", "nrr"} <= set(table["input"])
    assert ("free_months" in set(table["input"])) == (scenario.free_months > 0)


@pytest.mark.parametrize(
    ("spreads", "correlations", "message"),
    [
        ({"colour": 0.1}, {}, "'colour' has no spread"),
        ({"acv": -1.0}, {}, "the spread of acv cannot be -1"),
        ({}, {("acv", "acv"): 0.1}, "acv and acv cannot be correlated"),
        ({}, {("acv", "cac"): 1.0}, "a correlation cannot be 1"),
        ({}, {("acv", "cac"): 0.9, ("acv", "nrr"): 0.9, ("cac", "nrr"): -0.9}, "contradict each other"),
    ],
)
def test_impossible_doubts_are_refused(spreads: dict, correlations: dict, message: str) -> None:
    with pytest.raises(Refused, match=message):
        simulate(Scenario(), Doubt(spreads, correlations))


def test_draws_come_in_powers_of_two() -> None:
    with pytest.raises(Refused, match="1000 draws"):
        simulate(Scenario(), draws=1000)


def test_figures_of_doubt_hold_the_numbers() -> None:
    scenario = replace(preset("smb"), cac=8000.0)
    table = tornado(scenario)
    ends = [("a", "b")] * len(table)
    figure = charts.tornado(table, list(table["input"]), ends)
    low, high = figure.data
    np.testing.assert_allclose(low.base + low.x, table["at_low"][::-1])
    np.testing.assert_allclose(high.base + high.x, table["at_high"][::-1])
    found = simulate(scenario)
    bars = charts.distribution(found.draws["npv"].to_numpy(), scenario.cac)
    loss = next(each for each in bars.data if each.name == "Loss")
    assert sum(loss.y) == pytest.approx(found.loss, abs=0.012)
    flat = charts.distribution(np.full(64, 5.0), 0.0)
    assert sum(sum(each.y) for each in flat.data if each.type == "bar") == pytest.approx(1)
