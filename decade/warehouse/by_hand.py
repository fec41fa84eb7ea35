"""What no export says and a person types: spend by month, and decisions such as a margin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from decade.errors import Refused
from decade.queries import in_folder
from decade.warehouse import marts
from decade.warehouse.workspace import Workspace

KINDS = ("program", "agency", "salaries", "tools", "commission")


def decide(workspace: Workspace, name: str, value: str | None) -> None:
    """Keep a decision on which answers depend; None takes it back. The revision grows."""
    with workspace.change() as cursor:
        marts.set_setting(cursor, name, value)


def type_spend(
    workspace: Workspace, months: Sequence[date], *, channel: str | None, kind: str, amount: Decimal | None
) -> None:
    """Keep the same amount for each month, in the reporting currency, in place of what was typed for them before.

    Without an amount, what was typed is removed. Refused without a month, with an unknown kind, a negative amount.
    """
    if not months:
        raise Refused("no month was given", where="spend", do="Choose a first and a last month, in this order.")
    if kind not in KINDS:
        raise Refused(f"spend cannot be of kind {kind!r}", where="spend", do=f"Choose one of: {', '.join(KINDS)}.")
    if amount is not None and amount < 0:
        raise Refused("spend cannot be negative", where="spend", do="Give an amount from 0 up.")
    load = in_folder("load")
    named = {"months": [each.replace(day=1) for each in months], "channel": channel or None, "kind": kind}
    with workspace.change() as cursor:
        cursor.execute(load["forget_typed_spend"].sql, named)
        if amount is not None:
            cursor.execute(load["type_spend"].sql, {**named, "amount": amount})
        marts.rebuild_spend(cursor)


def typed_spend(workspace: Workspace) -> pd.DataFrame:
    """What was typed: month, channel, kind, amount, currency."""
    return workspace.ask("typed_spend")
