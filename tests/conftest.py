"""What every test may ask for: a workspace of its own, and real exports where they are at hand."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from decade.warehouse import Workspace, opening
from support.workspaces import load_acme

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run: a failure is found again by whoever looks for it.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=25, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(autouse=True, scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new workspace begins as a copy of one made as any is: making its tables takes four times as long.

    Opening goes its whole way on the copy, and whatever forbids a copy is met by the product itself.
    """
    made = tmp_path_factory.mktemp("first_day") / "made"
    Workspace.open(made).close()
    connect = opening.connect

    def connected(folder: Path) -> duckdb.DuckDBPyConnection:
        if not (folder / opening.DATABASE).exists():
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(made / opening.DATABASE, folder / opening.DATABASE)
        return connect(folder)

    opening.connect = connected
    yield
    opening.connect = connect


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that holds the twelve accounts. Ask it, or ask it under other conventions; do not change it."""
    opened = Workspace.open(tmp_path_factory.mktemp("acme") / "acme")
    yield load_acme(opened)
    opened.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace, closed afterwards."""
    opened = Workspace.open(tmp_path / "workspace")
    yield opened
    opened.close()


@pytest.fixture
def empty_workspace(workspace: Workspace) -> Workspace:
    """The same, by the name that says what matters in a test about emptiness."""
    return workspace


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """A folder of real exports, which are not part of the project; skips where it is absent."""
    named = os.environ.get("DECADE_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real exports here: name their folder in DECADE_SHARED_DATA")
    return folder
