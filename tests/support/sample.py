"""The sample company through the real importer: once a process, and copied for whoever changes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decade import ingest
from decade.warehouse import Workspace
from support.project import ROOT

SAMPLE = ROOT / "data" / "sample"
APP = ROOT / "app.py"


def sample_files() -> list[Path]:
    """The sample company's exports."""
    return sorted(path for path in SAMPLE.iterdir() if path.suffix in (".csv", ".xlsx"))


def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed workspace with the sample company, imported when it is first asked for: copy it, never open it."""
    folder = tmp_path_factory.getbasetemp() / "sample_template"
    if not (folder / "decade.duckdb").exists():
        workspace = Workspace.open(folder)
        ingest.carry_out(ingest.plan(sample_files(), workspace), workspace)
        workspace.close()
    return folder


def sample_copy(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """A copy of the template at `folder`."""
    shutil.copytree(sample_template(tmp_path_factory), folder)
    return folder


def sample_account(workspace: Path, attribute: str, value: str) -> str:
    """The id of the sample account with the highest MRR that has a value of an attribute."""
    listed = Workspace.open(workspace).ask("account_list")
    return str(listed[listed[attribute] == value].sort_values("mrr")["account_id"].iloc[-1])
