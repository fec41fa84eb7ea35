"""What became of accounts by how they landed: survival, the one trend test, hazard, revenue, experiments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from decade.charts import logos as charts
from decade.charts.formats import count, money, percent
from decade.errors import Refused
from decade.models.lifetimes import log_rank
from decade.models.penetration_trend import Trend, penetration_trend
from decade.scope import Scope
from decade.ui import session
from decade.ui.empty import nothing
from decade.ui.fetch import fetch
from decade.ui.figure import figure
from decade.ui.page import choice, plain
from decade.ui.shelf import made_once
from decade.ui.table import table

UNKNOWN = "not known"


def survival_box(scope: Scope) -> None:
    """Survival by landing penetration with the number at risk, and the log-rank test over the bands."""
    frame = _survival(scope, "penetration")
    if frame.empty or frame["age"].max() < 1:
        nothing("Survival", "No account of known age has completed a contract year in this scope.")
        return
    figure(
        charts.survival(frame),
        explains="survival_by_penetration",
        data=frame,
        key="survival",
        title="Survival by penetration at landing",
        said=f"{_log_rank(frame)} Bars are 80 % intervals; faint below five accounts",
        scope=scope,
    )
    rows = [
        {"At risk": band} | {f"Year {age:.0f}": n for age, n in zip(part["age"], part["at_risk"], strict=True)}
        for band, part in charts.by_band(frame[frame["age"] > 0], "age", "at_risk")
    ]
    years = [f"Year {age}" for age in range(1, int(frame["age"].max()) + 1)]
    st.dataframe(
        pd.DataFrame(rows, columns=["At risk", *years]),
        hide_index=True,
        key="at_risk",
        placeholder="–",
        column_config={name: st.column_config.NumberColumn(format="%d") for name in years},
    )


def _survival(scope: Scope, by: str) -> pd.DataFrame:
    """The bands of one kind; all kinds are asked for at once."""
    frame = fetch("survival_by_penetration", scope=scope, by="all")
    its = np.flatnonzero(frame["by"].to_numpy(object) == by)  # one after the other
    part = frame.iloc[its[0] : its[-1] + 1] if its.size else frame.iloc[:0]
    return part.reset_index(drop=True)


def _log_rank(frame: pd.DataFrame) -> str:
    is_known = frame["band"].to_numpy(object) != UNKNOWN
    known = pd.DataFrame({"group": frame["band"], **{each: frame[each] for each in ("age", "at_risk", "lost")}})[
        is_known
    ]
    try:
        found = log_rank(known)
    except Refused:
        return "One band, or nobody left: nothing to compare."
    chance = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.3f}"
    return f"Log-rank over {found.degrees + 1} bands, not adjusted: {found.statistic:.1f}, {chance}."


def trend_box(scope: Scope, limit: float) -> None:
    """The one test declared beforehand, adjusted and not, in plain words; how little the data could show."""
    with st.container(border=True, key="trend_box"):
        st.markdown(
            "**Does landing small cost us the customer?**",
            help="One test, declared beforehand: the slope of the yearly log hazard on log landing penetration "
            "(complementary log-log, clustered by account), adjusted for size, segment, cohort year and term.",
        )
        workspace = session.workspace()
        lives = fetch("account_lives", scope=scope)
        found = _trend(str(workspace.folder), workspace.opened, workspace.revision, scope, limit, lives)
        if isinstance(found, str):
            st.caption(found)
            return
        for sentence in found.sentences():
            st.markdown(sentence)
        shown = found.estimates.assign(
            reading=[
                f"{ratio:.2f} ({low:.2f} to {high:.2f})"
                for ratio, low, high in found.estimates[["ratio", "low", "high"]].itertuples(index=False)
            ]
        )
        st.dataframe(
            shown[["model", "reading", "p_value", "events"]],
            hide_index=True,
            key="trend",
            column_config={
                "model": "Estimate",
                "reading": st.column_config.Column(
                    "Hazard ratio", help="At half the penetration, with its 95 % interval; above 1 is a higher risk."
                ),
                "p_value": st.column_config.NumberColumn("p", format="%.3f"),
                "events": st.column_config.NumberColumn("Churns", format="%,d"),
            },
        )
        notes = [f"{found.excluded:,} accounts without a known penetration are left out."] if found.excluded else []
        st.caption(
            " ".join([*notes, *found.notes, "Today's ACV is not used: who stays grows, which looks like a cause."])
        )


@made_once("Testing the trend …")
def _trend(
    folder: str,  # noqa: ARG001  (the key)
    opened: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    scope: Scope,  # noqa: ARG001
    limit: float,
    lives: pd.DataFrame,
) -> Trend | str:
    try:
        return penetration_trend(lives, limit)
    except Refused as refused:
        return refused.sentence()


def hazard_box(scope: Scope) -> None:
    """The share that leaves in each contract year, big logos against small ones, and which year is the worst."""
    sides = {"small": "Small in big", "big_logo": "Big and rest"}
    by = choice("Sides", sides, key="sides", default="small")
    frame = _survival(scope, by)
    if frame.empty or frame["age"].max() < 1:
        nothing("Risk by contract year", "No account of known age has completed a contract year in this scope.")
        return
    figure(
        charts.hazards(frame),
        explains="survival_by_penetration",
        data=frame,
        key="hazards",
        title="Who leaves in which contract year",
        said=" ".join(worst_years(frame)),
        scope=scope,
    )


def worst_years(frame: pd.DataFrame, fewest: int = 10) -> list[str]:
    """A sentence a band: in which year the largest share left, of years with at least so many at risk."""
    said = []
    many = frame[(frame["age"] > 0) & (frame["at_risk"] >= fewest)]
    for band, part in charts.by_band(many, "age", "hazard", "lost", "at_risk"):
        if part["lost"].sum() == 0:
            continue
        age, hazard, lost, at_risk = (float(each[part["hazard"].argmax()]) for each in part.values())
        said.append(f"{band}: year {age:.0f} is the worst, {percent(hazard)} left ({lost:.0f} of {at_risk:.0f}).")
    return said


def revenue_box(scope: Scope, *, is_whole: bool) -> None:
    """What became of each band's first revenue, net or gross; room for it until it is due."""
    measure = choice("Revenue", {"nrr": "Net", "grr": "Gross"}, key="landing_measure", default="nrr")
    if not is_whole:
        st.skeleton(height=380)
        return
    frame = fetch("revenue_by_landing", scope=scope)
    if frame.empty or frame["n"].max() < charts.FEWEST:
        nothing("Revenue", "Fewer than five accounts of known age in this scope.")
        return
    name = "Net" if measure == "nrr" else "Gross"
    figure(
        charts.revenue(frame, measure=measure),
        explains="revenue_by_landing",
        data=frame,
        key="revenue",
        title=f"{name} revenue since landing",
        said="By penetration at landing, from five accounts on; who left counts with 0",
        scope=scope,
    )


def experiments_box(scope: Scope, currency: str) -> None:
    """How many experiments grew to half of their potential, how long it took, and which."""
    frame = fetch("experiments", scope=scope)
    with st.container(border=True, key="experiments_box"):
        st.markdown("**Experiments: small deals in big logos, and what they grew to**")
        if frame.empty:
            st.caption("No account of known age landed as a small deal in a big logo.")
            return
        st.markdown(experiments_sentence(frame).replace("$", r"\$"))
        counts = frame["outcome"].value_counts()
        outcomes = {"all": f"All ({len(frame):,})"} | {str(name): f"{name} ({n:,})" for name, n in counts.items()}
        shown = choice("Outcome", outcomes, key="outcome", default="all")
        table(
            frame if shown == "all" else frame[frame["outcome"] == shown].reset_index(drop=True),
            explains="experiments",
            key="experiments",
            columns=[
                "account",
                "outcome",
                "first_month",
                "landing_acv",
                "landing_penetration",
                "acv",
                "penetration",
                "potential_acv",
                "reached_month",
                "months_to_reach",
                "lost_month",
            ],
            height=300,
        )
        st.caption(plain(f"Landing ACV of all {len(frame):,}: {money(frame['landing_acv'].sum(), currency)}."))


def experiments_sentence(frame: pd.DataFrame) -> str:
    """How many of those with a known potential reached half of it, in how many months, and how many left before."""
    outcome = frame["outcome"].to_numpy(object)
    is_grown = outcome == "grown"
    known, grown, gone = ((outcome != "potential not known").sum(), is_grown.sum(), (outcome == "left").sum())
    share = percent(grown / known if known else None)
    months = frame["months_to_reach"].to_numpy("float64", na_value=np.nan)[is_grown]
    took = f", in {np.nanmedian(months):.0f} months at the median" if grown else ""
    hidden = len(frame) - known
    unknown = f" {count(hidden)} have no known potential." if hidden else ""
    return (
        f"**{count(grown)} of {count(known)}** ({share}) reached half of their potential{took}; "
        f"{count(gone)} left before.{unknown}"
    )
