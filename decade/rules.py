"""The commands about conventions: which are in force, what changing them moves, and why two numbers differ."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

import pandas as pd

from decade.commands import flat, folder_of, known_scope, print_frame, say
from decade.comparing import (
    YEAR,
    all_presets,
    counter,
    last_full_month,
    own_count,
    said_of,
    single_changes,
    steps_to,
    without_period,
)
from decade.conventions import PRESETS, SWITCHES, Conventions
from decade.errors import Refused
from decade.models.compared import (
    MEASURES,
    Counted,
    accounts_behind,
    by_cause,
    coincidences,
    measured,
    nearest,
    side_by_side,
    what_moved,
)
from decade.months import parse_month
from decade.scope import Scope
from decade.warehouse import Workspace

OWN = "(own)"


def conventions(options: argparse.Namespace) -> None:
    """The conventions in force beside the presets; with settings, rebuild under them and say what moved."""
    workspace = Workspace.open(folder_of(options.workspace), create=False, heard=say)
    own = workspace.conventions()
    if not options.settings:
        named = {f"{own.name} (in force)": own, **{name: own.preset(name) for name in PRESETS}}
        rows = [
            {"switch": switch, **{name: str(getattr(each, switch)) for name, each in named.items()}}
            for switch in ("as_of", "reporting_currency", "grace_days", *SWITCHES)
        ]
        print_frame(pd.DataFrame(rows), options.format)
        return
    wanted = own.with_settings(options.settings)
    before = own_count(workspace, Scope())
    workspace.set_conventions(wanted)
    after = own_count(workspace, Scope())
    month = last_full_month(before.bridge) or last_full_month(after.bridge)
    if month is None:
        raise Refused("rebuilt, but there is no complete month to compare", where="conventions")
    print_frame(what_moved(measured(before, month, YEAR), measured(after, month, YEAR)), options.format)


def compare(options: argparse.Namespace) -> None:
    """All presets side by side; with `--to`, the causes; with `--cause`, the accounts; with `--number`, the nearest."""
    workspace = Workspace.open(folder_of(options.workspace), create=False, heard=say)
    scope = without_period(known_scope(workspace, Scope.parse(flat(options.scope))))
    own, count = workspace.conventions(), counter(workspace, scope)
    month = _month(options.month) or last_full_month(count(own).bridge)
    if month is None:
        raise Refused("there is no complete month to compare", where="compare", do="Import charges, or give --month.")
    if options.measure not in MEASURES:
        raise Refused(f"there is no measure {options.measure!r}", do=f"Choose one of: {', '.join(MEASURES)}.")
    if options.number is not None:
        candidates = {**all_presets(own), **single_changes(own)}
        counts = {name or OWN: count(each) for name, each in candidates.items()}
        found = nearest(options.number, options.measure, counts, month, options.months)
        print_frame(found, options.format)
        if options.format == "table" and options.measure == "mrr" and len(found):
            moves = workspace.ask("movements", scope)
            levels = moves[moves["month"] <= pd.Timestamp(month)].groupby("account_id")["amount"].sum()
            for kind, which, amount in coincidences(options.number, found["rest"].iloc[0], count(own), levels):
                print(f"perhaps: {_perhaps(kind, which)} ({amount:,.2f})")
    elif options.to is None:
        counts = {name or OWN: count(each) for name, each in all_presets(own).items()}
        print_frame(side_by_side(counts, month, options.months), options.format)
    else:
        other = own.with_settings([options.to])
        _explain(options, own, other, month, steps_to(own, other, count))


def _explain(
    options: argparse.Namespace, own: Conventions, other: Conventions, month: date, steps: Sequence[tuple[str, Counted]]
) -> None:
    if options.cause is None:
        frame = by_cause(steps, options.measure, month, options.months)
        frame.insert(1, "change", [said_of(name, own, other) for name in frame["cause"]])
        print_frame(frame, options.format)
        return
    names = [name for name, _ in steps]
    if options.cause not in names[1:]:
        raise Refused(f"{options.cause!r} makes no difference here", do=f"Choose one of: {', '.join(names[1:])}.")
    place = names.index(options.cause)
    before, after = steps[place - 1][1], steps[place][1]
    print_frame(accounts_behind(before, after, options.measure, month, options.months), options.format)


def _perhaps(kind: str, which: str) -> str:
    return {"month": f"your MRR at the end of {which}", "year": "twelve times your MRR, a yearly figure"}.get(
        kind, f"the rest is the MRR of account {which}"
    )


def _month(text: str | None) -> date | None:
    try:
        return parse_month(text) if text else None
    except ValueError:
        raise Refused(f"{text!r} is no month", where="--month", do="Write it as 2026-03.") from None
