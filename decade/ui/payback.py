"""The payback page's parts: cohorts carried on beyond what was observed, and what becomes of each in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts.formats import money, percent
from decade.models.customer_value import Range

SEEN = ("cohort", "accounts", "cac", "cumulative_margin", "age", "payback_age")


def verdicts(known: pd.DataFrame, crossings: Mapping[str, Range]) -> pd.DataFrame:
    """One row per cohort: cohort, accounts, cac, margin_so_far, share, months, low, high, verdict."""
    rows = []
    lasts = known.loc[~known["cohort"].duplicated(keep="last").to_numpy(), list(SEEN)]
    for values in zip(*(lasts[name].tolist() for name in SEEN), strict=True):
        last: dict[str, Any] = dict(zip(SEEN, values, strict=True))
        seen, ahead = last["payback_age"], crossings.get(str(last["cohort"]))
        row = {
            "cohort": str(last["cohort"]),
            "slice": "All",
            "accounts": int(last["accounts"]),
            "cac": float(last["cac"]),
            "margin_so_far": float(last["cumulative_margin"]),
            "share": float(last["cumulative_margin"] / last["cac"]),
            "age": int(last["age"]),
        }
        if pd.notna(seen):
            rows.append(row | {"months": float(seen), "verdict": f"paid back in month {seen:.0f}"})
        elif ahead is None:
            rows.append(row | {"months": np.nan, "verdict": f"not yet, after {last['age']:.0f} months"})
        elif np.isinf(ahead.median):
            rows.append(row | {"months": np.inf, "verdict": "not within ten years"})
        else:
            until = "beyond ten years" if np.isinf(ahead.high) else f"{ahead.high:.0f}"
            rows.append(
                row
                | {
                    "months": ahead.median,
                    "verdict": f"expected in month {ahead.median:.0f} ({ahead.low:.0f} to {until})",
                }
            )
    return pd.DataFrame(rows)


def what_happens(found: pd.DataFrame, why_not: str) -> str:
    """The verdicts in one sentence; cohorts that never pay back are named."""
    cohorts, months = found["cohort"].tolist(), found["months"].tolist()
    paid = [each for each, verdict in zip(months, found["verdict"].tolist(), strict=True) if verdict.startswith("paid")]
    never = [name for name, each in zip(cohorts, months, strict=True) if np.isinf(each)]
    parts = [f"{len(paid)} of {len(found)} cohorts have paid back"]
    if paid:
        parts[0] += f", in {np.median(paid):.0f} months in the middle"
    if never:
        parts.append(f"Not within ten years: {', '.join(never)}")
    small = [name for name, accounts in zip(cohorts, found["accounts"].tolist(), strict=True) if accounts < 5]
    if small:
        parts.append(f"Fewer than five accounts: {', '.join(small)}")
    return ". ".join([*parts, *([why_not] if why_not else [])])


def verdicts_height(found: pd.DataFrame) -> int:
    """Room for the table of verdicts, in pixels."""
    return min(460, 34 + 33 * len(found))


def verdicts_table(found: pd.DataFrame, currency: str) -> None:
    """What became of each cohort, newest first."""
    written = pd.DataFrame(
        {
            "Cohort": found["cohort"],
            "Accounts": found["accounts"],
            "CAC": [money(value, currency) for value in found["cac"]],
            "Margin so far": [money(value, currency) for value in found["margin_so_far"]],
            "Of CAC": [percent(value, 0) for value in found["share"]],
            "Months seen": found["age"],
            "Payback": found["verdict"],
        }
    )
    st.dataframe(written.iloc[::-1], hide_index=True, key="verdicts", height=verdicts_height(found))
