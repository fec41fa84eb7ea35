"""What `project` and `backtest` of the command line do: ask, forecast, print."""

from __future__ import annotations

import argparse
import sys

import pandas as pd

from decade.commands import flat, folder_of, print_frame
from decade.errors import Refused
from decade.models.backtest import back_test
from decade.models.cohorts import extended, mature_cells
from decade.models.finer import logo_cohorts, revenue_cohorts
from decade.models.logos import project_logos
from decade.models.projection import OBSERVED, PROJECTED
from decade.models.revenue_projection import project_revenue
from decade.scope import Scope
from decade.warehouse import Workspace


def project(options: argparse.Namespace) -> None:
    """Cohorts to ten years: cohort, age, n, observed, median, low, high, kind, is_back_tested; with --by, slices."""
    if not 1 <= options.horizon_years <= 15:
        raise Refused("the horizon is 1 to 15 years", where="--horizon-years", do="Give one of them.")
    if options.grain != "year":
        print_frame(_finer(options), options.format)
        return
    frame = _history(options, options.by)
    found = []
    for name, part in frame.groupby("slice"):
        rows = part.drop(columns="slice")
        if options.kind == "logo":
            projection = project_logos(rows, options.horizon_years)
        else:
            projection = project_revenue(rows, options.horizon_years, is_gross=options.gross)
        cells = projection.cells if options.by == "none" else projection.pooled.assign(slice=name)
        found.append(cells)
        for note in projection.notes:
            print(f"note: {note}", file=sys.stderr)
    if not found:
        raise Refused("no account in this scope has a known age", where="project", do="Widen the scope.")
    print_frame(pd.concat(found, ignore_index=True), options.format)


def backtest(options: argparse.Namespace) -> None:
    """WAPE, bias, coverage and CRPS by model and horizon, on the workspace's own history."""
    result = back_test(_history(options, "none").drop(columns="slice"))
    for note in result.notes:
        print(f"note: {note}", file=sys.stderr)
    print_frame(result.scores, options.format)


def _finer(options: argparse.Namespace) -> pd.DataFrame:
    """Cohorts of a month or a quarter: cohort, age, n, observed, median, low, high, kind, is_back_tested."""
    if options.by != "none":
        raise Refused("--by gives a line for each value, by year", where="--grain", do="Give one of the two.")
    workspace, scope, kind = _asked(options)
    months = 1 if options.grain == "month" else 3
    yearly, finer = (
        workspace.history(kind, scope, grain=each).drop(columns="slice") for each in ("year", options.grain)
    )
    horizon = options.horizon_years
    if kind == "logo":
        ahead = logo_cohorts(yearly, finer, months, horizon=horizon)
    else:
        ahead = revenue_cohorts(yearly, finer, months, horizon=horizon, is_gross=kind == "gross")
    cells = workspace.ask("cohort_retention", scope, kind=kind, grain=options.grain)
    seen = mature_cells(cells)
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
    return rows.sort_values(["cohort", "age"])


def _asked(options: argparse.Namespace) -> tuple[Workspace, Scope, str]:
    kind = "logo" if options.kind == "logo" else "gross" if getattr(options, "gross", False) else "net"
    workspace = Workspace.open(folder_of(options.workspace), create=False)
    return workspace, Scope.parse(flat(options.scope)), kind


def _history(options: argparse.Namespace, by: str) -> pd.DataFrame:
    workspace, scope, kind = _asked(options)
    return workspace.history(kind, scope, by=by)
