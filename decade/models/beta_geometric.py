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
from scipy.special import betaln, expit

from decade.models.life_table import Array
from decade.models.survival import Curve, checked, hazards, log_likelihood

ALIKE = "heterogeneity not identified: the data shows no difference between accounts"
LARGEST = 1e5
STEPS = 60
HIGHEST_LOGS = np.array([9.2, 9.2, 2.5])
NUDGE = 1e-4
LENGTHS = 2.0 ** -np.arange(12)


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
    """Maximum likelihood from two starts, to the last digit because the ridge is flat; needs three decisions."""
    at_risk, lost = checked("beta-discrete-Weibull", at_risk, lost, 3)
    first = float(np.clip(lost[0] / max(at_risk[0], 1.0), 0.01, 0.9))
    starts = [[*_newton(at_risk, lost), 1.0], [0.5 * first, 1.5 * (1 - first), 1.5]]

    def shares(logs: Array, age: Array) -> Array:
        alpha, beta, shape = np.exp(np.clip(logs, -12, HIGHEST_LOGS)).T[..., None]
        log_shares = betaln(alpha, beta + age**shape) - betaln(alpha, beta)
        return np.asarray(np.exp(log_shares))

    logs = _best(shares, np.minimum(np.log(starts), HIGHEST_LOGS), at_risk, lost)
    alpha, beta, shape = (float(each) for each in np.exp(np.clip(logs, -12, HIGHEST_LOGS)))
    note = ALIKE if max(alpha, beta) > LARGEST / 100 else ""
    found = beta_survival(alpha, beta, shape)
    likelihood = log_likelihood(hazards(found(np.arange(at_risk.size + 1.0))), at_risk, lost)
    return Curve("beta-discrete-Weibull", {"alpha": alpha, "beta": beta, "shape": shape}, likelihood, found, note)


def discrete_weibull(at_risk: Array, lost: Array) -> Curve:
    """Maximum likelihood of one churn probability with duration dependence; needs two decisions."""
    at_risk, lost = checked("discrete Weibull", at_risk, lost, 2)
    first = float(np.clip(lost[0] / max(at_risk[0], 1.0), 0.01, 0.9))

    def shares(logs: Array, age: Array) -> Array:
        theta, shape = expit(logs.T[0, ..., None]), np.exp(np.clip(logs.T[1, ..., None], -12, HIGHEST_LOGS[-1]))
        return np.asarray((1 - theta) ** (age**shape))

    logs = _best(shares, np.array([[np.log(first / (1 - first)), 0.0]]), at_risk, lost)

    def found(age: Array) -> Array:
        return shares(logs, age)

    likelihood = log_likelihood(hazards(found(np.arange(at_risk.size + 1.0))), at_risk, lost)
    parameters = {"theta": float(expit(logs[0])), "shape": float(np.exp(logs[1]))}
    return Curve("discrete Weibull", parameters, likelihood, found)


def _best(shares: Callable[[Array, Array], Array], starts: Array, at_risk: Array, lost: Array) -> Array:
    """The parameters of the highest likelihood from any start: Newton steps with differences for derivatives.

    `shares`: parameters (any number x their count) and ages to the share left, one row per set of parameters.
    """
    age, stayed = np.arange(at_risk.size + 1.0), at_risk - lost

    def misfit(points: Array) -> Array:
        hazard = np.clip(hazards(np.maximum(shares(points, age), 1e-300)), 1e-12, 1 - 1e-12)
        return -(np.log(hazard) @ lost + np.log1p(-hazard) @ stayed)

    found = [_descended(misfit, start) for start in starts]
    return min(found, key=lambda point: float(misfit(point[None])[0]))


def _descended(misfit: Callable[[Array], Array], now: Array) -> Array:
    count = now.size
    one = NUDGE * np.eye(count)
    i, j = np.tril_indices(count, -1)
    around = np.vstack([np.zeros(count), one, -one, one[i] + one[j], -one[i] - one[j]])
    for _ in range(STEPS // 2):
        found = misfit(now + around)
        value, near = found[0], found[1:]
        up, down = near[:count], near[count : 2 * count]
        slope = (up - down) / (2 * NUDGE)
        bend = np.diag(up + down - 2 * value)
        both = near[2 * count :].reshape(2, -1).sum(axis=0)
        bend[i, j] = bend[j, i] = (both - (up + down)[i] - (up + down)[j] + 2 * value) / 2
        curvature, axes = np.linalg.eigh(bend / NUDGE**2)
        # Along a ridge, or where the likelihood bends the wrong way, a step downhill of at most 1 is taken.
        step = -axes @ ((axes.T @ slope) / np.maximum(np.abs(curvature), 1e-4))
        step /= max(1.0, float(np.abs(step).max()))
        tried = misfit(now + LENGTHS[:, None] * step)
        best = int(np.argmin(tried))
        gained = value - tried[best]
        if not gained > 0:
            break
        now = now + LENGTHS[best] * step
        if gained < 1e-9:
            break
    return now
