"""Answers with the same column types whatever the rows: dates, whole numbers, floats, flags and texts."""

from __future__ import annotations

import pandas as pd

from decade.queries import Question

KINDS = {
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "count": "Int64",
    "flag": "boolean",
    "money": "float64",
    "rate": "float64",
    "ratio": "float64",
    "months": "float64",
    "days": "float64",
    "hours": "float64",
    "text": "str",
}


def normalise(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The frame with each column in the type of its promised unit; missing stays missing."""
    found = frame.dtypes
    kinds = {
        each.name: KINDS[each.unit]
        for each in question.columns
        if each.name in frame.columns and str(found[each.name]) != KINDS[each.unit]
    }
    return frame.astype(kinds) if kinds else frame
