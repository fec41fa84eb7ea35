"""What the lifetimes page is made of: what groups last and bring, survival with its test, the decade club."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from decade.charts import lifetimes as charts
from decade.charts.formats import count, money, percent
from decade.errors import Refused
from decade.models.lifetimes import LogRank, log_rank, number_at_risk, survival_by_group
from decade.ui import session
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import numbers, option
from decade.ui.projected import Place, place_now
from decade.ui.shelf import made_once
from decade.ui.table import table
from decade.ui.words import COHORTS_BY
from decade.ui.worth import Lasting

UNITS = {
    "accounts": "count",
    "years": "ratio",
    "years_low": "ratio",
    "years_high": "ratio",
    "share_beyond": "rate",
    "revenue": "money",
    "revenue_low": "money",
    "revenue_high": "money",
    "revenue_seen": "money",
}


def headline_numbers(found: Lasting, club: pd.DataFrame) -> None:
    """The tiles at the top."""
    usual, currency = found.usual, conventions().reporting_currency or ""
    members = int(club["is_member"].fillna(False).sum())
    numbers(
        [
            (
                "Expected lifetime",
                f"{usual['years']:.1f} years",
                f"Of the first ten, for a typical customer; 80 % between {usual['years_low']:.1f} and "
                f"{usual['years_high']:.1f}. The sum of the shares still there at the beginning of each year.",
            ),
            ("Beyond the oldest age", percent(usual["share_beyond"], 0), "Share of it that no customer has lived yet."),
            (
                "Ten-year revenue",
                money(found.revenue, currency),
                "What all cohorts bring in their first ten years, median.",
            ),
            ("Decade club", count(members), "Customers that have stayed for ten years."),
        ]
    )


def groups_figures(found: pd.DataFrame, usual: float, by: str) -> None:
    """Expected years and ten-year revenue side by side."""
    of = "cohort" if by == "start" else COHORTS_BY[by].lower()
    left, right = st.columns(2)
    height = max(240, 26 * len(found) + 90)
    with left:
        figure(
            charts.expected(found, usual=usual, height=height),
            explains="renewal_life_table",
            data=found,
            key="expected",
            title=f"Expected years of ten, by {of}",
            picks=["held"],
            opens="holds",
            hint="80 % interval; no dot for cohorts older than the data. Click a dot for its accounts",
        )
    with right:
        figure(
            charts.revenue(found, currency=conventions().reporting_currency or "", height=height),
            explains="revenue_levels",
            data=found,
            key="revenue",
            title=f"Revenue retained over ten years, by {of}",
            picks=["held"],
            opens="holds",
            hint="Solid is observed, hatched is projected. Click a bar for its accounts",
        )


def table_box(found: pd.DataFrame | None) -> None:
    """The same as a table; it can be opened before it is known."""
    box = st.expander("As a table", key="as_table", bind="query-params", icon=":material/table:")
    if box.open and found is not None:
        with box:
            table(found, explains="renewal_life_table", key="worth", opens_account=False, also=UNITS)


def survival_box(by: str) -> None:
    """Survival by group in months, the log-rank test in words, the number at risk at each year."""
    frame = fetch("leaving_by_age", grain="month", by=by).rename(columns={"slice": "group"})
    if frame.empty:
        st.caption("No account has lived a month in this scope.")
        return
    lines, said = _survival(place_now(), by, session.is_masked(), frame)
    figure(
        charts.survival(lines, months=1),
        explains="leaving_by_age",
        data=lines,
        key="survival",
        title=f"Still there, by {COHORTS_BY[by].lower()}",
        picks=["held"],
        opens="holds",
        said=said,
        hint="80 % interval, exact for those who joined late or are still there. Click a line for its accounts",
    )
    st.caption("Number at risk, by years since the first month")
    table(number_at_risk(lines, 12), explains="leaving_by_age", key="at_risk", opens_account=False)


@made_once()
def _survival(place: Place, by: str, is_masked: bool, frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:  # noqa: ARG001
    """The lines of all groups, and the test of whether they leave alike."""
    try:
        said = in_words(log_rank(frame))
    except Refused:
        said = "One group, or nobody left: there is nothing to compare"
    return survival_by_group(frame), said


def in_words(found: LogRank) -> str:
    """The log-rank test as people say it: whether the groups leave alike, and who leaves more than expected."""
    p = "below 0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}"
    told = found.groups[found.groups["expected"] >= 1].sort_values("ratio")
    sides = []
    if len(told) > 1:
        for row, word in ((told.iloc[-1], "most"), (told.iloc[0], "least")):
            sides.append(
                f"{row['group']} leaves {word}: {count(row['lost'])} lost, "
                f"{row['expected']:.0f} expected if all were alike"
            )
    is_apart = found.p_value < 0.05
    verdict = (
        "The groups do not leave alike" if is_apart else "No difference between the groups can be told from chance"
    )
    return f"{verdict} (log-rank p {p}). {'; '.join(sides)}"


def club_box(club: pd.DataFrame) -> None:
    """Customers of ten years and those that are about to be, by name."""
    with st.container(border=True, key="club_box"):
        members = club[club["is_member"].fillna(False)]
        currency = conventions().reporting_currency or ""
        st.markdown("**The decade club**")
        st.caption(
            f"{len(members):,} {'customer has' if len(members) == 1 else 'customers have'} stayed for ten years, with "
            f"{money(members['mrr'].sum(), currency)} of MRR; "
            f"{len(club) - len(members):,} will within twelve months if they stay."
        )
        columns = ["account", "segment", "is_member", "origin_month", "age_years", "months_to_go", "mrr", "returned_on"]
        table(club, explains="decade_club", key="club", columns=columns)


def accounts_box(by: str, survival_by: str) -> None:
    """The accounts of a cohort or of a group, by what either is made of."""
    box = st.expander("Accounts of a cohort or a group", key="holds", bind="query-params")
    if not box.open:
        return
    # Both questions are the page's own: its cohorts, and the groups of its survival.
    cohorts = fetch("cohort_retention", kind="logo", grain="year", by=by)["cohort"].unique()
    groups = fetch("leaving_by_age", grain="month", by=survival_by)["slice"].unique()
    held_by = {str(name): by for name in cohorts} | {str(name): survival_by for name in groups}
    if not held_by:
        return
    with box, st.container(key="held_box"):
        first, _ = st.columns([2, 5])
        with first:
            held = option("Accounts of", {each: each for each in held_by}, key="held", default=next(iter(held_by)))
        members = fetch("cohort_members", grain="year", by=held_by[held], cohort=held, age=0)
        table(members, explains="cohort_members", key="held_rows", columns=["account", "first_month", "mrr_at_start"])
