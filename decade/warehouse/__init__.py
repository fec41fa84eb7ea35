"""The embedded database: one folder a workspace, views, marts and metrics, every import one transaction."""

from decade.warehouse.staged import FileAccount, MoneyLine, Refusal, Staged
from decade.warehouse.workspace import Workspace

__all__ = ["FileAccount", "MoneyLine", "Refusal", "Staged", "Workspace"]
