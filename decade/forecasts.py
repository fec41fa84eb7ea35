"""What `project` and `backtest` of the command line do: ask, forecast, print."""

from __future__ import annotations

import argparse
import sys

import pandas as pd

from decade.commands import flat, folder_of, print_frame
from decade.errors import Refused
from decade.models.backtest import back_test
from decade.models.logos import project_logos
from decade.models.revenue_projection import project_revenue
from decade.scope import Scope
from decade.warehouse import Workspace


def project(options: argparse.Namespace) -> None:
    """Cohorts to ten years: cohort, age, n, observed, median, low, high, kind, is_back_tested; with --by, slices."""
    if not 1 <= options.horizon_years <= 15:
        raise Refused("the horizon is 1 to 15 years", where="--horizon-years", do="Give one of them.")
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


def _history(options: argparse.Namespace, by: str) -> pd.DataFrame:
    workspace = Workspace.open(folder_of(options.workspace), create=False)
    scope = Scope.parse(flat(options.scope))
    kind = "logo" if options.kind == "logo" else "gross" if getattr(options, "gross", False) else "net"
    return workspace.history(kind, scope, by=by)
