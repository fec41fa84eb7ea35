"""The lower half of the retention page: its slices ranked, how sure it is, and on how few accounts it leans."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from decade.charts import multiples
from decade.charts.formats import is_missing, money, percent
from decade.models.confidence import Interval, ratio_interval
from decade.models.leaders import TOP, leaders
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import plain
from decade.ui.table import table
from decade.ui.words import FORMS, SLICES


def how_sure(rates: pd.DataFrame) -> None:
    """One sentence: the interval of the last trailing-twelve-month NRR, and how it was made."""
    if rates.empty or is_missing(rates["nrr"].iloc[-1]):
        return
    kept = fetch("retained_accounts", month=rates["month"].iloc[-1].date())
    found = _interval(kept)
    if found is None:
        st.caption(f"NRR rests on {len(kept):,} accounts: too few for an interval.")
    else:
        st.caption(f"NRR {percent(found.low)} to {percent(found.high)}: {found.words()}.")


def slices(shown: pd.DataFrame, form: str, by: str) -> None:
    """NRR of each slice in small multiples, and all of them ranked in a table."""
    figure(
        multiples.retention(shown, fetch("revenue_retention", form=form, by="none"), behind="kept"),
        explains="revenue_retention",
        data=shown,
        key="retention",
        title=f"NRR by {SLICES[by].lower()}, {FORMS[form].lower()}",
        picks=["month", "view"],
        opens="behind",
        hint=f"The {multiples.PANELS} largest by MRR at the start; grey: all of them. Click a point for the accounts",
    )
    ranked = _ranked(shown, form, by)
    with st.container(border=True, key="ranked_box"):
        st.markdown(f"**{SLICES[by]} ranked by NRR, {FORMS[form].lower()}, {ranked['month'].iloc[0]:%Y-%m}**")
        columns = ["slice", "nrr", "change", "low", "high", "grr", "logo_retention", "base_mrr", "base_accounts"]
        table(
            ranked,
            explains="revenue_retention",
            key="ranked",
            columns=columns if form == "ttm" else [each for each in columns if each not in ("low", "high")],
            also={"change": "rate", "low": "rate", "high": "rate"},
        )
        told = "Change: against twelve months before. "
        if form == "ttm":
            told += "Low and high: 95 % interval over which customers there happened to be; none below five accounts."
        st.caption(told)


def leaning(rates: pd.DataFrame, currency: str) -> None:
    """On how few accounts NRR leans; computed when it is opened."""
    box = st.expander("On how few accounts does NRR lean?", key="leaning", bind="query-params")
    if not box.open:
        return
    with box:
        if rates.empty or is_missing(rates["nrr"].iloc[-1]):
            st.caption("There is no trailing-twelve-month NRR in this scope yet.")
            return
        kept = fetch("retained_accounts", month=rates["month"].iloc[-1].date())
        found = leaders(kept)
        said = (
            f"NRR is {percent(found.nrr)} at {rates['month'].iloc[-1]:%Y-%m}. Without {found.largest}, the largest "
            f"account a year before ({percent(found.largest_share)} of that MRR), it would be {percent(found.without)}"
        )
        if found.without_grower is not None:
            said += f"; without {found.grower}, which grew most, {percent(found.without_grower)}"
        st.markdown(plain(f"{said}."))
        left, right = st.columns(2)
        for column, rows, share, whole, what, key in (
            (left, found.growers, found.growers_share, found.expansion, "expansion", "growers"),
            (right, found.losers, found.losers_share, found.loss, "loss", "losers"),
        ):
            with column:
                if share is None:
                    st.caption(f"No {what} in these twelve months.")
                    continue
                shown = plain(money(whole, currency))
                st.markdown(f"**The top {min(TOP, len(rows))} made {percent(share, 0)} of {shown} {what}**")
                table(
                    rows,
                    explains="retained_accounts",
                    key=key,
                    columns=["account", "change", "share", "mrr_then", "mrr_now"],
                    also={"share": "rate"},
                )


def _ranked(shown: pd.DataFrame, form: str, by: str) -> pd.DataFrame:
    last = shown["month"].max()
    now = shown[shown["month"] == last]
    before = shown[shown["month"] == last - pd.DateOffset(months=12)].set_index("slice")["nrr"]
    ranked = now.assign(change=now["nrr"] - now["slice"].map(before))
    if form == "ttm":
        kept = fetch("retained_accounts", month=last.date()).merge(fetch("account_slices", by=by), on="account_id")
        found = {str(name): _interval(part) for name, part in kept.groupby("slice")}
        ranked["low"] = [None if (each := found.get(name)) is None else each.low for name in ranked["slice"]]
        ranked["high"] = [None if (each := found.get(name)) is None else each.high for name in ranked["slice"]]
        ranked = ranked.astype({"low": "float64", "high": "float64"})
    ordered: pd.DataFrame = ranked.sort_values("nrr", ascending=False, na_position="last", kind="stable")
    return ordered.reset_index(drop=True)


def _interval(kept: pd.DataFrame) -> Interval | None:
    return ratio_interval(kept["mrr_now"].to_numpy("float64"), kept["mrr_then"].to_numpy("float64"))
