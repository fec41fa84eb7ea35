"""The same charges under several conventions, for a page: counted once for a workspace, revision and scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from decade.charts.compared import waterfall
from decade.charts.formats import count, money, percent
from decade.comparing import (
    MOVES,
    all_presets,
    everyone,
    groups,
    said_of,
    single_changes,
    steps_to,
    without_period,
)
from decade.conventions import SWITCHES, Conventions
from decade.models.compared import KINDS, MEASURES, RATES, Counted, accounts_behind, coincidences, nearest
from decade.models.everyone import Everyone, Groups
from decade.scope import Scope
from decade.ui import session
from decade.ui.answers import Asked, answer
from decade.ui.empty import nothing
from decade.ui.fetch import conventions, fetch
from decade.ui.figure import figure
from decade.ui.page import option
from decade.ui.shelf import Shelf, made_once
from decade.ui.table import download, open_account
from decade.warehouse import Workspace

OWN = "Yours"
everyones: Shelf[object] = Shelf(300_000_000)  # whatever filters ask is chosen out of these
WIDE_ENOUGH = 92
PERIODS = {"12": "Movements of 12 months", "1": "Movements of the month"}


def counted(rules: Conventions) -> Counted:
    """The count under these rules in the scope of the page, whatever its period."""
    workspace = session.workspace()
    scope = without_period(session.scope())
    return _counted(str(workspace.folder), workspace.opened, workspace.revision, scope, replace(rules, name=""))


def own_row() -> dict[str, Counted]:
    """The count under the own conventions, by its name."""
    fetch("account_slices", scope=without_period(session.scope()))  # asked ahead, when filters change
    return {OWN: counted(conventions())}


def presets() -> dict[str, Counted]:
    """The count under the own conventions and under each preset, by name."""
    with st.spinner("Counting under each convention …"):
        return {name or OWN: counted(rules) for name, rules in all_presets(conventions()).items()}


@made_once()
def _counted(folder: str, opened: int, revision: int, scope: Scope, rules: Conventions) -> Counted:
    among = _groups(folder, opened, revision)
    accounts = answer(Asked(folder, opened, revision, "account_slices", scope, ()))["account_id"]
    return _everyone(folder, opened, revision, rules).within(among, among.chosen(accounts))


@made_once(on=everyones)
def _everyone(folder: str, opened: int, revision: int, rules: Conventions) -> Everyone:
    own = answer(Asked(folder, opened, revision, "movements", Scope(), ()))[MOVES]
    return everyone(Workspace.open(folder), rules, _groups(folder, opened, revision), own)


@made_once(on=everyones)
def _groups(folder: str, opened: int, revision: int) -> Groups:  # noqa: ARG001  (the key)
    return groups(Workspace.open(folder))


def written(value: float | None, measure: str, currency: str) -> str:
    """A measure's value as people read it."""
    if measure in RATES:
        return percent(value, 2)
    return count(value) if measure == "accounts" else money(value, currency, digits=5)


def steps(theirs: Conventions) -> list[tuple[str, Counted]]:
    """The own count under an empty name, then the count after each switch on the way to theirs."""
    return steps_to(conventions(), theirs, counted)


def switches(theirs: Conventions) -> dict[str, str]:
    """The switches on the way to theirs, with how each is changed, in words."""
    own = conventions()
    return {name: said_of(name, own, theirs) for name in own.differing(theirs)}


def table_of(frame: pd.DataFrame) -> None:
    """Conventions side by side: the first row is the workspace's own."""
    shown = frame.assign(difference=frame["mrr"] - frame["mrr"].iloc[0])
    shown = shown[["convention", "mrr", "difference", "accounts", *KINDS, *RATES]]
    config: dict[str, Any] = {
        "convention": st.column_config.TextColumn("Convention", pinned=True),
        "difference": st.column_config.NumberColumn("MRR less yours", format="%+,.2f"),
    }
    for name, (label, _) in MEASURES.items():
        form = "percent" if name in RATES else "%,d" if name == "accounts" else "%,.2f"
        width = WIDE_ENOUGH if name in KINDS else None  # the first rows are narrower than those below
        config[name] = st.column_config.NumberColumn(label, format=form, width=width)
    st.dataframe(shown, hide_index=True, column_config=config, key="side_by_side", placeholder="–")


def causes_figure(causes: pd.DataFrame, measure: str, month: date, against: str, currency: str) -> bool:
    """The way from the own number to theirs, switch by switch; False when the history is too short for it."""
    label, question = MEASURES[measure]
    if causes[["before", "after"]].isna().any(axis=None):
        nothing(label, "Empty: the history in scope is too short for this measure in this month.")
        return False
    figure(
        waterfall(
            causes, labels=[SWITCHES[name] for name in causes["cause"]], ends=(OWN, against), is_rate=measure in RATES
        ),
        explains=question,
        data=causes,
        key="causes",
        title=f"{label}, {month:%Y-%m}: yours to {against}, switch by switch",
        picks=["cause"],
        hint="Switches are changed one after another in the order in which a charge meets them; the effects sum "
        "exactly",
        said=f"{written(causes['before'].iloc[0], measure, currency)} here, "
        f"{written(causes['after'].iloc[-1], measure, currency)} there",
    )
    return True


def accounts_table(before: Counted, after: Counted, measure: str, month: date, months: int) -> None:
    """Whose numbers a step changes; choosing a row opens the account."""
    frame = accounts_behind(before, after, measure, month, months)
    if frame.empty:
        st.caption("No account's number is changed by this switch.")
        return
    names = fetch("account_list").set_index("account_id")["account"]
    frame.insert(0, "account", frame["account_id"].map(names).fillna(frame["account_id"].map(_stand_in)))
    label = "MRR now" if measure in ("mrr", *RATES, "accounts") else MEASURES[measure][0]
    columns = {"account": "Account", "effect": f"Difference of {label}"}
    if measure in RATES:
        columns["then"] = "Difference of MRR 12 months before"
    st.dataframe(
        frame[list(columns)].head(2000),
        hide_index=True,
        key="different_accounts",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            name: st.column_config.Column(text)
            if name == "account"
            else st.column_config.NumberColumn(text, format="%+,.2f")
            for name, text in columns.items()
        },
    )
    told = f"{len(frame):,} accounts, together {frame['effect'].sum():+,.2f}. Choose a row to open the account."
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(told, width="content")
        download(frame, "difference.csv", key="difference_csv")
    row = session.picked_row("different_accounts")
    if row is not None and row < len(frame):
        open_account(str(frame["account_id"].iloc[row]))


def says_in(measure: str) -> float | None:
    """What another tool says, in a place of its own; a rate as a fraction."""
    unit = "in %" if measure in RATES else ""
    says = st.number_input(f"My other tool says {unit}", value=None, key="says", bind="query-params", format="%.2f")
    return None if says is None else float(says) / 100 if measure in RATES else float(says)


def other_tool(
    number: float | None, shown: Mapping[str, Counted], measure: str, month: date, months: int, currency: str
) -> None:
    """A number from elsewhere: which convention comes nearest, and what could explain the rest."""
    label = MEASURES[measure][0]
    if number is None:
        st.caption(f"Type its {label} at the end of {month:%Y-%m}: the nearest convention, and what the rest may be.")
        return
    with st.spinner("Changing one switch at a time …"):
        single = {name: counted(rules) for name, rules in single_changes(conventions()).items()}
    found = nearest(number, measure, {**shown, **single}, month, months)
    if found.empty:
        st.caption("There is no value to compare with in this month.")
        return
    best = found.iloc[0]
    rest = float(best["rest"])
    names = str(best["convention"]).split(", ")
    more = f" and {len(names) - 2} that agree" if len(names) > 2 else ""
    st.markdown(
        f"Nearest: **{', '.join(names[:2])}**{more} with {written(float(best['value']), measure, currency)}; "
        + ("nothing is left." if abs(rest) < 0.005 else f"the rest is {written(rest, measure, currency)}.")
    )
    if measure == "mrr":
        _perhaps(number, rest, shown[OWN], month, currency)
    st.dataframe(
        found.head(8),
        hide_index=True,
        key="nearest",
        column_config={
            "convention": st.column_config.TextColumn("Convention or single switch"),
            "value": st.column_config.NumberColumn(label, format="percent" if measure in RATES else "%,.2f"),
            "rest": st.column_config.NumberColumn("Rest", format="percent" if measure in RATES else "%+,.2f"),
        },
    )


def _perhaps(number: float, rest: float, own: Counted, month: date, currency: str) -> None:
    moves = fetch("movements", scope=without_period(session.scope()))
    levels = moves[moves["month"] <= pd.Timestamp(month)].groupby("account_id")["amount"].sum()
    found = coincidences(number, rest, own, levels)
    names = fetch("account_list").set_index("account_id")["account"] if found else pd.Series(dtype="str")
    for kind, which, amount in found:
        what = {
            "month": f"it is your MRR at the end of {which}",
            "year": "it is twelve times your MRR, a yearly figure",
            "account": f"the rest is the MRR of {names.get(which, _stand_in(which))}",
        }[kind]
        st.text(f"Perhaps {what} ({money(amount, currency, digits=5)}).")


def cause_option(labels: Mapping[str, str], causes: pd.DataFrame | None) -> str:
    """Which switch's accounts to show, the one with the largest effect first; a click on the chart chooses too.

    Before the effects are known only what was chosen stands there.
    """
    if causes is not None:
        largest = str(causes["cause"].iloc[int(causes["effect"].abs().to_numpy().argmax())])
        return option("Accounts behind", dict(labels), key="cause", default=largest)
    held = session.value("cause")
    return option("Accounts behind", dict(labels), key="cause", default=held) if held in labels else ""


def _stand_in(account_id: object) -> str:
    return session.masked_name(account_id) if session.is_masked() else str(account_id)
