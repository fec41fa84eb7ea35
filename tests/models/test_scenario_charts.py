"""Figures of scenarios hold the numbers they were given."""

from __future__ import annotations

import numpy as np

from decade.charts import scenario as charts
from decade.models.scenario import cash_curve, compare, evaluate, grid, preset


def test_years_and_comparisons() -> None:
    outcomes = {name: evaluate(preset(name)) for name in ("ten-year-140", "damped-140")}
    bars = charts.year_bars(outcomes["damped-140"].years)
    np.testing.assert_allclose(bars.data[0].y, outcomes["damped-140"].years["revenue"])
    lines = charts.year_lines({name: each.years for name, each in outcomes.items()})
    assert [trace.name for trace in lines.data] == list(outcomes)
    compared = charts.comparison_bars(compare([each.scenario for each in outcomes.values()]), "revenue")
    np.testing.assert_allclose(compared.data[0].y, [each.revenue for each in outcomes.values()])


def test_cash_curve_marks_its_deepest_point_and_payback() -> None:
    scenario = preset("rip-and-replace-18")
    figure = charts.cash_curve(cash_curve(scenario), evaluate(scenario).payback_months)
    deepest, payback = figure.data[1], figure.data[2]
    assert list(deepest.x) == [18]
    np.testing.assert_allclose(deepest.y, [-130_000])
    np.testing.assert_allclose(payback.x, [37.5])


def test_heatmap_draws_the_break_even_line_only_where_there_is_one() -> None:
    scenario = preset("rip-and-replace-0")
    nrr = ("nrr", [0.9, 1.0, 1.1])
    assert len(charts.heatmap(grid(scenario, ("cac", [1e5, 1e6]), nrr)).data) == 2
    assert len(charts.heatmap(grid(scenario, ("cac", [1e4, 1e5]), nrr)).data) == 1
