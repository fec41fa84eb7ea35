"""A segment's own values as inputs: taken where measured, left where not, and worth what the projection says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from decade.models.finer import logo_groups, revenue_groups
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue
from decade.models.scenario import Scenario, evaluate
from decade.models.scenario_measured import (
    Kept,
    Measured,
    filled,
    kept_of_all,
    kept_of_group,
    measured,
    missing_sentence,
)
from decade.warehouse import Workspace
from support.sample import sample_copy

ACQUIRED: dict[str, Any] = {
    "new_accounts": 20, "new_mrr": 50_000.0, "spend": 400_000.0, "cac": 20_000.0, "gross_margin": 0.71234,
    "margin_from": "costs", "lag_months": 3,
}  # fmt: skip
RETAINED = {"nrr": 1.08, "logo_retention": 0.9}


def by_name(found: list[Measured]) -> dict[str, Measured]:
    return {each.name: each for each in found}


def kept(median: list[float]) -> Kept:
    return Kept(np.array(median), 3)


def test_values_and_their_sources() -> None:
    found = by_name(measured(ACQUIRED, "too short", "too short", RETAINED))
    assert found["acv"].value == 30_000
    assert "20 accounts won" in found["acv"].source
    assert found["cac"].value == 20_000
    assert "400,000 of fully loaded spend" in found["cac"].source
    assert "3 months later" in found["cac"].source
    assert found["gross_margin"].value == 0.7123
    assert found["churn"].value == pytest.approx(0.1)
    assert found["nrr"].value == pytest.approx(1.2)
    assert found["nrr"].source == "last twelve months, without a projection: too short"
    assert missing_sentence(list(found.values())) == ""


def test_paths_give_back_the_projected_revenue() -> None:
    left, level = [1.0, 0.8, 0.7, 0.65], [1.0, 0.95, 0.91, 0.9]
    found = measured(ACQUIRED, kept(left), kept(level), RETAINED)
    scenario = filled(Scenario(years=4, damping=0.5, churn=0.3, free_months=2.0, billing="monthly"), found)
    assert scenario.damping == 1
    assert (scenario.free_months, scenario.billing) == (2.0, "monthly")
    plain = filled(Scenario(years=4), found)
    np.testing.assert_allclose(evaluate(plain).years["revenue"] / plain.acv, level, rtol=2e-4)
    np.testing.assert_allclose(evaluate(plain).years["survival"], left, rtol=2e-4)


def test_what_is_missing_stays_and_is_named() -> None:
    start = Scenario(acv=1.0, cac=2.0, nrr=1.3, churn=0.2, gross_margin=0.5)
    found = measured({}, "no history", "no history", {})
    assert all(each.value is None for each in found)
    assert filled(start, found) == start
    said = missing_sentence(found)
    for part in ("ACV (no account was won", "CAC (", "gross margin (no costs", "NRR (no history)", "logo churn (no"):
        assert part in said
    partly = by_name(measured({**ACQUIRED, "cac": np.nan, "gross_margin": pd.NA}, "x", "x", RETAINED))
    assert partly["cac"].value is None
    assert partly["cac"].source == "no spend to divide"
    assert partly["gross_margin"].value is None
    assert filled(start, list(partly.values())).cac == 2.0


def test_a_value_that_a_scenario_cannot_take_is_missing() -> None:
    found = by_name(
        measured({**ACQUIRED, "gross_margin": -0.4, "new_mrr": 0.0}, "x", "x", {"nrr": 1, "logo_retention": 0})
    )
    assert found["gross_margin"].value is None
    assert "-0.4" in found["gross_margin"].source
    assert found["acv"].value is None
    assert found["nrr"].value is None
    assert found["churn"].value == 1


def test_a_projection_in_which_nobody_is_left_ends_the_path() -> None:
    found = by_name(measured({}, kept([1, 0.5, 0, 0]), kept([1, 0.6, 0, 0]), {}))
    assert found["churn"].value == (0.5,)
    assert found["nrr"].value == pytest.approx((1.2,))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(sample_copy(tmp_path_factory, tmp_path_factory.mktemp("own") / "sample"))


@pytest.mark.parametrize("segment", ["All", "Enterprise", "Mid-Market", "SMB"])
def test_the_sample_company_in_a_scenario(sample: Workspace, segment: str) -> None:
    by = "none" if segment == "All" else "segment"
    rows = sample.ask("acquisition", by=by, basis="fully_loaded", grain="twelve_months")
    row = rows[rows["slice"] == segment].iloc[-1].to_dict()
    logo, net = (kept_in(sample, kind, segment) for kind in ("logo", "net"))
    scenario = filled(Scenario(), measured(row, logo, net, {}))
    assert scenario.acv == pytest.approx(12 * row["new_mrr"] / row["new_accounts"], abs=0.5)
    assert scenario.cac == pytest.approx(row["cac"], abs=0.5)
    level = evaluate(scenario).years["revenue"] / scenario.acv
    np.testing.assert_allclose(level, net.median[:10], rtol=2e-3)


def kept_in(sample: Workspace, kind: str, segment: str) -> Kept:
    if segment == "All":
        frame = sample.history(kind).drop(columns="slice")
        return kept_of_all(project_logos(frame) if kind == "logo" else project_revenue(frame))
    frame = sample.history(kind, by="segment")
    found = kept_of_group(logo_groups(frame, 12) if kind == "logo" else revenue_groups(frame, 12), segment)
    assert isinstance(found, Kept)
    months = frame["term_months"] if kind == "logo" else 12
    assert found.oldest_age == int((frame["age"] * months)[frame["slice"] == segment].max() // 12)
    return found
