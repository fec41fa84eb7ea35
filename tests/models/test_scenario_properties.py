"""What holds for every scenario: an independent referee, identities, and the way back from a target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from decade.errors import Refused
from decade.models.cash_flows import monthly_flows
from decade.models.scenario import (
    OUTPUTS,
    Scenario,
    cash_curve,
    compare,
    evaluate,
    grid,
    preset,
    preset_note,
    presets,
    sentence,
    solve,
)


def between(low: float, high: float) -> some.SearchStrategy[float]:
    return some.floats(low, high, allow_nan=False).map(lambda value: round(value, 6))


@some.composite
def scenarios(draw: some.DrawFn, billing: str | None = None) -> Scenario:
    years = draw(some.integers(1, 15))
    return Scenario(
        acv=draw(between(100, 1e6)),
        years=years,
        billing=billing or draw(some.sampled_from(["monthly", "annual_prepaid"])),
        gross_margin=draw(between(0.2, 1)),
        cac=draw(between(0, 1e6)),
        nrr=draw(between(0.5, 1.6)),
        damping=draw(between(0, 1)),
        churn=draw(between(0, 0.6)),
        discount_rate=draw(between(0, 0.5)),
        free_months=draw(between(0, min(24, 12 * years - 1))),
        grows_while_free=draw(some.booleans()),
        cost_to_serve=draw(between(0, 50)),
        price_steps=draw(between(-0.05, 0.1)),
    )


def flow_by_hand(scenario: Scenario) -> list[float]:
    """The cash flow month by month in plain loops, for whole free months."""
    free, flow = int(scenario.free_months), []
    price = []
    for month in range(12 * scenario.years):
        clock = month if scenario.grows_while_free else max(0, month - free)
        level = scenario.acv / 12
        for year in range(clock // 12):
            level *= scenario.nrr ** (scenario.damping**year) * (1 + scenario.price_steps)
        price.append(level)
    alive = 1.0
    for month, level in enumerate(price):
        monthly = scenario.billing == "monthly" or month < free
        if monthly or (month - free) % 12 == 0:
            alive = (1 - scenario.churn) ** (month / 12)
        paid = 0.0
        if month >= free and scenario.billing == "monthly":
            paid = level
        elif month >= free and (month - free) % 12 == 0:
            paid = sum(price[month : month + 12])
        cost = (1 - scenario.gross_margin) * level + scenario.cost_to_serve / 12
        flow.append(alive * (paid - cost) - (scenario.cac if month == 0 else 0))
    return flow


@settings(max_examples=1000, deadline=None)
@given(scenarios())
def test_npv_agrees_with_an_independent_implementation(scenario: Scenario) -> None:
    scenario = replace(scenario, free_months=int(scenario.free_months))
    flow = flow_by_hand(scenario)
    monthly_rate = (1 + scenario.discount_rate) ** (1 / 12) - 1
    expected = numpy_financial.npv(monthly_rate, flow)
    scale = scenario.acv + scenario.cac
    assert evaluate(scenario).npv == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


@settings(max_examples=1000, deadline=None)
@given(scenarios())
def test_payback_agrees_with_a_walk_along_the_cash(scenario: Scenario) -> None:
    scenario = replace(scenario, free_months=int(scenario.free_months))
    flow = np.array(flow_by_hand(scenario))
    flow[0] += scenario.cac
    cash = np.concatenate([[0.0], np.cumsum(flow)]) - scenario.cac
    below = np.flatnonzero(cash < -1e-9 * (scenario.acv + scenario.cac))
    found = evaluate(scenario).payback_months
    if below.size == 0:
        assert found == 0
    elif below[-1] == cash.size - 1:
        assert found is None
    else:
        month = int(below[-1])
        expected = np.interp(0.0, cash[month : month + 2], [month, month + 1])
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@settings(max_examples=1000, deadline=None)
@given(scenarios(billing="monthly"))
def test_irr_agrees_with_an_independent_implementation(scenario: Scenario) -> None:
    scenario = replace(scenario, free_months=int(scenario.free_months), years=min(scenario.years, 6))
    assume(scenario.free_months < 12 * scenario.years)
    flow = np.array(flow_by_hand(scenario))
    found = evaluate(scenario).irr
    changes = np.count_nonzero(np.diff(np.sign(flow[flow != 0])))
    if changes == 0:
        assert found is None
    elif changes == 1 and flow[0] < 0:
        expected = (1 + numpy_financial.irr(flow)) ** 12 - 1
        if found is None:
            assert not -0.99 < expected < 1e9
        else:
            assert found == pytest.approx(expected, rel=1e-5, abs=1e-7)


@settings(max_examples=150, deadline=None)
@given(scenarios())
def test_npv_is_zero_at_the_irr(scenario: Scenario) -> None:
    found = evaluate(scenario)
    if found.irr is None:
        assert found.reasons["irr"]
    elif 0 <= found.irr <= 2:
        at_irr = evaluate(replace(scenario, discount_rate=found.irr)).npv
        assert at_irr == pytest.approx(0, abs=1e-6 * (scenario.acv + scenario.cac))


@settings(max_examples=150, deadline=None)
@given(scenarios())
def test_identities(scenario: Scenario) -> None:
    found = evaluate(scenario)
    years, cash = found.years, cash_curve(scenario)
    money = 1e-6 * (scenario.acv + scenario.cac)
    assert len(years) == scenario.years
    assert years["revenue"].sum() == pytest.approx(found.revenue, rel=1e-9)
    assert years["cumulative_discounted"].iloc[-1] == pytest.approx(found.npv, abs=money)
    assert found.margin - scenario.cac == pytest.approx(years["cumulative"].iloc[-1], abs=money)
    assert found.break_even_cac - scenario.cac == pytest.approx(found.npv, abs=money)
    delivered = years["revenue"] - years["cost_of_goods"] - years["cost_to_serve"]
    np.testing.assert_allclose(delivered, years["margin"], atol=money)
    assert found.peak_cash_out == pytest.approx(max(0.0, -cash["position"].min()), abs=money)
    if found.payback_months is None:
        assert cash["position"].iloc[-1] < 0
    else:
        after = cash[cash["month"] >= found.payback_months + 1e-6]
        assert (after["position"] >= -money).all()


@settings(max_examples=60, deadline=None)
@given(scenarios(), some.floats(0, 1e6), some.floats(1, 1e6))
def test_more_cac_is_never_better(scenario: Scenario, cac: float, more: float) -> None:
    cheap, dear = (evaluate(replace(scenario, cac=each)) for each in (cac, cac + more))
    assert cheap.npv > dear.npv
    assert cheap.break_even_cac == dear.break_even_cac
    assert (cheap.payback_months or 0) <= (dear.payback_months or 1e9) + 1e-6
    assert cheap.peak_cash_out <= dear.peak_cash_out


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_damping_of_one_is_constant_growth(scenario: Scenario) -> None:
    constant = replace(scenario, damping=1.0)
    path = replace(constant, nrr=(scenario.nrr,) * scenario.years)
    assert evaluate(constant).npv == pytest.approx(evaluate(path).npv, rel=1e-12, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(scenarios(), between(0, 24))
def test_billing_ahead_moves_money_but_makes_none(scenario: Scenario, free_months: float) -> None:
    scenario = replace(scenario, churn=0.0, free_months=min(free_months, 12.0 * scenario.years))
    billed = [replace(scenario, billing=each) for each in ("monthly", "annual_prepaid")]
    monthly, prepaid = (evaluate(each) for each in billed)
    assert monthly.revenue == pytest.approx(prepaid.revenue, rel=1e-9, abs=1e-6)
    assert prepaid.npv >= monthly.npv - 1e-6 * scenario.acv


NUMERIC = [
    "acv",
    "gross_margin",
    "cac",
    "nrr",
    "damping",
    "churn",
    "discount_rate",
    "free_months",
    "cost_to_serve",
    "price_steps",
]


# What an input has no say in, by definition; a longer horizon moves neither a payback reached nor a depth passed.
NO_SAY = {
    "gross_margin": ("revenue", "final_acv"),
    "cac": ("revenue", "margin", "break_even_cac", "final_acv"),
    "churn": ("final_acv",),
    "discount_rate": ("revenue", "margin", "irr", "payback_months", "peak_cash_out", "final_acv"),
    "cost_to_serve": ("revenue", "final_acv"),
    "years": ("payback_months", "peak_cash_out"),
}


@pytest.mark.parametrize("unknown", [*NUMERIC, "years"])
def test_every_pair_is_solved_and_comes_back_to_the_target(unknown: str) -> None:
    base = Scenario(acv=50_000.0, cac=60_000.0, nrr=1.1, damping=0.9, churn=0.1, free_months=3.0, cost_to_serve=900.0)
    late = replace(base, billing="monthly", free_months=30.0, cost_to_serve=0.0)
    starts = [base, replace(base, billing="monthly", free_months=0.0, cac=4e5), late]
    starts.append(replace(late, grows_while_free=False, growth="monthly"))
    for output in OUTPUTS:
        solved, said = 0, []
        for start in starts:
            target = getattr(evaluate(start), output)
            if target is None:
                continue
            try:
                found = solve(start, unknown, output, target)
            except Refused as refused:
                said.append(str(refused))
                continue
            solved += 1
            assert getattr(evaluate(found), output) == pytest.approx(target, rel=1e-6, abs=1e-6)
        assert bool(solved) == (output not in NO_SAY.get(unknown, ())), (output, said)


@settings(max_examples=120, deadline=None)
@given(scenarios(), some.sampled_from(NUMERIC), some.sampled_from(OUTPUTS))
def test_solve_then_evaluate_returns_the_target(scenario: Scenario, unknown: str, output: str) -> None:
    target = getattr(evaluate(scenario), output)
    assume(target is not None)
    try:
        solved = solve(scenario, unknown, output, target)
    except Refused as refused:
        said = str(refused)
    else:
        said = ""
        assert getattr(evaluate(solved), output) == pytest.approx(target, rel=1e-6, abs=1e-6)
    assert not said or "more than one" in said or "does not depend" in said


def test_unreachable_targets_are_refused_with_the_reachable_range() -> None:
    with pytest.raises(Refused, match=r"no cac gives npv 10,000,000; with cac from 0 .* npv can reach"):
        solve(Scenario(), "cac", "npv", 1e7)
    with pytest.raises(Refused, match="revenue does not depend on cac: it stays at 1,000,000"):
        solve(Scenario(), "cac", "revenue", 5)
    with pytest.raises(Refused, match=r"no whole number of years .* 100,000 to 1,500,000"):
        solve(Scenario(), "years", "revenue", 123_456)
    with pytest.raises(Refused, match=r"more than one cost_to_serve gives peak_cash_out 20,000"):
        solve(Scenario(billing="monthly"), "cost_to_serve", "peak_cash_out", 20_000)


@pytest.mark.parametrize(("unknown", "output"), [("billing", "npv"), ("nrr", "profit")])
def test_unknown_names_are_refused(unknown: str, output: str) -> None:
    with pytest.raises(Refused, match="Choose one of"):
        solve(Scenario(), unknown, output, 1)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("nrr=0", "nrr cannot be 0. Give a number from 0.01 to 5."),
        ("gross_margin=1.2", "gross_margin cannot be 1.2. Give a number from 0 to 1."),
        ("years=16", "years cannot be 16. Give a number from 1 to 15."),
        ("years=2.5", "years cannot be 2.5. Give a whole number from 1 to 15."),
        ("churn=nan", "churn cannot be nan. Give a number from 0 to 1."),
        ("acv=lots", "acv cannot be read from 'lots'."),
        ("billing=weekly", "billing cannot be 'weekly'. Choose one of: annual_prepaid, monthly."),
        ("free_months=121", "free_months cannot be 121 in a horizon of 120 months."),
        ("price_steps=1:0.1", "price_steps cannot start in year 1."),
        ("grows_while_free=maybe", "grows_while_free cannot be 'maybe'."),
        ("growth=monthly", "growth cannot be monthly when a year is prepaid."),
        ("colour=red", "'colour=red' is not a scenario input."),
        ("name=x", "'name=x' is not a scenario input."),
    ],
)
def test_impossible_inputs_are_refused_in_one_sentence(setting: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        Scenario().with_settings([setting])
    assert message in str(refused.value)


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_settings_are_read_back_exactly(scenario: Scenario) -> None:
    assert Scenario().with_settings(scenario.settings()) == scenario
    assert Scenario().with_settings(scenario.settings(changed_only=True)) == scenario


def test_paths_and_steps_are_read_back_exactly() -> None:
    scenario = Scenario(nrr=(1.2, 1.1), churn=(0.1, 0.05), price_steps=((3, 0.05), (6, -0.02)))
    assert Scenario().with_settings(scenario.settings()) == scenario
    assert Scenario().with_settings(["price_steps=", "nrr=1"]).price_steps == ()


def test_a_grid_equals_single_evaluations() -> None:
    scenario = preset("rip-and-replace-6")
    for axis, values in (("cac", [0.0, 5e4, 4e5]), ("free_months", [0.0, 6.5, 18.0])):
        for output in ("npv", "payback_months"):
            found = grid(scenario, (axis, values), ("nrr", [0.9, 1.2]), output)
            for value in values:
                for nrr in (0.9, 1.2):
                    one = getattr(evaluate(replace(scenario, nrr=nrr, **{axis: value})), output)
                    assert found.loc[value, nrr] == pytest.approx(np.nan if one is None else one, nan_ok=True)


def test_a_comparison_has_the_inputs_that_differ_and_every_output() -> None:
    table = compare([preset("damped-140"), preset("ten-year-140"), Scenario()])
    assert list(table["scenario"]) == ["damped-140", "ten-year-140", "Scenario 3"]
    assert list(table.columns) == ["scenario", "nrr", "damping", *OUTPUTS]
    assert table["irr"].isna().all()
    assert compare([]).empty


def test_sentences_name_what_is_in_play() -> None:
    assert sentence(preset("ten-year-120")).startswith("At $100k ACV and 120 % NRR for ten years, ")
    said = sentence(replace(preset("rip-and-replace-18"), churn=0.1, price_steps=((3, 0.05),)), currency="€")
    for part in (
        "€100k",
        "18 free months",
        "10 % logo churn",
        "a price step of 5 % in year 3",
        "billed monthly",
    ):
        assert part in said
    assert all(sentence(each) and preset_note(name) for name, each in presets().items())


def test_a_customer_who_leaves_before_paying_brings_nothing() -> None:
    flows = monthly_flows(Scenario(billing="monthly", churn=1.0, free_months=18.0, cac=0.0))
    assert flows.revenue.sum() == 0
    assert (flows.margin <= 0).all()
