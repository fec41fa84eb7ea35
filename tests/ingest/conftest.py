"""For tests that stop before the database: a place to plan an import, without the cost of opening a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from decade.conventions import Conventions


@dataclass
class Desk:
    """What planning an import asks of a workspace: a folder, and nothing known before."""

    imports: Path

    def saved(self, kind: str) -> dict[str, str]:
        return {}

    def unmatched(self, staged: object) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[str, str, str]]]:
        return pd.DataFrame(columns=["place"]), pd.DataFrame(), set()

    def conventions(self) -> Conventions:
        return Conventions()

    def raw_paths(self, source_name: str) -> list[tuple[Path, list[str]]]:
        return []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "imports")
