"""A company's own values in a scenario: filled in with one click, each with its source, and what they support."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from decade.errors import Refused
from decade.models.scenario import Scenario
from decade.models.scenario_claims import Evidence, evidence, needs_support, support
from decade.models.scenario_measured import (
    Kept,
    Measured,
    filled,
    kept_of_all,
    kept_of_group,
    measured,
    missing_sentence,
)
from decade.ui import session
from decade.ui.fetch import fetch, fetch_is_empty, filter_values
from decade.ui.page import option, plain
from decade.ui.projected import groups, projection
from decade.ui.scenario_form import take
from decade.ui.scenarios import INPUTS, written

WHOLE = "All"


def choose_own() -> None:
    """The choice of a segment, and the button that puts its own values into the form."""
    if fetch_is_empty():
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    names = {WHOLE: "All accounts in scope"} | {each: each for each in filter_values().get("segment", [])}
    with left:
        chosen = option("Own values of", names, key="own", default=WHOLE)
    right.button(
        "Use them", key="own_fill", on_click=_fill, args=(chosen,), icon=":material/input:", width="stretch",
        help="Puts ACV, CAC, gross margin, NRR and churn of these accounts into the scenario.",
    )  # fmt: skip


def own_box(scenario: Scenario, currency: str) -> None:
    """Where each value comes from: in this scenario, as measured, and from what; made when opened."""
    session.stash("own_scenario", scenario.settings())
    if fetch_is_empty():
        return
    box = st.expander("Where the values come from", icon=":material/fact_check:", key="own_values", bind="query-params")
    if not box.open:
        return
    with box:
        found = own_values(_chosen())
        st.markdown(
            "\n".join(f"- {plain(_line(each, scenario, currency))}" for each in found if each.value is not None)
        )
        if missing := missing_sentence(found):
            st.caption(plain(missing))


def own_values(segment: str) -> list[Measured]:
    """The measured inputs of a segment, or of all accounts in scope."""
    by = "none" if segment == WHOLE else "segment"
    acquired = fetch("acquisition", by=by, basis="fully_loaded", grain="twelve_months")
    retained = fetch("revenue_retention", by=by)
    return measured(
        _last(acquired, segment),
        _kept("logo", segment),
        _kept("net", segment),
        _last(retained, segment),
    )


def support_box(scenario: Scenario) -> None:
    """The warning that the data does not support the plan, or the word that it does; nothing for a modest plan."""
    if not needs_support(scenario):
        return
    segment = _chosen()
    by = "none" if segment == WHOLE else "segment"
    shown = Evidence()
    if not fetch_is_empty():
        answers = fetch("satisfaction", by=by)
        shown = evidence(_last(fetch("revenue_retention", by=by), segment), answers[answers["slice"] == segment])
    found = support(scenario, shown)
    if found is None:
        return
    is_supported, said = found
    who = "" if segment == WHOLE else f" Measured on {segment}."
    (st.success if is_supported else st.warning)(plain(said + who))


def _fill(segment: str) -> None:
    """Callback: the measured values go into the form, and the box that says where they come from opens."""
    settings = session.stashed("own_scenario") or []
    try:
        take(filled(Scenario().with_settings(settings), own_values(segment)))
    except Refused as refused:
        session.stash("book_said", refused.sentence())
    session.put("own_values", True)


def _chosen() -> str:
    return str(session.value("own") or WHOLE)


def _kept(kind: str, segment: str) -> Kept | str:
    try:
        if segment == WHOLE:
            return kept_of_all(projection(kind))
        return kept_of_group(groups(kind, "segment"), segment)
    except Refused as refused:
        return refused.sentence()


def _last(frame: pd.DataFrame, segment: str) -> dict[str, Any]:
    """The latest row of a slice; empty when there is none."""
    rows = frame[frame["slice"] == segment]
    return {str(name): value for name, value in rows.iloc[-1].items()} if len(rows) else {}


def _line(each: Measured, scenario: Scenario, currency: str) -> str:
    """`ACV: 55,353, as measured (…)`, or what stands here in its place."""

    def text(value: Any) -> str:
        if isinstance(value, tuple):
            return ", ".join(f"{100 * part:.4g}" for part in value) + " %"
        return f"{value:,.0f}" if each.name in ("acv", "cac") else written(each.name, value, currency)

    here = getattr(scenario, each.name)
    if here == each.value:
        return f"{INPUTS[each.name]}: {text(here)}, as measured ({each.source})"
    return f"{INPUTS[each.name]}: {text(here)} is yours; measured is {text(each.value)} ({each.source})"
