"""What all logo models share: a likelihood on the life table, a curve as the outcome, and two naive baselines.

Every model is a function of (at_risk, lost), two arrays by renewal decision pooled over cohorts, and returns a `Curve`.
The likelihood is the product over decisions of h^lost (1 - h)^(at_risk - lost), where h is the share of the accounts at
risk that leave. It is exact for right censoring and for left truncation, and for one complete cohort equals the
multinomial likelihood of Fader and Hardie (2007).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import xlog1py, xlogy

from decade.errors import Refused
from decade.models.life_table import Array

TAIL_AGES = 2
Z80 = 1.2815515655446004


@dataclass(frozen=True)
class Curve:
    """A fitted model: its parameters, log-likelihood and the share of accounts that are left after each decision.

    `note` says in words what the data could not decide; empty when it could.
    """

    name: str
    parameters: Mapping[str, float]
    log_likelihood: float
    shares: Callable[[Array], Array] = field(repr=False)
    note: str = ""

    def survival(self, horizon: int) -> Array:
        """Share left after 0, 1, … `horizon` decisions: from 1, never rising, never negative."""
        return np.minimum.accumulate(np.clip(self.shares(np.arange(horizon + 1.0)), 0.0, 1.0))

    def hazard(self, horizon: int) -> Array:
        """Share of those at risk that leave at decision 1, … `horizon`."""
        return hazards(self.survival(horizon))


def hazards(survival: Array) -> Array:
    """Share lost at each decision of those who reached it; 0 where nobody is left."""
    before = survival[..., :-1]
    return np.where(before > 0, 1 - survival[..., 1:] / np.where(before > 0, before, 1.0), 0.0)


def log_likelihood(hazard: Array, at_risk: Array, lost: Array) -> float:
    """Log-likelihood of hazards, natural logarithm; minus infinity when the data is impossible under them."""
    return float(np.sum(xlogy(lost, hazard) + xlog1py(at_risk - lost, -hazard)))


def checked(name: str, at_risk: Array, lost: Array, decisions: int) -> tuple[Array, Array]:
    """The data up to the last decision made; refused by the model's name when there are too few decisions."""
    seen = np.flatnonzero(at_risk > 0)
    found = int(seen[-1]) + 1 if seen.size else 0
    if found < decisions or lost.sum() <= 0:
        what = (
            f"{name} needs {decisions} renewal decisions and at least one loss, there are {found} and {lost.sum():.0f}"
        )
        raise Refused(what, where="projection", do="Wait for another renewal, or widen the selection.")
    return at_risk[:found], lost[:found]


def constant_rate(at_risk: Array, lost: Array) -> Curve:
    """The baseline "nothing improves with tenure": at every decision the same share leaves, lost ÷ at risk."""
    at_risk, lost = checked("constant rate", at_risk, lost, 1)
    rate = float(lost.sum() / at_risk.sum())
    likelihood = log_likelihood(np.full(at_risk.size, rate), at_risk, lost)
    return Curve("constant rate", {"churn": rate}, likelihood, lambda age: np.asarray((1 - rate) ** age))


def kaplan_meier(at_risk: Array, lost: Array, z: float = Z80) -> tuple[Array, Array, Array]:
    """Product-limit survival after 0, 1, … decisions, with its interval (80 % unless told).

    The interval is Greenwood's on the complementary log-log scale, so that it stays between 0 and 1.
    """
    hazard = np.where(at_risk > 0, lost / np.where(at_risk > 0, at_risk, 1.0), 0.0)
    survival = np.concatenate([[1.0], np.cumprod(1 - hazard)])
    left = at_risk - lost
    term = np.where(left > 0, lost / np.where(left > 0, at_risk * left, 1.0), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.concatenate([[0.0], np.cumsum(term)])) / np.abs(np.log(survival))
        low, high = survival ** np.exp(z * error), survival ** np.exp(-z * error)
    is_certain = (survival >= 1) | (survival <= 0)
    return survival, np.where(is_certain, survival, low), np.where(is_certain, survival, high)


def kaplan_meier_tail(at_risk: Array, lost: Array) -> Curve:
    """The baseline that repeats what was seen, then goes on with the churn of the two latest decisions for ever."""
    at_risk, lost = checked("Kaplan-Meier with constant tail", at_risk, lost, 1)
    seen = kaplan_meier(at_risk, lost)[0]
    late = slice(-TAIL_AGES, None)
    tail = float(lost[late].sum() / at_risk[late].sum())
    if not at_risk.all():  # decisions that nobody was seen to reach
        seen = np.concatenate([[1.0], np.cumprod(1 - np.where(at_risk > 0, hazards(seen), tail))])
    observed = hazards(seen)

    def shares(age: Array) -> Array:
        beyond = np.maximum(age - (seen.size - 1), 0)
        return np.asarray(seen[np.minimum(age.astype(int), seen.size - 1)] * (1 - tail) ** beyond)

    likelihood = log_likelihood(observed, at_risk, lost)
    return Curve("Kaplan-Meier with constant tail", {"tail_churn": tail}, likelihood, shares)
