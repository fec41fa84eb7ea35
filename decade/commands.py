"""What each command of the command line does: ask, then print."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from decade.errors import Doubts, Refused
from decade.places import PROJECT, sample_files, workspaces_folder
from decade.queries import metric, metrics
from decade.scope import ATTRIBUTES, Scope
from decade.tracing import Asks, trace
from decade.warehouse import Workspace

SERVER = PROJECT / "decade" / "ui" / "server.py"


def folder_of(name: str | None) -> Path:
    """The folder of a workspace: a path as it is, a plain name under the workspaces' folder."""
    if name is None:
        return workspaces_folder() / "sample"
    return Path(name) if os.sep in name or name.startswith(".") else workspaces_folder() / name


def say(text: str) -> None:
    """Tell the person at the terminal what is going on, beside what is answered."""
    print(text, file=sys.stderr, flush=True)


def serve(options: argparse.Namespace) -> None:
    """Start the app; without a workspace, on the sample company, imported the first time."""
    folder = folder_of(options.workspace)
    workspace = Workspace.open(folder, heard=say)
    if options.workspace is None and workspace.is_empty:
        print("Importing the sample company …", flush=True)
        import_sample(workspace)
    workspace.close()
    port = options.port or _free_port()
    print(f"Decade is at http://localhost:{port} (stop with Ctrl-C)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(SERVER), "--server.port", str(port)]
    command += [
        "--server.address",
        "localhost",
        "--server.headless",
        str(options.no_browser or _has_no_screen()).lower(),
    ]
    environment = {**os.environ, "DECADE_WORKSPACE": str(folder.resolve()), "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, env=environment, cwd=PROJECT) as app:
        signal.signal(signal.SIGTERM, lambda *_: app.terminate())  # or it would live on and hold the workspace
        try:
            code = app.wait()
        except KeyboardInterrupt:
            return
    if code not in (0, -2, -15):
        raise Refused("the app stopped", where="serve", do=f"Is port {port} free? Try --port {port + 1}.")


def import_sample(workspace: Workspace) -> None:
    """Import the sample company through the importer, like any other files."""
    from decade import ingest

    ingest.carry_out(ingest.plan(sample_files(), workspace), workspace)


def list_metrics(options: argparse.Namespace) -> None:
    """Name, question, grain and parameters of every metric."""
    rows = [
        {
            "name": each.name,
            "question": each.question,
            "grain": each.grain,
            "parameters": "; ".join(
                f"{p.name} = {' | '.join(p.choices) or p.kind} (default {p.default})" for p in each.parameters
            ),
        }
        for each in metrics().values()
    ]
    print_frame(pd.DataFrame(rows), options.format)


def show(options: argparse.Namespace) -> None:
    """The answer to one metric, in a scope, under the conventions asked for."""
    question = metric(options.metric)
    scope = Scope.parse(flat(options.scope))
    settings = pairs(flat(options.set))
    question.values(scope.parameters(), settings)
    workspace = Workspace.open(folder_of(options.workspace), create=False, heard=say)
    wanted = flat(options.convention)
    if wanted:
        with workspace.under(workspace.conventions().with_settings(wanted)) as asker:
            _answer(asker, question.name, scope, settings, options)
    else:
        _answer(workspace, question.name, scope, settings, options)


def known_scope(asks: Asks, scope: Scope) -> Scope:
    """The scope itself. Raises Refused when it names a value that no account has."""
    if any(getattr(scope, name) for name in ATTRIBUTES):
        frame = asks.ask("scope_values")
        scope.must_be_among({str(name): part["value"].tolist() for name, part in frame.groupby("attribute")})
    return scope


def _answer(asks: Asks, name: str, scope: Scope, settings: Mapping[str, str], options: argparse.Namespace) -> None:
    known_scope(asks, scope)
    if options.trace is None:
        print_frame(asks.ask(name, scope, settings=settings), options.format)
        return
    found = trace(asks, name, scope, settings, options.trace)
    print_frame(found.lines, options.format)
    print(found.said, file=sys.stdout if options.format == "table" else sys.stderr)


def print_frame(frame: pd.DataFrame, form: str) -> None:
    """A frame on standard output: a table, CSV (dates as YYYY-MM-DD, missing empty) or JSON (missing null)."""
    if form == "csv":
        frame.to_csv(sys.stdout, index=False, date_format="%Y-%m-%d", lineterminator="\n")
    elif form == "json":
        written = frame.copy()
        for column in written.columns[[pd.api.types.is_datetime64_any_dtype(kind) for kind in written.dtypes]]:
            written[column] = written[column].dt.strftime("%Y-%m-%d")
        print(written.to_json(orient="records", indent=1, double_precision=10))
    else:
        with pd.option_context("display.max_rows", None, "display.max_columns", None, "display.width", 220):
            print(frame.to_string(index=False, na_rep="–") if len(frame) else "No rows.")


def print_doubts(doubts: Doubts, *, as_json: bool) -> None:
    """The questions that are open, on standard output as JSON or on standard error as sentences."""
    if as_json:
        print(json.dumps({"doubts": doubts.questions}, indent=1, default=str))
        return
    for each in doubts.questions:
        print(f"? {each['question']}", file=sys.stderr)
        examples, choices = each.get("examples") or [], each.get("options") or []
        if isinstance(examples, Sequence) and examples:
            print(f"  for example: {', '.join(map(str, examples))}", file=sys.stderr)
        print(
            f'  answer in a file given with --map: [answers] "{each["answer_key"]}" = one of {choices}', file=sys.stderr
        )


def flat(groups: Sequence[Sequence[str]]) -> list[str]:
    """Options given several times, each with several values, as one list."""
    return [each for group in groups for each in group]


def pairs(settings: Sequence[str]) -> Mapping[str, str]:
    """Settings written as name=value. Raises Refused on one that is not."""
    found = {}
    for setting in settings:
        name, is_pair, value = setting.partition("=")
        if not is_pair:
            raise Refused(f"{setting!r} is no setting", where="--set", do="Write it as name=value.")
        found[name] = value
    return found


def _free_port() -> int:
    """A port that nobody listens at: what --port 0 asks for."""
    with socket.socket() as listening:
        listening.bind(("localhost", 0))
        return int(listening.getsockname()[1])


def _has_no_screen() -> bool:
    return sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
