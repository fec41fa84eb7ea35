"""Retention models whose accounts differ: shifted beta-geometric, beta-discrete-Weibull, and the discrete Weibull.

Each account has a churn probability of its own, drawn from Beta(alpha, beta); the careless leave first, so that the
retention of those who are left rises with age although nobody changes (Fader and Hardie 2007; 2018 for the Weibull
form). Survival after t renewal decisions, B the beta function:

    shifted beta-geometric     S(t) = B(alpha, beta + t) / B(alpha, beta)
    beta-discrete-Weibull      S(t) = B(alpha, beta + t^c) / B(alpha, beta),  c > 1: an account's own risk grows
    discrete Weibull           S(t) = (1 - theta)^(t^c), all accounts alike

For people: alpha / (alpha + beta) is the churn at the first renewal, 1 / (alpha + beta + 1) the polarization, from 0
(all alike) to 1 (each either leaves at once or never).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, expit

from decade.models.life_table import Array
from decade.models.survival import Curve, checked, hazards, log_likelihood

ALIKE = "heterogeneity not identified: the data shows no difference between accounts"
LARGEST = 1e5
STEPS = 60
HIGHEST_LOGS = np.array([9.2, 9.2, 2.5])
PATIENCE = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}


def beta_survival(alpha: float, beta: float, shape: float = 1.0) -> Callable[[Array], Array]:
    """Survival as a function of decisions; shape 1 is the shifted beta-geometric."""
    return lambda age: np.asarray(np.exp(betaln(alpha, beta + age**shape) - betaln(alpha, beta)))


def shifted_beta_geometric(at_risk: Array, lost: Array) -> Curve:
    """Maximum likelihood by damped Newton steps in log alpha and log beta; needs two decisions."""
    at_risk, lost = checked("shifted beta-geometric", at_risk, lost, 2)
    alpha, beta = _newton(at_risk, lost)
    survival = beta_survival(alpha, beta)
    likelihood = log_likelihood(hazards(survival(np.arange(at_risk.size + 1.0))), at_risk, lost)
    note = ALIKE if max(alpha, beta) > LARGEST / 10 else ""
    return Curve("shifted beta-geometric", {"alpha": alpha, "beta": beta}, likelihood, survival, note)


def _newton(at_risk: Array, lost: Array) -> tuple[float, float]:
    elapsed, stayed = np.arange(at_risk.size, dtype=float), at_risk - lost

    def value(alpha: float, beta: float) -> float:
        return float(
            np.sum(lost * np.log(alpha) + stayed * np.log(beta + elapsed) - at_risk * np.log(alpha + beta + elapsed))
        )

    mean = float(np.clip(lost.sum() / at_risk.sum(), 1e-3, 0.9))
    now = np.log([3 * mean, 3 * (1 - mean)])
    best = value(*np.exp(now))
    for _ in range(STEPS):
        alpha, beta = np.exp(now)
        both, renewed = alpha + beta + elapsed, beta + elapsed
        first = np.array([lost.sum() / alpha, (stayed / renewed).sum()]) - (at_risk / both).sum()
        shared = (at_risk / both**2).sum()
        slope = np.array([alpha, beta]) * first
        bend = np.array(
            [
                [alpha**2 * (shared - lost.sum() / alpha**2) + slope[0], alpha * beta * shared],
                [alpha * beta * shared, beta**2 * (shared - (stayed / renewed**2).sum()) + slope[1]],
            ]
        )
        if np.abs(slope).max() < 1e-9:
            break
        damping, step, tried = 0.0, np.zeros(2), best
        for _ in range(30):
            damped = bend - damping * np.eye(2)
            if damped[0, 0] < 0 and np.linalg.det(damped) > 0:
                step = np.clip(-np.linalg.solve(damped, slope), -2, 2)
                step = np.clip(now + step, -np.log(LARGEST), np.log(LARGEST)) - now
                tried = value(*np.exp(now + step))
                if tried >= best - 1e-12:
                    break
            damping = 4 * damping + 1e-3 * (1 + np.abs(bend).max())
        if tried < best - 1e-12:
            break
        now, gained, best = now + step, tried - best, tried
        if abs(gained) < 1e-13 and np.abs(step).max() < 1e-8:
            break
    return float(np.exp(now[0])), float(np.exp(now[1]))


def beta_discrete_weibull(at_risk: Array, lost: Array) -> Curve:
    """Maximum likelihood from two starts, then polished because the ridge is flat; needs three decisions."""
    at_risk, lost = checked("beta-discrete-Weibull", at_risk, lost, 3)
    first = float(np.clip(lost[0] / max(at_risk[0], 1.0), 0.01, 0.9))
    starts = [[5 * first, 5 * (1 - first), 1.0], [0.5 * first, 1.5 * (1 - first), 1.5]]

    def survival(logs: Array) -> Callable[[Array], Array]:
        return beta_survival(*np.exp(np.clip(logs, -12, HIGHEST_LOGS)))

    logs = _best(survival, np.log(starts), at_risk, lost)
    alpha, beta, shape = (float(each) for each in np.exp(np.clip(logs, -12, HIGHEST_LOGS)))
    note = ALIKE if max(alpha, beta) > 5e3 else ""
    found = survival(logs)
    likelihood = log_likelihood(hazards(found(np.arange(at_risk.size + 1.0))), at_risk, lost)
    return Curve("beta-discrete-Weibull", {"alpha": alpha, "beta": beta, "shape": shape}, likelihood, found, note)


def discrete_weibull(at_risk: Array, lost: Array) -> Curve:
    """Maximum likelihood of one churn probability with duration dependence; needs two decisions."""
    at_risk, lost = checked("discrete Weibull", at_risk, lost, 2)
    first = float(np.clip(lost[0] / max(at_risk[0], 1.0), 0.01, 0.9))

    def survival(logs: Array) -> Callable[[Array], Array]:
        theta, shape = expit(logs[0]), np.exp(np.clip(logs[1], -12, HIGHEST_LOGS[-1]))
        return lambda age: np.asarray((1 - theta) ** (age**shape))

    logs = _best(survival, np.array([[np.log(first / (1 - first)), 0.0]]), at_risk, lost)
    found = survival(logs)
    likelihood = log_likelihood(hazards(found(np.arange(at_risk.size + 1.0))), at_risk, lost)
    parameters = {"theta": float(expit(logs[0])), "shape": float(np.exp(logs[1]))}
    return Curve("discrete Weibull", parameters, likelihood, found)


def _best(survival: Callable[[Array], Callable[[Array], Array]], starts: Array, at_risk: Array, lost: Array) -> Array:
    age = np.arange(at_risk.size + 1.0)

    def misfit(logs: Array) -> float:
        hazard = np.clip(hazards(np.maximum(survival(logs)(age), 1e-300)), 1e-12, 1 - 1e-12)
        return -log_likelihood(hazard, at_risk, lost)

    rough = min((minimize(misfit, start, method="L-BFGS-B") for start in starts), key=lambda found: float(found.fun))
    fine = minimize(misfit, rough.x, method="Nelder-Mead", options=PATIENCE)
    return np.asarray(fine.x if fine.fun < rough.fun else rough.x)
