"""Lifetime value and payback in closed form: the formulas people know, and referees for the scenario."""

from __future__ import annotations

import math

from scipy.special import hyp2f1

from decade.errors import Refused


def lifetime_value(arpa: float, churn: float, margin: float = 1.0, expansion: float = 0.0) -> float:
    """Money from one customer for ever, not discounted: ARPA x margin / (1 - (1 - churn)(1 + expansion)).

    `arpa`, `churn` and `expansion` are a month's. Without expansion: ARPA x margin / churn.
    Refused when what stays does not shrink: without a horizon the sum has no end.
    """
    kept = (1 - churn) * (1 + expansion)
    if kept >= 1:
        raise Refused(
            f"lifetime value has no end: each month keeps {kept:.2%} of the revenue of the month before",
            where="lifetime value",
            do="Set a horizon.",
        )
    return arpa * margin / (1 - kept)


def nominal_payback_months(cac: float, mrr: float, margin: float) -> float:
    """Months of margin that make up CAC when nobody leaves; refused when there is no margin."""
    if mrr * margin <= 0:
        raise Refused("CAC is never paid back: there is no margin", where="payback", do="Check MRR and margin.")
    return cac / (mrr * margin)


def survival_adjusted_payback_months(nominal: float, churn: float) -> int | None:
    """First whole month in which expected margin reaches CAC at a constant monthly churn; None when never."""
    if churn == 0:
        return math.ceil(nominal)
    if nominal * churn >= 1:
        return None
    return math.ceil(math.log1p(-nominal * churn) / math.log1p(-churn))


def discounted_expected_lifetime(alpha: float, beta: float, discount_rate: float) -> float:
    """Expected discounted payments of a new customer under sBG, at 0, 1, 2, … years."""
    return float(hyp2f1(1, beta, alpha + beta, 1 / (1 + discount_rate)))


def residual_lifetime_before_renewal(alpha: float, beta: float, discount_rate: float, renewal: int) -> float:
    """Expected discounted payments of a customer just before the given renewal decision (1 = the first)."""
    total = alpha + beta + renewal
    share = (beta + renewal - 1) / (total - 1)
    return float(share * hyp2f1(1, beta + renewal, total, 1 / (1 + discount_rate)))
