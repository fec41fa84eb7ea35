"""Discrete-time proportional hazards: a complementary log-log regression on account-years, clustered by account.

log(-log(1 - h)) = a(age) + b.x is Cox's model seen in whole years (Prentice and Gloeckler 1978): exp(b) is a hazard
ratio. Fitted by iteratively reweighted least squares; standard errors are the sandwich with one cluster an account,
times G / (G - 1), and model-based ones stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.errors import Refused
from decade.models.life_table import Array, Whole

STEPS = 60
TOLERANCE = 1e-12
RIDGE = 1e-9
FARTHEST = 30.0


@dataclass(frozen=True)
class Fit:
    """Coefficients by name, with clustered (`error`) and model-based (`plain_error`) standard errors.

    `rows` account-years of `accounts` accounts were used, with `events` losses. `has_settled` is false when the data
    does not hold the coefficients.
    """

    names: tuple[str, ...]
    coefficient: Array
    error: Array
    plain_error: Array
    rows: int
    accounts: int
    events: int
    log_likelihood: float
    has_settled: bool

    def of(self, name: str) -> tuple[float, float]:
        """A coefficient and its clustered standard error."""
        at = self.names.index(name)
        return float(self.coefficient[at]), float(self.error[at])


def account_years(entered_after: Whole, last_year: Whole, is_lost: Array) -> tuple[Whole, Whole, Array]:
    """One row per account and year at risk: the account's place, the year (from 1), and 1.0 where it left."""
    span = np.maximum(last_year - entered_after, 0)
    account = np.repeat(np.arange(span.size), span)
    first = np.repeat(np.cumsum(span) - span, span)
    year = np.arange(account.size) - first + 1 + entered_after[account]
    left = (year == last_year[account]) & (is_lost[account] > 0)
    return account, year, left.astype(float)


def fit(account: Whole, year: Whole, left: Array, covariates: pd.DataFrame) -> Fit:
    """The regression on account-years; `covariates` has a row per account, numbers only.

    Years in which nobody or everybody left say nothing about the covariates and are left out, as in Cox's model; so are
    the rows of a 0/1 covariate among which nobody left. Refused without a loss, or with fewer losses than coefficients.
    """
    values = covariates.to_numpy(dtype=float)
    names = list(covariates.columns)
    keep = np.ones(account.size, dtype=bool)
    while True:
        before = int(keep.sum())
        kept = np.flatnonzero(keep)
        lost = np.bincount(year[kept], weights=left[kept], minlength=int(year.max(initial=0)) + 1)
        seen = np.bincount(year[kept], minlength=lost.size)
        keep &= (lost[year] > 0) & (lost[year] < seen[year])
        for column in range(values.shape[1]):
            flag = values[account, column]
            if np.isin(values[:, column], (0.0, 1.0)).all() and not left[keep & (flag > 0)].any():
                keep &= flag == 0
        if int(keep.sum()) == before:
            break
    account, year, left = account[keep], year[keep], left[keep]
    events = int(left.sum())
    if events == 0:
        raise Refused("nobody left, so there is no risk to compare", where="trend test", do="Widen the scope.")
    x = values[account]
    varies = np.array([np.ptp(x[:, column]) > 0 for column in range(x.shape[1])], dtype=bool)
    x, names = x[:, varies], [name for name, used in zip(names, varies, strict=True) if used]
    years, place = np.unique(year, return_inverse=True)
    if events <= x.shape[1]:
        what = f"{events} losses cannot hold {x.shape[1]} coefficients"
        raise Refused(what, where="trend test", do="Widen the scope.")
    rows = _Rows(x - x.mean(axis=0), place, left, years.size)
    beta, settled, likelihood = _solve(rows)
    curvature, slope = rows.derivatives(beta)
    inverse = np.linalg.pinv(rows.crossed(curvature))
    _, cluster = np.unique(account, return_inverse=True)
    groups = int(cluster.max()) + 1
    scores = rows.summed_by(cluster, groups, slope)
    sandwich = inverse @ (scores.T @ scores) @ inverse * groups / max(groups - 1, 1)
    tail = slice(years.size, None)
    return Fit(
        names=tuple(names),
        coefficient=beta[tail],
        error=np.sqrt(np.maximum(np.diag(sandwich)[tail], 0)),
        plain_error=np.sqrt(np.maximum(np.diag(inverse)[tail], 0)),
        rows=int(account.size),
        accounts=groups,
        events=events,
        log_likelihood=likelihood,
        has_settled=settled,
    )


@dataclass(frozen=True)
class _Rows:
    """Account-years as covariates `x`, the place of their year among `ages`, and 1.0 where the account left.

    A flag a year would be most of the design matrix: sums by year do the same in a fraction of the time.
    """

    x: Array
    place: Whole
    left: Array
    ages: int

    def rates(self, beta: Array) -> tuple[Array, Array]:
        """The integrated hazard of each row, and its hazard."""
        linear = beta[self.ages :] @ self.x.T + beta[: self.ages][self.place]
        rate = np.exp(np.clip(linear, -FARTHEST, 4.0))
        return rate, -np.expm1(-rate)

    def likelihood(self, beta: Array) -> float:
        """Log-likelihood, natural logarithm."""
        rate, hazard = self.rates(beta)
        return float(np.sum(self.left * np.log(hazard) - (1 - self.left) * rate))

    def derivatives(self, beta: Array) -> tuple[Array, Array]:
        """Of each row's log-likelihood by its linear predictor: minus the second, and the first."""
        rate, hazard = self.rates(beta)
        slope = rate * (self.left - hazard) / hazard
        return self.left * rate**2 * (1 - hazard) / hazard**2 - slope, slope

    def summed(self, values: Array) -> Array:
        """The design matrix, transposed, times `values`."""
        return np.concatenate([np.bincount(self.place, values, self.ages), self.x.T @ values])

    def crossed(self, weight: Array) -> Array:
        """The design matrix, transposed, times itself, weighted."""
        weighted = self.x * weight[:, None]
        side = np.empty((self.ages, self.x.shape[1]))
        for column in range(side.shape[1]):
            side[:, column] = np.bincount(self.place, weighted[:, column], self.ages)
        return np.block([[np.diag(np.bincount(self.place, weight, self.ages)), side], [side.T, weighted.T @ self.x]])

    def summed_by(self, cluster: Whole, groups: int, values: Array) -> Array:
        """Sums of the design matrix times `values`, a row a cluster."""
        by_age = np.bincount(cluster * self.ages + self.place, values, groups * self.ages).reshape(groups, self.ages)
        rest = [np.bincount(cluster, self.x[:, column] * values, groups) for column in range(self.x.shape[1])]
        return np.column_stack([by_age, *rest])


def _solve(rows: _Rows) -> tuple[Array, bool, float]:
    """Fisher scoring with step halving, from each year's own hazard."""
    ages = rows.ages
    seen, lost = np.bincount(rows.place, minlength=ages), np.bincount(rows.place, rows.left, ages)
    beta = np.zeros(ages + rows.x.shape[1])
    beta[:ages] = np.log(-np.log1p(-np.clip(lost / seen, 1e-6, 1 - 1e-6)))
    likelihood = rows.likelihood(beta)
    for _ in range(STEPS):
        rate, hazard = rows.rates(beta)
        gradient = rows.summed(rate * (rows.left - hazard) / hazard)
        information = rows.crossed(rate**2 * (1 - hazard) / hazard)
        step = np.linalg.solve(information + RIDGE * np.eye(beta.size), gradient)
        if gradient @ step < TOLERANCE:
            return beta, bool(np.abs(beta[ages:]).max(initial=0) < FARTHEST), likelihood
        found = rows.likelihood(beta + step)
        while found < likelihood and np.abs(step).max() > TOLERANCE:
            step = step / 2
            found = rows.likelihood(beta + step)
        beta, likelihood = beta + step, found
    return beta, False, likelihood
