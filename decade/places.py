"""Where things are: the project, the sample company's exports, the workspaces."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE = PROJECT / "data" / "sample"


def workspaces_folder() -> Path:
    """Where workspaces without a path of their own live; the environment's DECADE_WORKSPACES says otherwise."""
    return Path(os.environ.get("DECADE_WORKSPACES") or PROJECT / "data" / "workspaces")


def sample_files() -> list[Path]:
    """The sample company's exports, by name."""
    return sorted(path for path in SAMPLE.iterdir() if path.suffix in (".csv", ".xlsx"))
