"""The embedded database: one folder a workspace, views, marts and metrics, every import one transaction."""

from decade.warehouse.asking import Asker
from decade.warehouse.opening import DATABASE, trouble_told
from decade.warehouse.staged import Change, FileAccount, MoneyLine, Progress, Refusal, Staged, Twin
from decade.warehouse.workspace import Workspace

__all__ = [
    "DATABASE",
    "Asker",
    "Change",
    "FileAccount",
    "MoneyLine",
    "Progress",
    "Refusal",
    "Staged",
    "Twin",
    "Workspace",
    "trouble_told",
]
