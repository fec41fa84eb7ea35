"""What lifelines, statsmodels and chainladder say of the data on standard input, as JSON on standard output."""

from __future__ import annotations

import json
import sys

import chainladder
import numpy as np
import pandas as pd
import statsmodels.api as sm
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test


def kaplan_meier(lasted: list[int], is_lost: list[int]) -> dict[str, list[float]]:
    """Survival after each age up to the last, with its 80 % interval."""
    ages = range(max(lasted) + 1)
    fitted = KaplanMeierFitter(alpha=0.2).fit(lasted, is_lost, timeline=ages)
    bounds = fitted.confidence_interval_.to_numpy()
    survival = fitted.survival_function_.to_numpy()[:, 0]
    return {"survival": survival.tolist(), "low": bounds[:, 0].tolist(), "high": bounds[:, 1].tolist()}


def log_rank(lasted: list[int], is_lost: list[int], group: list[str]) -> float:
    """The statistic over all groups."""
    return float(multivariate_logrank_test(lasted, group, is_lost).test_statistic)


def regression(account: list[int], year: list[int], left: list[int], **covariates: list[float]) -> dict[str, list]:
    """Complementary log-log with a level for each year: coefficients, and their errors clustered by account."""
    design = pd.get_dummies(pd.Series(year), dtype=float).assign(**covariates)
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    groups = np.asarray(account)
    clustered = {"groups": groups, "use_correction": False}
    found = sm.GLM(left, design.to_numpy(), family=family).fit(cov_type="cluster", cov_kwds=clustered, tol=1e-12)
    count, size = len(covariates), np.unique(groups).size
    error = found.bse[-count:] * np.sqrt(size / (size - 1))
    return {"coefficient": found.params[-count:].tolist(), "error": error.tolist()}


def mack(triangle: list[list[float | None]]) -> dict[str, object]:
    """Factors, reserves and their standard errors of a cumulative triangle."""
    rows = [
        {"origin": 2000 + row, "development": 2000 + row + age, "value": value}
        for row, values in enumerate(triangle)
        for age, value in enumerate(values)
        if value is not None
    ]
    given = {"origin": "origin", "development": "development", "columns": "value", "cumulative": True}
    cumulative = chainladder.Triangle(pd.DataFrame(rows), **given)
    fitted = chainladder.MackChainladder().fit(
        chainladder.Development(sigma_interpolation="mack").fit_transform(cumulative)
    )
    summary = fitted.summary_.to_frame()
    return {
        "factors": fitted.ldf_.to_frame().to_numpy().ravel().tolist(),
        "reserve": summary["IBNR"].tolist(),
        "error": summary["Mack Std Err"].tolist(),
        "total_error": float(fitted.total_mack_std_err_.to_numpy().ravel()[0]),
    }


JUDGES = {each.__name__: each for each in (kaplan_meier, log_rank, regression, mack)}

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([JUDGES[judge](**data) for judge, data in asked], sys.stdout)
