"""What every Explain has: the box that is filled when it is opened, the columns in words, the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from decade.queries import Column

SHOWN = 500


def explain_box(key: str) -> DeltaGenerator | None:
    """The box to fill; None while it is closed, so that nothing is made before it is opened."""
    box = st.popover("Explain", icon=":material/info:", key=f"{key}_explain", on_change="rerun", type="tertiary")
    return box if box.open else None


def columns_in_words(columns: Iterable[Column], key: str) -> None:
    """Name, unit and meaning of each column."""
    told = pd.DataFrame([(c.name, c.unit, c.meaning) for c in columns], columns=["Column", "Unit", "Meaning"])
    st.dataframe(told, hide_index=True, height=240, key=f"{key}_columns")


def first_rows(rows: pd.DataFrame, config: dict[str, Any], key: str) -> None:
    """The first of the rows that a figure shows."""
    st.dataframe(rows.head(SHOWN), hide_index=True, height=330, key=f"{key}_data", column_config=config)
