"""Downloads: what a spreadsheet would run as a formula stays text."""

from __future__ import annotations

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before texts that begin like a formula."""
    safe = frame.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        texts = safe[column]
        if pd.api.types.is_datetime64_any_dtype(texts):
            continue
        starts = texts.astype("str").str.startswith(FORMULA_STARTS).fillna(False)
        safe[column] = texts.where(~starts, "'" + texts.astype("str"))
    return safe


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """CSV in UTF-8, dates as YYYY-MM-DD, missing as empty."""
    return neutral(frame).to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8")
