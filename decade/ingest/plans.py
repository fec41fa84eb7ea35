"""An import before and after it is carried out: what was recognised, what is doubtful, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from decade.ingest.doubts import Doubt
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.warehouse import FileAccount, Staged, Twin, Workspace


@dataclass(frozen=True)
class FilePlan:
    """What one file or sheet was taken for, and, when no doubt is left, its typed rows."""

    raw: RawTable
    mapping: Mapping
    recognised: str
    confidence: float
    staged: Staged | None = None


@dataclass(frozen=True)
class ImportPlan:
    """An import that is ready, or the doubts that keep it from being so; the database is untouched."""

    files: tuple[FilePlan, ...]
    doubts: tuple[Doubt, ...]
    notices: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()  # shapes whose mapping is worth keeping
    twins: tuple[Twin, ...] = ()  # what was answered about ids that do not join
    paths: tuple[Path, ...] = field(default=(), repr=False)

    @property
    def is_ready(self) -> bool:
        """True when nothing is left to ask."""
        return not self.doubts

    def discard(self, workspace: Workspace) -> None:
        """Deletes what was written for this plan and for no other import."""
        workspace.discard(self.paths)


@dataclass(frozen=True)
class ImportReport:
    """What became of an import: one account a file, and what a person should know."""

    plan: ImportPlan
    accounts: tuple[FileAccount, ...]
    notices: tuple[str, ...]
    is_dry_run: bool
    before: dict[str, float] = field(default_factory=dict)  # totals of the workspace
    after: dict[str, float] = field(default_factory=dict)
