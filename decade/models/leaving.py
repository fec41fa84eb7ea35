"""When customers leave: the ages at which more of them go than at the ages beside, group by group."""

from __future__ import annotations

import numpy as np
import pandas as pd

MONTHS = {"month": 1, "quarter": 3, "year": 12}
POINTS = {12: "Month 12", 36: "Year 3"}


def turning_points(frame: pd.DataFrame, grain: str) -> pd.DataFrame:
    """What happens at month 12 and in year 3, beside the ages around it.

    Takes `leaving_by_age` of one grain. One row per point and slice: point, slice, age, at_risk, lost, rate, low, high,
    beside_at_risk, beside_rate: the share that leaves at the age before and the age after together; missing where
    nobody was at risk.
    """
    each = MONTHS[grain]
    rows = []
    for months, point in POINTS.items():
        age = months // each
        for name, part in frame.groupby("slice", sort=False):
            here = part[part["age"] == age]
            if here.empty:
                continue
            beside = part[part["age"].isin((age - 1, age + 1))]
            at_risk = float(beside["at_risk"].sum())
            rows.append(
                {
                    "point": point,
                    "slice": str(name),
                    **here.iloc[0][["age", "at_risk", "lost", "rate", "low", "high"]].to_dict(),
                    "beside_at_risk": at_risk,
                    "beside_rate": float(beside["lost"].sum()) / at_risk if at_risk else np.nan,
                }
            )
    return pd.DataFrame(rows)
