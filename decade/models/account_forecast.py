"""What an account's revenue is expected to become, if it does as accounts of its age did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decade.models.projection import QUANTILES, Projection


def account_forecast(found: Projection, mrr: float, age_months: int) -> pd.DataFrame:
    """Rows of years_ahead, age, low, median, high (MRR) for each later age of the projection; empty past its end.

    The pooled line from the account's age on, relative to that age, path by path: an average account of this age in
    the projected scope, not this account's own behaviour. `low` and `high` hold 80 % of the paths.
    """
    age = int(age_months // found.age_months)
    paths = np.nan_to_num(found.pooled_paths)
    ages = np.arange(age + 1, paths.shape[0])
    if not ages.size:
        return pd.DataFrame(columns=["years_ahead", "age", "low", "median", "high"])
    start = np.where(paths[age] > 0, paths[age], np.nan)
    low, median, high = np.nanquantile(mrr * paths[ages] / start, QUANTILES, axis=1)
    ahead = (ages - age) * found.age_months / 12
    return pd.DataFrame({"years_ahead": ahead, "age": ages, "low": low, "median": median, "high": high})
