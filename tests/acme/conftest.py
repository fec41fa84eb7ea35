"""The twelve accounts, loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from decade.warehouse import Workspace
from support.workspaces import load_acme


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that holds the twelve accounts. Ask it, or ask it under other conventions; do not change it."""
    opened = Workspace.open(tmp_path_factory.mktemp("acme"))
    yield load_acme(opened)
    opened.close()
