"""One company counted under several conventions, each count made once and nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from decade.conventions import CHOICES, PRESETS, SWITCHES, Conventions
from decade.models.compared import Counted, shift
from decade.models.everyone import Everyone, Groups, everyone_of, groups_of
from decade.scope import Scope
from decade.warehouse import Asker, Workspace

Count = Callable[[Conventions], Counted]
YEAR = 12
MOVES = ["account_id", "month", "kind", "amount"]


def without_period(scope: Scope) -> Scope:
    """The same accounts in all months: balances need their history."""
    return replace(scope, from_month=None, to_month=None)


def own_count(workspace: Workspace, scope: Scope) -> Counted:
    """The count under the workspace's own conventions."""
    nothing_differs = pd.DataFrame(columns=MOVES)
    return Counted(workspace.ask("mrr_bridge", scope), workspace.ask("revenue_retention", scope), nothing_differs)


def own_movements(workspace: Workspace) -> pd.DataFrame:
    """All movements under the workspace's own conventions: account_id, month, kind, amount."""
    return workspace.ask("movements")[MOVES]


def counter(workspace: Workspace, scope: Scope) -> Count:
    """A count that remembers what it has counted."""
    own, among = own_movements(workspace), groups(workspace)
    chosen = among.chosen(workspace.ask("account_slices", scope)["account_id"])
    kept: dict[Conventions, Counted] = {}

    def count(conventions: Conventions) -> Counted:
        key = replace(conventions, name="")
        if key not in kept:
            kept[key] = everyone(workspace, key, among, own).within(among, chosen)
        return kept[key]

    return count


def groups(workspace: Workspace) -> Groups:
    """The accounts, and which of them every filter treats alike."""
    return groups_of(workspace.ask("compared/accounts"))


def everyone(workspace: Workspace, conventions: Conventions, among: Groups, own: pd.DataFrame) -> Everyone:
    """All accounts counted under some conventions: any scope chooses among them. `own`: see own_movements."""
    if replace(conventions, name="") == replace(workspace.conventions(), name=""):
        return _everyone(workspace, among, own.iloc[:0])
    with workspace.under(conventions, is_revenue_only=True) as other:
        return _everyone(other, among, shift(own, other.ask("movements")))


def _everyone(asker: Workspace | Asker, among: Groups, differing: pd.DataFrame) -> Everyone:
    months, moved, retained = (asker.ask(f"compared/{name}") for name in ("months", "moved", "retained"))
    return everyone_of(among, months, moved, retained, differing)


def all_presets(own: Conventions) -> Mapping[str, Conventions]:
    """The own conventions under an empty name, then every preset."""
    return {"": own, **{name: own.preset(name) for name in PRESETS}}


def single_changes(own: Conventions) -> Mapping[str, Conventions]:
    """The own conventions with one switch changed at a time, named `switch=value`."""
    others: Mapping[str, tuple[object, ...]] = {
        **CHOICES,
        "zero_is_active": (True, False),
        "past_due_counts": (True, False),
        "bridge_days": (0, 3, 31),
        "grace_days": (0, 31),
    }
    found = {}
    for name, values in others.items():
        for value in values:
            changed: dict[str, Any] = {name: value}
            if getattr(own, name) != value:
                found[f"{name}={_said(value)}"] = replace(own, **changed)
    return found


def steps_to(own: Conventions, other: Conventions, count: Count) -> list[tuple[str, Counted]]:
    """The own count under an empty name, then the count after each switch on the way to the other."""
    return [("", count(own)), *((name, count(reached)) for name, reached in own.steps_to(other))]


def said_of(switch: str, before: Conventions, after: Conventions) -> str:
    """A switch and how it is changed, in words: Gap bridging: 3 to 0."""
    return f"{SWITCHES[switch]}: {_said(getattr(before, switch))} to {_said(getattr(after, switch))}"


def last_full_month(bridge: pd.DataFrame) -> date | None:
    """The last complete month of a bridge."""
    full = bridge.loc[bridge["is_full"].fillna(False).astype(bool), "month"]
    return None if full.empty else full.iloc[-1].date()


def _said(value: object) -> str:
    if value is None:
        return "any"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value).replace("_", " ")
