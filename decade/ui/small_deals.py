"""The list of small deals in big logos: its filters, and its files for the weekly review and for the CRM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from decade.conventions import Conventions
from decade.ui.export import csv_bytes
from decade.ui.page import option
from decade.ui.table import title_of

RISKS = {"all": "Any risk", "high": "High", "medium": "Medium", "low": "Low", "not known": "Not known"}
GATES = {"all": "Any gate", "penetration": "Penetration", "CIO office": "CIO office", "procurement": "Procurement"}
DUE = {"all": "Any time", "30": "Within 30 days", "90": "Within 90 days", "180": "Within 180 days"}
REVIEW = [
    "account",
    "owner",
    "segment",
    "acv",
    "open_potential",
    "penetration",
    "landing_penetration",
    "stakeholders_named",
    "stakeholders_touched",
    "last_touch_on",
    "gates_failed",
    "renewal_on",
    "risk",
    "reasons",
]
FOR_CRM = [
    "crm_id",
    "account_id",
    "account",
    "risk",
    "reasons",
    "gates_failed",
    "renewal_on",
    "acv",
    "potential_acv",
    "penetration",
    "stakeholders_named",
    "stakeholders_touched",
    "last_touch_on",
]


def filtered(frame: pd.DataFrame, rules: Conventions) -> pd.DataFrame:
    """The rows that the three filters leave; money at stake first, as they come."""
    first, second, third, _ = st.columns([1, 1, 1, 2])
    with first:
        risk = option("Risk", RISKS, key="risk", default="all")
    with second:
        gate = option("Gate failed", GATES, key="gate", default="all")
    with third:
        due = option("Renewal", DUE, key="due", default="all")
    kept = pd.Series(True, index=frame.index)
    if risk != "all":
        kept &= frame["risk"] == risk
    if gate != "all":
        kept &= fails(frame, gate)
    if due != "all":
        kept &= days_until(frame["renewal_on"], rules.as_of) <= int(due)
    return frame[kept].reset_index(drop=True)


def days_until(days: pd.Series, as_of: date | None) -> pd.Series:
    """Days from as_of to each day; missing where one is."""
    return (pd.to_datetime(days) - pd.to_datetime(str(as_of))).dt.days


def fails(frame: pd.DataFrame, gate: str) -> pd.Series:
    """Which accounts have not passed a gate; a gate that is not known is not passed either."""
    return frame["gates_failed"].fillna("").str.contains(gate, regex=False)


def downloads(frame: pd.DataFrame) -> None:
    """Two files of the rows shown: one to read in the weekly review, one for the CRM with its ids."""
    if frame.empty:
        return
    left, right, _ = st.columns([1, 1, 2])
    for column, label, name, make in (
        (left, "For the weekly review", "weekly_review.csv", for_review),
        (right, "For the CRM, ids kept", "small_deals_for_crm.csv", for_crm),
    ):
        column.download_button(
            label,
            data=partial(_written, make, frame),
            file_name=name,
            mime="text/csv",
            on_click="ignore",
            key=f"file_{name}",
            icon=":material/download:",
            width="stretch",
        )


def _written(make: Callable[[pd.DataFrame], pd.DataFrame], frame: pd.DataFrame) -> bytes:
    return csv_bytes(make(frame))


def for_review(frame: pd.DataFrame) -> pd.DataFrame:
    """What people discuss, with headings as on screen, money in whole units and rates in percent."""
    found = frame[REVIEW].copy()
    for name in ("acv", "open_potential"):
        found[name] = found[name].round(0)
    for name in ("penetration", "landing_penetration"):
        found[name] = (100 * found[name]).round(1)
    heads = {name: title_of(name) + (", %" if "penetration" in name else "") for name in REVIEW}
    return found.rename(columns=heads)


def for_crm(frame: pd.DataFrame) -> pd.DataFrame:
    """What a CRM takes back: its own id first (else the account's), plain column names, plain values."""
    found = frame[FOR_CRM].copy()
    found["crm_id"] = found["crm_id"].where(found["crm_id"].notna(), found["account_id"])
    return found
