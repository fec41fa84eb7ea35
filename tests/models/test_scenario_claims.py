"""The published claim taken apart, and what a plan needs against what a workspace shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decade.models.scenario import Scenario, preset
from decade.models.scenario_claims import Evidence, claim_sentence, claims, needed_nrr, support


def test_the_claim_disagrees_with_itself() -> None:
    table = claims()
    assert table["nrr"].iloc[0] == pytest.approx(1.146913, abs=1e-6)
    assert table["revenue"].round(0).tolist() == [2_000_000, 2_595_868, 6_981_366, 2_000_000, 2_000_000, 1_000_000]
    assert table["damping"].tolist()[3:5] == pytest.approx([0.8987, 0.6247], abs=5e-5)
    assert table["break_even_cac"].iloc[[0, 1, 2, 5]].div(1000).round(0).tolist() == [983, 1234, 3009, 546]
    said = claim_sentence(table)
    for part in ("$2M in ten years need 114.7 %", "$2.60M to $6.98M", "fades to 0.62", "$546k"):
        assert part in said


@pytest.mark.parametrize(
    ("scenario", "needed"),
    [
        (Scenario(nrr=1.2), 1.2),
        (Scenario(nrr=1.2, churn=0.1), 1.08),
        (Scenario(nrr=1.4, damping=0.6), 1.4),
        (Scenario(nrr=(1.1, 1.3, 1.0)), 1.3),
        (Scenario(nrr=1.1, price_steps=0.05), 1.155),
        (Scenario(nrr=1.1, price_steps=((3, 0.1),), churn=0.5), 0.605),
        (Scenario(nrr=1.5, years=1), 1.0),
        (Scenario(nrr=1.5, churn=1.0), 0.0),
        (Scenario(nrr=1.2, free_months=18.0, grows_while_free=False), 1.2),
        (Scenario(nrr=1.2, billing="monthly", growth="monthly"), 1.2),
    ],
)
def test_the_nrr_that_a_plan_needs(scenario: Scenario, needed: float) -> None:
    assert needed_nrr(scenario) == pytest.approx(needed, rel=1e-9)


def test_a_plan_that_needs_little_is_not_judged() -> None:
    assert support(Scenario(nrr=1.15), Evidence()) is None
    assert support(preset("mid-market"), Evidence()) is None


@pytest.mark.parametrize(
    ("evidence", "is_supported", "parts"),
    [
        (Evidence(), False, ["needs 120 % NRR", "no NRR yet, no NPS and no CSAT"]),
        (Evidence(nrr=1.05, nps=36.3, nps_answers=201), False, ["105 % NRR", "an NPS of 36 from 201 answers"]),
        (Evidence(nrr=1.21), True, ["121 % over the last twelve months"]),
        (Evidence(nrr=1.19), False, ["119 % NRR"]),
        (Evidence(nrr=1.0, nps=55.0, nps_answers=40), True, ["an NPS of 55 from 40 answers"]),
        (Evidence(nrr=1.0, nps=55.0, nps_answers=3), False, ["from 30 answers would"]),
        (Evidence(nps=36.0, nps_answers=200, csat=0.95, csat_answers=300), False, ["95 % satisfied of 300 answers"]),
        (Evidence(nps=90.0, nps_answers=3, csat=0.95, csat_answers=300), True, ["95 % satisfied"]),
        (Evidence(csat=0.9, csat_answers=30), True, ["90 % satisfied of 30 answers"]),
    ],
)
def test_support_in_words(evidence: Evidence, is_supported: bool, parts: list[str]) -> None:
    found = support(replace(preset("ten-year-120")), evidence)
    assert found is not None
    assert found[0] == is_supported
    assert all(part in found[1] for part in parts)
