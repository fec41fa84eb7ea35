"""Customer-success hours by revenue and by potential, and lost deals on the clock."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from decade.charts import logos as charts
from decade.charts.formats import count, money, percent
from decade.ui import session
from decade.ui.empty import nothing
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice, numbers, plain
from decade.ui.projected import Place, place_now
from decade.ui.shelf import made_once
from decade.ui.small_deals import days_until
from decade.ui.table import table

BASES = {"potential": "Potential", "ten_times": "Potential, at most 10 x ARR"}
SHOWN = 8


def moved(frame: pd.DataFrame, basis: str) -> pd.DataFrame:
    """account_id, account, now and then (hours by ARR and by the basis), change; the largest gains first."""
    then = frame[f"hours_by_{basis}"]
    found = frame.assign(now=frame["hours_by_arr"], then=then, change=then - frame["hours_by_arr"])
    keys = pa.table({"change": found["change"].to_numpy("float64"), "account_id": pa.array(found["account_id"])})
    order = pc.sort_indices(keys, [("change", "descending"), ("account_id", "ascending")])  # Arrow sorts texts quickest
    return found.take(order.to_numpy()).reset_index(drop=True)


@made_once()
def _moved(place: Place, hours: float, basis: str, is_masked: bool, frame: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001
    return moved(frame, basis)


def hours_box(hours: float, basis: str, limit: float) -> None:
    """Who wins and who loses time when it follows potential, as bars and as a list."""
    frame = fetch("success_capacity", hours=float(hours))
    if frame.empty:
        nothing("Capacity", "No account in this scope has a contract value.")
        return
    found = _moved(place_now(), float(hours), basis, session.is_masked(), frame)
    change, now, then, share = (
        found[name].to_numpy("float64", na_value=np.nan) for name in ("change", "now", "then", "penetration")
    )
    up, down = change > 0.005, change < -0.005
    small = found["is_big_logo"].fillna(False).to_numpy(bool) & (share < limit)
    numbers(
        [
            ("Move up", count(up.sum()), "Accounts that would get more hours than by ARR."),
            ("Move down", count(down.sum()), "Accounts that would get fewer."),
            (
                "Hours that move",
                f"{change[up].sum():,.0f} of {hours:,.0f}",
                "Hours taken from some, given to others.",
            ),
            (
                f"Big logos below {percent(limit, 0)}",
                f"{now[small].sum():,.1f} to {then[small].sum():,.1f} h",
                "Hours of big logos that bought less of their potential than that, by ARR and as chosen.",
            ),
        ]
    )
    ends = found.iloc[[*np.flatnonzero(up)[:SHOWN], *np.flatnonzero(down)[-SHOWN:]]]
    left, right = st.columns([2, 3])
    with left:
        if ends.empty:
            nothing("Who moves", "By this measure everyone keeps the same hours.")
        else:
            unknown = int((found["potential_from"] == "unknown").sum())
            figure(
                charts.movers(ends),
                explains="success_capacity",
                data=found[["account_id", "account", "now", "then", "change"]],
                key="movers",
                title="Most hours won and lost",
                said=f"{unknown:,} accounts without a known potential keep what they have by ARR"
                if basis == "potential"
                else f"{unknown:,} accounts without a known potential count with 10 x ARR",
            )
    with right, st.container(border=True, key="capacity_box"):
        st.markdown("**Hours of each account**")
        table(
            found,
            explains="success_capacity",
            key="capacity",
            columns=[
                "account",
                "change",
                "hours_by_arr",
                f"hours_by_{basis}",
                "rank_by_arr",
                f"rank_by_{basis}",
                "arr",
                "potential_acv",
                "penetration",
                "owner",
            ],
            also={"change": "hours"},
            height=395,
        )


def lost_box(as_of: date | None, currency: str) -> None:
    """Lost deals that are still alive: when the 90, 180 and 365-day clocks ring."""
    which = {"small": "Small, big logos", "big": "All with big logos", "every": "All lost deals"}
    with st.container(border=True, key="lost_box"):
        st.markdown("**Lost deals still alive: 90, 180 and 365 days after the loss**")
        left, right = st.columns(2)
        with left:
            only = choice("Deals", which, key="lost", default="small")
        with right:
            clocks = {"alive": "On the clock", "30": "Due in 30 days", "all": "Also after a year"}
            clock = choice("Clock", clocks, key="clock", default="alive")
        frame = fetch("lost_deals", only=only)
        later = int(frame["is_won_later"].fillna(False).sum())
        if clock != "all":
            frame = frame[frame["next_clock_days"].notna()]
        if clock == "30":
            frame = frame[days_until(frame["next_due_on"], as_of) <= 30]
        st.caption(
            plain(
                f"{count(len(frame))} deals, {money(frame['amount'].sum(), currency)}. Of all these lost deals, "
                f"{later:,} belong to accounts that bought later."
            )
        )
        table(
            frame.reset_index(drop=True),
            explains="lost_deals",
            key="lost_deals",
            columns=[
                "account",
                "amount",
                "closed_on",
                "days_since",
                "next_clock_days",
                "next_due_on",
                "lost_reason",
                "competitor",
                "is_won_later",
                "owner",
                "deal_id",
            ],
        )
