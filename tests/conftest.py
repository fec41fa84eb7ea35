"""What every test may ask for: a workspace of its own, and real exports where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from decade.warehouse import Workspace

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run: a failure is found again by whoever looks for it.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=25, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


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
