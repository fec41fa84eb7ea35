"""Golden numbers of scenarios: METRICS G20-G28 and the tables of the lifetime-value model, as rows of CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betaln

from decade.models import lifetime_value
from decade.models.scenario import Scenario, as_rows, evaluate, preset, presets, solve

GOLDEN = Path(__file__).parent.parent / "golden"


def rows(name: str) -> list:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        return [pytest.param(row, id=f"{row['id']} {row.get('output', '')}") for row in csv.DictReader(lines)]


def scenario_of(inputs: str) -> Scenario:
    return Scenario().with_settings([each for each in inputs.split(";") if each])


@pytest.mark.parametrize("row", rows("scenario.csv"))
def test_outputs(row: dict[str, str]) -> None:
    found = getattr(evaluate(scenario_of(row["inputs"])), row["output"])
    assert found == pytest.approx(float(row["expected"]), abs=float(row["tolerance"]), rel=0)


@pytest.mark.parametrize("row", rows("scenario_solve.csv"))
def test_solve(row: dict[str, str]) -> None:
    target = float(row["target"])
    solved = solve(scenario_of(row["inputs"]), row["unknown"], row["target_name"], target)
    assert getattr(solved, row["unknown"]) == pytest.approx(float(row["expected"]), abs=float(row["tolerance"]), rel=0)
    assert getattr(evaluate(solved), row["target_name"]) == pytest.approx(target, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("row", rows("scenario_closed_forms.csv"))
def test_closed_forms(row: dict[str, str]) -> None:
    numbers = [float(each) for each in row["arguments"].split(";")]
    found = getattr(lifetime_value, row["function"])(*numbers)
    assert found == pytest.approx(float(row["expected"]), abs=float(row["tolerance"]), rel=0)


@pytest.mark.parametrize(
    ("nominal", "monthly_churn", "expected"), [(12, 0.01, 13), (12, 0.02, 14), (12, 0.03, 15), (12, 0.05, 18)]
)
def test_survival_adjusted_payback_of_a_scenario(nominal: int, monthly_churn: float, expected: int) -> None:
    scenario = Scenario(
        acv=1200.0,
        billing="monthly",
        gross_margin=1.0,
        cac=100.0 * nominal,
        churn=1 - (1 - monthly_churn) ** 12,
    )
    found = evaluate(scenario).payback_months
    assert found is not None
    assert np.ceil(found) == expected


def test_ten_years_of_a_churn_path_are_a_part_of_the_endless_lifetime() -> None:
    alpha, beta = 0.6680884, 3.8060950
    year = np.arange(11)
    alive = np.exp(betaln(alpha, beta + year) - betaln(alpha, beta))
    path = tuple(float(each) for each in 1 - alive[1:] / alive[:-1])
    capped = evaluate(Scenario(acv=1.0, gross_margin=1.0, cac=0.0, churn=path)).break_even_cac
    endless = lifetime_value.discounted_expected_lifetime(alpha, beta, 0.1)
    assert capped == pytest.approx(4.6045, abs=0.00005)
    assert 1 - capped / endless == pytest.approx(0.223, abs=0.001)


def test_presets_show_where_the_claim_disagrees_with_itself() -> None:
    names = ["ten-year-2m", "ten-year-120", "ten-year-140", "damped-120", "damped-140", "smb", "mid-market"]
    names += ["enterprise", *(f"rip-and-replace-{months}" for months in (0, 6, 12, 18)), "win-back", "land-and-expand"]
    assert list(presets()) == names
    revenue = [round(evaluate(preset(name)).revenue / 1e6, 2) for name in names[:5]]
    assert revenue == [2.00, 2.60, 6.98, 1.71, 1.94]


def test_outputs_come_in_order_with_units_and_reasons() -> None:
    table = as_rows(evaluate(Scenario(billing="monthly", cac=2e6)))
    assert [name for name, *_ in table] == [
        "revenue",
        "margin",
        "npv",
        "irr",
        "payback_months",
        "break_even_cac",
        "ltv_to_cac",
        "peak_cash_out",
        "final_acv",
    ]
    notes = {name: (value, unit, note) for name, value, unit, note in table}
    assert notes["payback_months"] == (None, "months", "not within 10 years")
    assert notes["irr"][0] is not None
    assert notes["irr"][0] < 0
