"""The command line: everything a page shows, without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from decade import commands, importing, rules
from decade.errors import Doubts, Refused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 2 cannot be carried out, 3 doubts that a person must settle."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except Doubts as doubts:
        commands.print_doubts(doubts, as_json=getattr(options, "json", False))
        return 3
    except Refused as refused:
        print(refused.sentence(), *([f"Import with {refused.options}."] if refused.options else []), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m decade", description="Ten years of customers, from your exports.")
    commands_of = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands_of.add_parser("serve", help="open the app in the browser")
    _workspace(serve)
    serve.add_argument("--port", type=int, default=8501, help="0 takes any free one")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    serve.set_defaults(run=commands.serve)

    imported = commands_of.add_parser("import", help="import exports as the vendors wrote them")
    imported.add_argument("files", nargs="+", metavar="FILE", help="files or folders")
    _workspace(imported)
    imported.add_argument("--as-of", metavar="DAY", help="the last day that the data speaks about")
    imported.add_argument("--source", metavar="NAME", help="read the files as this known export")
    imported.add_argument("--map", metavar="FILE.toml", help="a mapping, answers to doubts, or both")
    imported.add_argument("--rate", action="append", default=[], metavar="EUR=1.08", help="one rate for all months")
    imported.add_argument("--currency", metavar="USD", help="the reporting currency; the most frequent one otherwise")
    imported.add_argument("--dry-run", action="store_true", help="give the account, change nothing")
    imported.add_argument("--json", action="store_true", help="the account, or the doubts, as JSON")
    imported.add_argument("--refused", metavar="FILE.csv", help="write the refused rows: line, reason, raw text")
    imported.set_defaults(run=importing.import_files)

    listed = commands_of.add_parser("imports", help="the imported files, with the number of their import")
    _workspace(listed)
    _format(listed)
    listed.set_defaults(run=importing.list_imports)

    undone = commands_of.add_parser("undo", help="take an import out again, as if its files had never come")
    undone.add_argument("import_id", type=int, metavar="IMPORT", help="its number, as `imports` lists it")
    _workspace(undone)
    undone.set_defaults(run=importing.undo)

    metrics = commands_of.add_parser("metrics", help="what can be shown")
    _format(metrics)
    metrics.set_defaults(run=commands.list_metrics)

    show = commands_of.add_parser("show", help="show a metric")
    show.add_argument("metric")
    _workspace(show)
    show.add_argument("--scope", action="append", default=[], nargs="+", metavar="KEY=VALUE", help="filters")
    show.add_argument("--convention", action="append", default=[], nargs="+", metavar="NAME|KEY=VALUE")
    show.add_argument("--set", action="append", default=[], nargs="+", metavar="PARAMETER=VALUE")
    show.add_argument(
        "--trace",
        nargs="?",
        const="",
        metavar="COLUMN",
        help="the lines of files behind a column, at the last month of the scope, and what they sum to",
    )
    _format(show)
    show.set_defaults(run=commands.show)

    conventions = commands_of.add_parser("conventions", help="the rules in force; with settings, change them")
    conventions.add_argument("settings", nargs="*", metavar="NAME|KEY=VALUE", help="a preset, or single switches")
    _workspace(conventions)
    _format(conventions)
    conventions.set_defaults(run=rules.conventions)

    compare = commands_of.add_parser("compare", help="the same charges under every convention, and why they differ")
    compare.add_argument("--month", metavar="MONTH", help="the last complete month otherwise")
    compare.add_argument("--months", type=int, default=12, help="movements are summed over so many months")
    compare.add_argument("--to", metavar="NAME|KEY=VALUE", help="take the difference to this apart, switch by switch")
    compare.add_argument("--measure", default="mrr", help="mrr, accounts, new, churn, nrr, grr …")
    compare.add_argument("--cause", metavar="SWITCH", help="the accounts behind one switch")
    compare.add_argument("--number", type=float, help="a number of another tool: which convention comes nearest")
    _workspace(compare)
    compare.add_argument("--scope", action="append", default=[], nargs="+", metavar="KEY=VALUE")
    _format(compare)
    compare.set_defaults(run=rules.compare)

    project = commands_of.add_parser("project", help="retention projected to ten years, with its interval")
    project.add_argument("kind", choices=("logo", "revenue"))
    project.add_argument("--gross", action="store_true", help="revenue without expansion")
    project.add_argument("--by", default="none", metavar="ATTRIBUTE", help="a line for each value, in place of cohorts")
    project.add_argument(
        "--calibrated", action="store_true", help="widen the interval where a back-test asks for it, as the pages do"
    )
    project.add_argument("--grain", choices=("month", "quarter", "year"), default="year", help="length of a cohort")
    project.add_argument("--horizon-years", type=int, default=10)
    _workspace(project)
    project.add_argument("--scope", action="append", default=[], nargs="+", metavar="KEY=VALUE")
    _format(project)
    project.set_defaults(run=_project)

    backtest = commands_of.add_parser("backtest", help="how wrong the projection would have been")
    backtest.add_argument("kind", nargs="?", choices=("logo", "revenue"), default="logo")
    _workspace(backtest)
    backtest.add_argument("--scope", action="append", default=[], nargs="+", metavar="KEY=VALUE")
    _format(backtest)
    backtest.set_defaults(run=_backtest)

    scenario = commands_of.add_parser("scenario", help="the ten-year customer: forwards, backwards, compared, doubted")
    scenario.add_argument("--preset", default=None, metavar="NAME")
    scenario.add_argument("--saved", default=None, metavar="NAME", help="a scenario kept in the workspace")
    scenario.add_argument("--measured", default=None, metavar="SEGMENT", help="own values of a segment, or of All")
    scenario.add_argument("--set", action="append", default=[], nargs="+", metavar="INPUT=VALUE")
    scenario.add_argument("--solve", metavar="INPUT", help="find the input that reaches --target")
    scenario.add_argument("--target", metavar="OUTPUT=VALUE")
    scenario.add_argument("--years-table", action="store_true", help="the year table in place of the outputs")
    scenario.add_argument("--compare", nargs="+", metavar="NAME", help="beside presets and saved scenarios")
    scenario.add_argument("--tornado", nargs="?", const="npv", metavar="OUTPUT", help="which input matters most")
    scenario.add_argument("--simulate", nargs="?", type=int, const=8192, metavar="DRAWS", help="all inputs in doubt")
    scenario.add_argument("--seed", type=int, default=1)
    scenario.add_argument("--spread", action="append", default=[], nargs="+", metavar="INPUT=SHARE")
    scenario.add_argument("--correlate", action="append", default=[], nargs="+", metavar="ONE,OTHER=VALUE")
    scenario.add_argument("--grid", nargs=2, metavar="INPUT=FROM:TO:HOW_MANY", help="an output over two inputs")
    scenario.add_argument("--of", default="npv", metavar="OUTPUT", help="the output of --grid")
    scenario.add_argument("--claims", action="store_true", help="the published claim taken apart")
    scenario.add_argument("--presets", action="store_true", help="the presets, and with a workspace the saved ones")
    scenario.add_argument("--save", metavar="NAME", help="keep it in the workspace")
    scenario.add_argument("--delete", metavar="NAME", help="forget a saved one")
    scenario.add_argument("--scope", action="append", default=[], nargs="+", metavar="KEY=VALUE")
    _workspace(scenario)
    _format(scenario)
    scenario.set_defaults(run=_scenario)
    return parser


# What only models need is heavy: a command that asks none does without.
def _project(options: argparse.Namespace) -> None:
    from decade import forecasts

    forecasts.project(options)


def _backtest(options: argparse.Namespace) -> None:
    from decade import forecasts

    forecasts.backtest(options)


def _scenario(options: argparse.Namespace) -> None:
    from decade import plans

    plans.scenario(options)


def _workspace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-w", "--workspace", metavar="FOLDER", help="a folder, or a name under data/workspaces")


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")


if __name__ == "__main__":
    sys.exit(main())
