"""The projected half of the cohorts page: cells right of what was observed, the fan, the reasons, the words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from decade.charts import cohort_lines as charts
from decade.charts.formats import money, percent
from decade.errors import Refused
from decade.models.backtest import coverage_of
from decade.models.lifetimes import lifetimes, typical_lifetime
from decade.models.projection import NOT_BACK_TESTED, Projection, back_tested
from decade.ui import session
from decade.ui.fetch import conventions
from decade.ui.figure import figure
from decade.ui.projected import PIECES_OF, cells_ahead, is_tested, known_test, projection
from decade.ui.second_run import is_due
from decade.ui.table import title_of

FOLLOWS = "The projection follows"
AMOUNTS = dict.fromkeys(("mrr", "alive", "at_risk", "lost"), "%,.0f") | {
    "expected": "%,.1f",
    "effective_accounts": "%,.1f",
}
SOURCES = {"logo": "renewal_life_table", "gross": "revenue_levels", "net": "revenue_levels"}


def projected_cells(kind: str, grain: str, by: str, cells: pd.DataFrame) -> tuple[pd.DataFrame | None, str]:
    """The cells to the right of the observed ones, or None and why there are none.

    What was observed does not wait: the first run for new choices goes without.
    """
    if not session.value("project"):
        return None, ""
    asked = kind, grain, by, _pieces(kind)
    if not is_due("projection", *asked):
        return None, FOLLOWS
    try:
        ahead = cells_ahead(kind, grain, by, cells, _pieces(kind))
    except Refused as refused:
        return None, refused.sentence()
    said = [
        "Italics are projected: paler as far as the back-test reaches, hatched beyond it, where nothing in this data "
        "could prove them wrong"
    ]
    if by != "start":
        said.append("For groups the interval is of what is expected, without the chance of single accounts")
    elif grain != "year":
        said.append(f"Learned from yearly cohorts; a {grain}'s cohort shares what sets its year apart")
    return ahead, ". ".join(said)


def calibration_note(kind: str) -> None:
    """What the back-test found about the interval; while it runs, the page looks again every second."""

    @st.fragment(run_every=None if is_tested(kind) else "1s")
    def note() -> None:
        if not is_tested(kind):
            st.caption("The back-test runs beside this page; the interval is as the model has it until then.")
            return
        found = known_test(kind)
        if session.stashed(f"tested_{kind}") is False:
            session.stash(f"tested_{kind}", True)
            if found is not None and found.calibration > 1:
                st.rerun()
        st.caption(NOT_BACK_TESTED if found is None else back_tested(found.calibration, coverage_of(found)))

    session.stash(f"tested_{kind}", is_tested(kind))
    note()


def projection_box(kind: str) -> None:
    """The typical cohort with its interval and the naive baselines, and what it is worth."""
    found = projection(kind, pieces=_pieces(kind))
    figure(
        charts.fan(found.pooled, found.baselines, oldest=found.oldest_age, unit="Year"),
        explains=SOURCES[kind],
        data=found.pooled,
        key="fan",
        title="The typical cohort over ten years, with its 80 % interval and the naive lines beside it",
        said=_worth(found) + (" " + " ".join(found.notes) if found.notes else ""),
    )
    calibration_note(kind)


def why_box(kind: str, *, is_known: bool) -> None:
    """Why the line lies where it does; the pieces of the model can be chosen before it is known."""
    box = st.expander("Why does the line lie there?", icon=":material/help:", key="why", bind="query-params")
    with box:
        pieces = PIECES_OF[kind]
        st.pills(
            "Pieces of the model; switch one off to see what it does",
            list(pieces),
            selection_mode="multi",
            default=list(pieces),
            key=_pieces_key(kind),
            bind="query-params",
        )
        st.caption(" ".join(f"{name.capitalize()}: {does}" for name, does in pieces.items()))
        if box.open and is_known:
            _reasons(projection(kind, pieces=_pieces(kind)))


def _reasons(found: Projection) -> None:
    """What cohorts, ages and calendar periods showed, and the parameters."""
    for title, frame in (
        ("By cohort: what it lost against what was expected, and how far it is believed", found.reasons),
        ("By age", found.ages),
        ("By calendar period", _dated(found.shocks)),
        ("Parameters", found.parameters),
    ):
        if len(frame):
            st.markdown(f"**{title}**")
            config = {
                title_of(name): st.column_config.NumberColumn(format=AMOUNTS.get(name, "%.3f"))
                for name in frame.columns[frame.dtypes == "float64"]
                if name != "value"  # of parameters: each of its own size
            }
            st.dataframe(
                frame.rename(columns=title_of),
                hide_index=True,
                placeholder="–",
                column_config=config,
                key=f"why_{title[:9]}",
            )


def _dated(shocks: pd.DataFrame) -> pd.DataFrame:
    """Calendar periods as a year, or as the month in which one begins that is shorter than a year."""
    terms = shocks["term_months"].tolist() if "term_months" in shocks else [12] * len(shocks)
    months = [int(period * term) for period, term in zip(shocks["period"].tolist(), terms, strict=True)]
    named = [
        f"{each // 12}" if term % 12 == 0 else f"{each // 12}-{each % 12 + 1:02}"
        for each, term in zip(months, terms, strict=True)
    ]
    return shocks.assign(period=named)


def scores_table(scores: pd.DataFrame) -> None:
    """WAPE, bias, coverage and CRPS of every model and horizon."""
    with st.container(border=True, key="scores_box"):
        st.markdown("**The table**")
        config = {
            title_of(name): st.column_config.NumberColumn(format="percent")
            for name in ("wape", "bias", "coverage", "crps", "total_error")
        }
        st.dataframe(
            scores.rename(columns=title_of), hide_index=True, placeholder="–", column_config=config, key="scores"
        )


def _pieces(kind: str) -> tuple[str, ...]:
    pieces, chosen = PIECES_OF[kind], session.value(_pieces_key(kind))
    return tuple(pieces) if chosen is None else tuple(each for each in chosen if each in pieces)


def _pieces_key(kind: str) -> str:
    return "pieces" if kind == "logo" else "revenue_pieces"


def _worth(found: Projection) -> str:
    pooled = typical_lifetime(found)
    years = f"{pooled['years']:.1f} years ({pooled['years_low']:.1f} to {pooled['years_high']:.1f})"
    beyond = f"{percent(pooled['share_beyond'], 0)} of it beyond the oldest age observed."
    if found.kind == "logo":
        return f"A customer is expected to stay {years} of the ten, {beyond}"
    whole = lifetimes(found)["total"].sum()  # that of the typical cohort is missing
    currency = conventions().reporting_currency or ""
    return (
        f"Each unit of first MRR is expected to be paid for {years} within ten years, {beyond} "
        f"All cohorts together: {money(whole, currency)} over their first ten years."
    )
