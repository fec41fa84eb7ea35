"""What the cohorts page is made of: its choices, the accounts behind a cell, and the whole grid as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from decade.charts.cohort_lines import MATURE
from decade.charts.formats import money
from decade.models.cohorts import at_calendar, mature_cells
from decade.scope import Scope
from decade.ui import session
from decade.ui.fetch import conventions, fetch, filter_values, month_names
from decade.ui.page import choice, many, option, plain, query_value, switch
from decade.ui.table import table, wide_table
from decade.ui.words import AGES_IN_TEN_YEARS, ATTRIBUTES, COHORTS_BY, GRAINS, RETAINED

ALIGNED = {"age": "By age", "calendar": "By calendar"}
STATUSES = {"all": "All", "left": "Left", "shrank": "Shrank", "stayed": "Stayed", "grew": "Grew"}
GRID = "cells_table"
SHOWN = {"rate": "Rate", "n": "Accounts", "low": "Lower end", "high": "Upper end"}


@dataclass(frozen=True)
class Choices:
    """What a person chose: kind, grain, what makes a cohort, alignment, and the second scope if there is one."""

    kind: str
    grain: str
    by: str
    is_by_age: bool
    versus: Scope | None

    @property
    def unit(self) -> str:
        """The unit of an age: month, quarter or year."""
        return GRAINS[self.grain].lower()


def choices() -> Choices:
    """The choices at the top of the page."""
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
    with left:
        kind = choice("Retained", RETAINED, key="kind", default="logo")
    with middle:
        grain = choice("Cohorts of a", GRAINS, key="grain", default="year")
    with right:
        by = option("Cohorts by", COHORTS_BY, key="cohorts_by", default="start")
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
    with right:
        switch("Project to ten years", key="project", default=True)
    with middle:
        aligned = choice("Aligned", ALIGNED, key="aligned", default="age") if by == "start" else "age"
    with left:
        versus = _second_scope()
    return Choices(kind, grain, by, aligned == "age", versus)


def _second_scope() -> Scope | None:
    """The accounts to compare with, in the period of the page; None when nothing is chosen."""
    values = filter_values()
    options = {"all": "All accounts"}
    if "big_logo" in values:
        options["big_logos=true"] = "Big logos"
    for name, label in ATTRIBUTES.items():
        options |= {
            f"{name}={each}": f"{label}: {session.shown_value(name, each)}"
            for each in values.get(name, [])
            if len(values[name]) > 1
        }
    chosen = many("Compare with", options, key="versus", placeholder="Compare with other accounts")
    if not chosen:
        return None
    own = session.scope()
    return replace(
        Scope.parse(each for each in chosen if each != "all"), from_month=own.from_month, to_month=own.to_month
    )


def placed(cells: pd.DataFrame, chosen: Choices) -> pd.DataFrame:
    """The cells with `at`: the column in which each is drawn, an age or a calendar period."""
    if chosen.is_by_age:
        return cells.assign(at=cells["age"].map({age: str(age) for age in range(AGES_IN_TEN_YEARS[chosen.grain] + 1)}))
    return cells.assign(at=at_calendar(cells["cohort"].astype("str"), cells["age"], chosen.grain))


def across(chosen: Choices, *frames: pd.DataFrame | None) -> list[str]:
    """The columns of the heatmap: ten years of ages, or every calendar period with a cell."""
    if chosen.is_by_age:
        return [str(age) for age in range(AGES_IN_TEN_YEARS[chosen.grain] + 1)]
    return sorted({str(at) for frame in frames if frame is not None for at in frame["at"].unique()})


def picked(mature: pd.DataFrame) -> tuple[str, int] | None:
    """The cell whose accounts are listed: as clicked or addressed, else the oldest of the first cohort."""
    _adopt(mature)
    if not (session.value("behind") or query_value("behind") == "true"):
        return None
    names = list(dict.fromkeys(mature["cohort"]))
    cohort = str(session.value("cohort") or query_value("cohort") or names[0])
    if cohort == MATURE:
        return "", 0
    ages = mature.loc[mature["cohort"] == cohort, "age"]
    age = str(session.value("age") or query_value("age") or "")
    if ages.empty:  # the accounts of unknown age, or a cohort that is not on this page
        return (
            (names[0], int(mature.loc[mature["cohort"] == names[0], "age"].max())) if cohort not in names else ("", 0)
        )
    return cohort, int(age) if age.isdigit() and int(age) in set(ages) else int(ages.max())


def _adopt(mature: pd.DataFrame) -> None:
    """A cell newly chosen in the table becomes the one whose accounts are listed."""
    cell = session.picked_cell(GRID)
    if cell is not None and cell != session.stashed(GRID):
        names = sorted(mature["cohort"].unique())
        found = mature[(mature["cohort"] == names[min(cell[0], len(names) - 1)]) & (mature["at"] == cell[1])]
        if len(found):
            session.put("cohort", str(found["cohort"].iloc[0]))
            session.put("age", str(int(found["age"].iloc[0])))
            session.put("behind", True)
    session.stash(GRID, cell)


def accounts_behind_a_cell(chosen: Choices, mature: pd.DataFrame, other: pd.DataFrame | None) -> None:
    """The accounts of a cohort, or of all that a mean is over, at an age: who left, shrank, stayed or grew."""
    box = st.expander("Accounts behind a cell", key="behind", bind="query-params")
    if not box.open:
        return
    grain, by = chosen.grain, chosen.by
    with box, st.container(key="behind_box"):
        scope = None
        if other is not None and chosen.versus is not None:
            whose = choice("Whose", {"this": "This selection", "versus": "Compared with"}, key="whose", default="this")
            if whose == "versus" and len(other):
                scope, mature = chosen.versus, other
        first, second, third = st.columns([2, 2, 5], vertical_alignment="bottom")
        names = list(dict.fromkeys(mature["cohort"]))
        before = f"before {month_names()[0]}"
        ageless = fetch("cohort_members", grain=grain, by=by, cohort=before, age=0, scope=scope)
        names += [before] if len(ageless) else []
        averaged = mature[mature["late_entries"] == 0]
        names += [MATURE] if len(averaged) and chosen.is_by_age else []
        with first:
            cohort = option("Accounts of cohort", {each: each for each in names}, key="cohort", default=names[0])
        reached = averaged if cohort == MATURE else mature[mature["cohort"] == cohort]
        ages = [str(int(age)) for age in sorted(reached["age"].unique())] or ["0"]
        with second:
            age = option(f"At age ({chosen.unit}s)", {each: each for each in ages}, key="age", default=ages[-1])
        with third:
            status = choice("Who", STATUSES, key="status", default="all")
        if cohort == MATURE:
            members = fetch("cohort_members", grain=grain, by=by, age=int(age), scope=scope)
            members = members[members["cohort"].isin(reached.loc[reached["age"] == int(age), "cohort"])]
        else:
            members = fetch("cohort_members", grain=grain, by=by, cohort=cohort, age=int(age), scope=scope)
        st.caption(plain(_who(members, cohort, f"{age} {chosen.unit}{'' if age == '1' else 's'}")))
        listed = members if status == "all" else members[members["status"] == status].reset_index(drop=True)
        columns = ["account", "status", "mrr_at_start", "mrr_at_age", "first_month"]
        columns += ["cohort"] if cohort == MATURE else []
        table(listed, explains="cohort_members", key="members", columns=columns)
        if len(ageless):
            st.caption(
                f"{len(ageless):,} accounts were active already in the data's first month, and no file says since "
                f"when: their age is not known, so they stand apart as “{before}”."
            )


def _who(members: pd.DataFrame, cohort: str, age: str) -> str:
    """How many accounts left, shrank, stayed and grew, and the MRR that it moved."""
    currency = conventions().reporting_currency or ""
    moved = members["mrr_at_age"] - members["mrr_at_start"]
    parts = []
    for status, rows in members.groupby("status", sort=False).groups.items():
        change = moved.loc[rows].sum()
        parts.append(
            f"{len(rows):,} {status}"
            + (f" ({'+' if change > 0 else ''}{money(change, currency)} MRR)" if round(change, 2) else "")
        )
    return f"{cohort} after {age}: {len(members):,} accounts: {', '.join(parts)}"


def table_box(chosen: Choices, cells: pd.DataFrame, lines: Mapping[str, pd.DataFrame]) -> None:
    """Every mature cell as a table that a keyboard can walk through; choosing one is like clicking it."""
    box = st.expander("As a table", key="as_table", bind="query-params", icon=":material/table:")
    if not box.open:
        return
    with box:
        views = {
            "cells": "Every cell",
            **{f"mean{place}": f"Mean and median{name}" for place, name in enumerate(lines)},
        }
        left, right = st.columns([3, 2])
        with left:
            view = choice("Table of", views, key="tabled", default="cells")
        if view != "cells":
            table(list(lines.values())[int(view[4:])], explains="cohort_retention", key="mean", opens_account=False)
            return
        shown = {key: label for key, label in SHOWN.items() if chosen.kind == "logo" or key in ("rate", "n")}
        with right:
            column = choice("Number", shown, key="number", default="rate")
        mature = mature_cells(cells)
        wide = mature.pivot(index="cohort", columns="at", values=column)
        wide = wide[list(dict.fromkeys(mature.sort_values("at" if not chosen.is_by_age else "age")["at"]))]
        wide_table(wide.reset_index(), key=GRID, form="percent" if column != "n" else "%,d")
        st.caption("Arrow keys move; Enter or a click on a cell lists its accounts below and outlines it above.")
