"""What `project` and `backtest` of the command line do: ask, forecast, print."""

from __future__ import annotations

import argparse
import sys

import pandas as pd

from decade.commands import flat, folder_of, known_scope, print_frame, say
from decade.errors import Refused
from decade.models.backtest import back_test, coverage_of
from decade.models.cohorts import extended, mature_cells
from decade.models.finer import logo_cohorts, logo_groups, revenue_cohorts, revenue_groups
from decade.models.logos import project_logos
from decade.models.projection import NOT_BACK_TESTED, OBSERVED, PROJECTED, back_tested
from decade.models.revenue_projection import project_revenue
from decade.scope import Scope
from decade.warehouse import Workspace


def project(options: argparse.Namespace) -> None:
    """Cohorts to ten years: cohort, age, n, observed, median, low, high, kind, is_back_tested; with --by, slices."""
    if not 1 <= options.horizon_years <= 15:
        raise Refused("the horizon is 1 to 15 years", where="--horizon-years", do="Give one of them.")
    calibration = _calibration(options) if options.calibrated else 1.0
    if options.grain != "year" or options.by != "none":
        print_frame(_finer(options, calibration), options.format)
        return
    rows = _history(options, "none").drop(columns="slice")
    if rows.empty:
        raise _nobody("project")
    if options.kind == "logo":
        projection = project_logos(rows, options.horizon_years, calibration=calibration)
    else:
        projection = project_revenue(rows, options.horizon_years, is_gross=options.gross, calibration=calibration)
    for note in projection.notes:
        print(f"note: {note}", file=sys.stderr)
    print_frame(projection.cells, options.format)


def _nobody(where: str) -> Refused:
    """Nobody's age is known: all were there when the data begins, or the scope holds none."""
    return Refused(
        "no account in this scope has a known age; those active in the data's first month began before it",
        where=where,
        do="Import customer_since for them, or billing from further back, or widen the scope.",
    )


def _calibration(options: argparse.Namespace) -> float:
    """By how much the back-test asks to widen what the model may be wrong by, told on the way."""
    try:
        found = back_test(_history(options, "none").drop(columns="slice"))
    except Refused:
        print(f"note: {NOT_BACK_TESTED}", file=sys.stderr)
        return 1.0
    print(f"note: {back_tested(found.calibration, coverage_of(found))}", file=sys.stderr)
    return found.calibration


def backtest(options: argparse.Namespace) -> None:
    """WAPE, bias, coverage and CRPS by model and horizon, on the workspace's own history."""
    rows = _history(options, "none").drop(columns="slice")
    if rows.empty:
        raise _nobody("backtest")
    result = back_test(rows)
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    print_frame(result.scores, options.format)


def _finer(options: argparse.Namespace, calibration: float) -> pd.DataFrame:
    """Cohorts of a month or a quarter, or groups by an attribute (`slice` in place of cohort), from the yearly fit.

    cohort, age, n, observed, median, low, high, kind, is_back_tested.
    """
    workspace, scope, kind = _asked(options)
    months, horizon = {"month": 1, "quarter": 3, "year": 12}[options.grain], options.horizon_years
    is_gross = kind == "gross"
    if options.by != "none":
        frame = workspace.history(kind, scope, by=options.by)
        if frame.empty:
            raise _nobody("project")
        if kind == "logo":
            ahead = logo_groups(frame, months, horizon=horizon, calibration=calibration)
        else:
            ahead = revenue_groups(frame, months, horizon=horizon, is_gross=is_gross, calibration=calibration)
    else:
        yearly, finer = (
            workspace.history(kind, scope, grain=each).drop(columns="slice") for each in ("year", options.grain)
        )
        if yearly.empty:
            raise _nobody("project")
        if kind == "logo":
            ahead = logo_cohorts(yearly, finer, months, horizon=horizon, calibration=calibration)
        else:
            ahead = revenue_cohorts(yearly, finer, months, horizon=horizon, is_gross=is_gross, calibration=calibration)
    by = "start" if options.by == "none" else options.by
    cells = workspace.ask("cohort_retention", scope, kind=kind, grain=options.grain, by=by)
    seen = mature_cells(cells)
    seen = seen[seen["age"] <= horizon * 12 // months]
    ceiling = float("inf") if kind == "net" else 1.0
    coming = extended(cells, ahead.names, ahead.paths, ahead.tested, ceiling).rename(columns={"rate": "median"})
    started = seen.drop_duplicates("cohort").set_index("cohort")["n"]
    known = pd.DataFrame(
        {
            "cohort": seen["cohort"],
            "age": seen["age"],
            "observed": seen["rate"],
            **dict.fromkeys(("median", "low", "high"), seen["rate"]),
            "kind": OBSERVED,
            "is_back_tested": True,
        }
    )
    rows = pd.concat([known, coming.assign(observed=float("nan"), kind=PROJECTED)], ignore_index=True)
    rows.insert(2, "n", rows["cohort"].map(started))
    rows = rows.sort_values(["cohort", "age"])
    return rows if by == "start" else rows.rename(columns={"cohort": "slice"})


def _asked(options: argparse.Namespace) -> tuple[Workspace, Scope, str]:
    kind = "logo" if options.kind == "logo" else "gross" if getattr(options, "gross", False) else "net"
    workspace = Workspace.open(folder_of(options.workspace), create=False, heard=say)
    return workspace, known_scope(workspace, Scope.parse(flat(options.scope))), kind


def _history(options: argparse.Namespace, by: str) -> pd.DataFrame:
    workspace, scope, kind = _asked(options)
    return workspace.history(kind, scope, by=by)
