"""Boxes about big logos: concentration, where potential comes from, deals by account size, what does not match."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts import logos as charts
from decade.charts.formats import count, money, percent
from decade.models.concentration import Concentration, concentration, thinned
from decade.ui.empty import nothing
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice
from decade.ui.projected import Place, place_now
from decade.ui.shelf import made_once
from decade.ui.table import column_config, table

SOURCES = {"given": "Given", "employees": "Employees", "unknown": "Not known"}
POTENTIALS = {"at P75": "potential_low", "at P90": "potential_acv", "at P95": "potential_high"}


def concentration_box(accounts: pd.DataFrame) -> None:
    """Lorenz curves of ARR, all accounts and big logos, with Gini and the share of the largest tenth."""
    every, big = _concentrations(place_now(), accounts)
    if every.accounts < 2:
        nothing("Concentration", "It takes two accounts with a contract value to compare.")
        return
    curves = {"All accounts": every.curve}
    if big.accounts > 1:
        curves["Big logos"] = big.curve
    figure(
        charts.lorenz(curves),
        explains="penetration",
        data=accounts,
        key="lorenz",
        title="Concentration of ARR (Lorenz curve)",
        said=f"Gini {every.gini:.2f}; the largest tenth of {every.accounts:,} accounts has {percent(every.top_share)}; "
        f"as concentrated as {every.effective:,.0f} equal accounts",
    )


@made_once()
def _concentrations(place: Place, accounts: pd.DataFrame) -> tuple[Concentration, Concentration]:  # noqa: ARG001
    """That of all accounts and that of big logos, with as much of the curves as is drawn."""
    acv = accounts["acv"].to_numpy("float64", na_value=np.nan)
    both = acv, acv[accounts["is_big_logo"].fillna(False).to_numpy(bool)]
    every, big = (replace(found, curve=thinned(found.curve)) for found in map(concentration, both))
    return every, big


def potential_box(accounts: pd.DataFrame, limit: float) -> None:
    """Accounts, ARR and potential by where the potential comes from, at P75, P90 and P95."""
    rows, below = _potentials(place_now(), limit, accounts)
    with st.container(border=True, key="potential_box"):
        st.markdown("**Where potential comes from**")
        money_shape = st.column_config.NumberColumn(format="compact")
        st.dataframe(
            rows,
            hide_index=True,
            key="sources",
            column_config={
                "potential": "Potential",
                "accounts": st.column_config.NumberColumn("Accounts", format="%,d"),
                "acv": st.column_config.NumberColumn("ARR", format="compact"),
                **dict.fromkeys(POTENTIALS, money_shape),
            },
            placeholder="–",
        )
        st.caption(
            "An estimate takes employees times the P90 of ACV per employee among your own accounts of the segment. "
            f"Big logos below {percent(limit, 0)} of potential: {count(below[0])} with P75, {count(below[1])} with "
            f"P90, {count(below[2])} with P95."
        )


@made_once()
def _potentials(place: Place, limit: float, accounts: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:  # noqa: ARG001
    """Accounts and money by where the potential comes from; big logos below the limit of each potential."""
    source = {name: (accounts["potential_from"] == name).to_numpy(bool) for name in SOURCES}
    held = {name: accounts[name].to_numpy("float64", na_value=np.nan) for name in ("acv", *POTENTIALS.values())}
    rows = pd.DataFrame(
        [
            {
                "potential": said,
                "accounts": int((its := source[name]).sum()),
                "acv": np.nansum(held["acv"][its]),
                **{label: _sum(held[column][its]) for label, column in POTENTIALS.items()},
            }
            for name, said in SOURCES.items()
        ]
    )
    is_big = accounts["is_big_logo"].fillna(False).to_numpy(bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = [
            int((is_big & (held[each] > 0) & (held["acv"] / held[each] < limit)).sum()) for each in POTENTIALS.values()
        ]
    return rows, below


def _sum(values: np.ndarray) -> float:
    """Missing when nothing is known."""
    known = values[~np.isnan(values)]
    return float(known.sum()) if known.size else np.nan


def unmatched_box(totals: pd.DataFrame, currency: str) -> None:
    """One sentence on the deals that match no account or no product, with their money, and the table behind it."""
    if totals.empty:
        return
    sentences = []
    for name, said in (("account", "name no account"), ("product", "a product that is not in the price list")):
        deals, amount = totals[f"without_{name}"].sum(), totals[f"without_{name}_amount"].sum(min_count=1)
        if deals:
            sentences.append(f"{count(deals)} deals ({money(amount, currency)}) {said}")
    odd = [
        f"{count(totals[column].sum())} deals {said}"
        for column, said in (("without_amount", "have no amount"), ("below_zero", "an amount below zero"))
        if totals[column].sum()
    ]
    box = st.expander(
        f"All deals by stage: {count(totals['deals'].sum())}, and those that match nothing",
        key="totals",
        bind="query-params",
        icon=":material/inventory:",
    )
    if sentences or odd:
        st.caption(("Not matched, and kept in the totals: " + "; ".join([*sentences, *odd]) + ".").replace("$", r"\$"))
    if box.open:
        with box:
            table(totals, explains="deal_totals", key="totals_table", opens_account=False)


def account_sizes_box(currency: str) -> None:
    """Won money by quarter of the accounts and deal band; computed only when opened."""
    box = st.expander(
        "Won deals by size of the account",
        key="account_sizes",
        bind="query-params",
        icon=":material/stacked_bar_chart:",
    )
    if not box.open:
        return
    with box:
        by = choice("Size", {"employees": "By employees", "revenue": "By revenue"}, key="size_by", default="employees")
        found = fetch("deal_bands", size_by=by)
        if found.empty:
            st.caption("No won deals in this scope.")
            return
        figure(
            charts.bands(found, currency=currency),
            explains="deal_bands",
            data=found,
            key="bands",
            title="Won money by quarter of the accounts and size of the deal",
        )
        st.dataframe(
            found, hide_index=True, key="bands_table", column_config=column_config("deal_bands", list(found.columns))
        )
