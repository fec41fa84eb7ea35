"""What is said about ten-year customers against what it adds up to, and what a plan needs against what is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from decade.models.cash_flows import monthly_flows
from decade.models.scenario import evaluate
from decade.models.scenario_inputs import Scenario, preset
from decade.models.scenario_solve import solve
from decade.models.scenario_words import money, percent

CLAIMED_REVENUE = 2_000_000.0
CLAIMED_NRR = (1.2, 1.4)
AMBITIOUS_NRR = 1.15
ENOUGH_NPS, ENOUGH_CSAT, ENOUGH_ANSWERS = 50.0, 0.9, 30


def claims() -> pd.DataFrame:
    """The claim that 120 to 140 % NRR makes $100k become $2M in ten years, taken apart.

    claim, nrr, damping, revenue (ten invoices), times_claimed (revenue over 2 million), break_even_cac (at 80 %
    margin and 10 % a year), needed (what was solved for: nrr, damping or nothing).
    """
    plain = preset("ten-year-2m")
    found = [("The NRR that 2 million need", "nrr", solve(plain, "nrr", "revenue", CLAIMED_REVENUE))]
    found += [(f"{percent(nrr)} every year", "", replace(plain, nrr=nrr)) for nrr in CLAIMED_NRR]
    for nrr in CLAIMED_NRR:
        solved = solve(replace(plain, nrr=nrr), "damping", "revenue", CLAIMED_REVENUE)
        found.append((f"{percent(nrr)} at first, damped until it comes to 2 million", "damping", solved))
    found.append(("Nothing grows", "", replace(plain, nrr=1.0)))
    rows = []
    for claim, needed, scenario in found:
        outcome = evaluate(scenario)
        rows.append(
            {
                "claim": claim,
                "nrr": scenario.nrr,
                "damping": scenario.damping,
                "revenue": outcome.revenue,
                "times_claimed": outcome.revenue / CLAIMED_REVENUE,
                "break_even_cac": outcome.break_even_cac,
                "needed": needed,
            }
        )
    return pd.DataFrame(rows)


def claim_sentence(table: pd.DataFrame, currency: str = "$") -> str:
    """Where the claim disagrees with itself, from the table of `claims`."""
    needed, low, high, _, damped, flat = table.to_dict("records")
    goal = money(CLAIMED_REVENUE, currency)
    return (
        f"{goal} in ten years need {percent(needed['nrr'])} NRR a year; the {percent(low['nrr'])} to "
        f"{percent(high['nrr'])} that are quoted with them give {money(low['revenue'], currency)} to "
        f"{money(high['revenue'], currency)}. {percent(damped['nrr'])} gives {goal} only if its growth fades to "
        f"{damped['damping']:.2f} of itself each year. A CAC of 20 % of the first year is far below what even a "
        f"customer who never grows is worth: {money(flat['break_even_cac'], currency)}."
    )


@dataclass(frozen=True)
class Evidence:
    """What a workspace shows over the last twelve months: NRR, NPS in points, CSAT as a share, numbers of answers."""

    nrr: float | None = None
    nps: float | None = None
    nps_answers: int = 0
    csat: float | None = None
    csat_answers: int = 0

    @property
    def is_loved(self) -> bool:
        """True when customers would recommend the product; where too few were asked, when they are content."""
        if self.nps is not None and self.nps_answers >= ENOUGH_ANSWERS:
            return self.nps >= ENOUGH_NPS
        return self.csat is not None and self.csat >= ENOUGH_CSAT and self.csat_answers >= ENOUGH_ANSWERS


def needed_nrr(scenario: Scenario) -> float:
    """The highest NRR, churn and price steps included, that any year of the plan needs of its customers."""
    flows = monthly_flows(replace(scenario, billing="monthly", free_months=0.0))
    level = (flows.acv * flows.survival)[0, ::12]
    if level.size < 2 or not (level[:-1] > 0).any():
        return 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nanmax(level[1:] / level[:-1]))


def needs_support(scenario: Scenario) -> bool:
    """True for a plan that needs more than 115 % NRR in some year."""
    return needed_nrr(scenario) > AMBITIOUS_NRR + 1e-9


def evidence(retained: Mapping[str, Any], answers: pd.DataFrame) -> Evidence:
    """What a slice shows: its latest row of `revenue_retention` and its rows of `satisfaction`."""
    nrr = retained.get("nrr")
    kinds = answers.set_index("kind")[["score", "answers"]].to_dict("index")
    nps, csat = kinds.get("NPS", {}), kinds.get("CSAT", {})
    return Evidence(
        nrr=None if nrr is None or pd.isna(nrr) else float(nrr),
        nps=100 * float(nps["score"]) if nps else None,
        nps_answers=int(nps.get("answers", 0)),
        csat=float(csat["score"]) if csat else None,
        csat_answers=int(csat.get("answers", 0)),
    )


def support(scenario: Scenario, evidence: Evidence) -> tuple[bool, str] | None:
    """Whether the data supports a plan that needs more than 115 % NRR, in words; None for a plan that does not."""
    if not needs_support(scenario):
        return None
    needed = needed_nrr(scenario)
    plan = f"This plan needs {percent(needed)} NRR in its best year."
    if evidence.nrr is not None and evidence.nrr >= needed:
        return True, f"{plan} The data shows {percent(evidence.nrr)} over the last twelve months."
    shown = "no NRR yet" if evidence.nrr is None else f"{percent(evidence.nrr)} NRR over the last twelve months"
    answers = f"{_nps(evidence)} and {_csat(evidence)}"
    if evidence.is_loved:
        return True, f"{plan} The data shows {shown}, but customers who may well grow: {answers}."
    return False, (
        f"{plan} The data does not support it: it shows {shown}, {answers}. "
        f"An NPS of {ENOUGH_NPS:.0f} from {ENOUGH_ANSWERS} answers would, "
        f"or without one {percent(ENOUGH_CSAT)} satisfied."
    )


def _nps(evidence: Evidence) -> str:
    if evidence.nps is None or not evidence.nps_answers:
        return "no NPS"
    return f"an NPS of {evidence.nps:.0f} from {evidence.nps_answers:,} answers"


def _csat(evidence: Evidence) -> str:
    if evidence.csat is None or not evidence.csat_answers:
        return "no CSAT"
    return f"{percent(evidence.csat)} satisfied of {evidence.csat_answers:,} answers"
