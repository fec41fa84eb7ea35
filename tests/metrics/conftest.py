"""A workspace for many small companies, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from decade.warehouse import Workspace
from support.workspaces import empty


@pytest.fixture(scope="session")
def one_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(tmp_path_factory.mktemp("metrics"))
    yield opened
    opened.close()


@pytest.fixture
def books(one_workspace: Workspace) -> Workspace:
    """An empty workspace, shared with the tests before and after."""
    return empty(one_workspace)
