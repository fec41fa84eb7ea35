"""Workspaces behind the pages: the sample company to look at, a copy of it to change, and an empty one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from decade.warehouse import Workspace
from support.sample import sample_copy


@pytest.fixture(autouse=True, scope="session")
def quiet_collector() -> Iterator[None]:
    """As in the server: what is imported is not walked over after every run of a page."""
    gc.collect()
    gc.freeze()
    config.set_option("runner.postScriptGC", False)
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample company for tests that only look."""
    folder = sample_copy(tmp_path_factory, tmp_path_factory.mktemp("looked_at") / "sample")
    yield folder
    Workspace.open(folder).close()


@pytest.fixture
def sample(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The sample company, served; nothing changes it."""
    return served(sample_folder, tmp_path, monkeypatch)


@pytest.fixture
def own_sample(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """A copy of the sample company, served, that a test may change."""
    workspace = served(sample_copy(tmp_path_factory, tmp_path / "own" / "sample"), tmp_path, monkeypatch)
    yield workspace
    workspace.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace, served."""
    workspace = served(tmp_path / "own" / "empty", tmp_path, monkeypatch)
    yield workspace
    workspace.close()


def served(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The workspace in a folder, as the app will open it."""
    monkeypatch.setenv("DECADE_WORKSPACE", str(folder))
    monkeypatch.setenv("DECADE_WORKSPACES", str(tmp_path / "workspaces"))
    return Workspace.open(folder)
