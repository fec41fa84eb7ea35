"""The project as its own tests read it: its files, its Python, its documents."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def project_files() -> list[Path]:
    """Every file that is, or is going to be, under version control; skips where that cannot be told."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout: which files belong to the project is not known")
    return [ROOT / name for name in sorted(set(listed)) if name and (ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """The Python files of some folders."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(found + [ROOT / name for name in folders if name.endswith(".py") and (ROOT / name).exists()])


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """The full name of everything that a Python file imports."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def name_of(path: Path) -> str:
    """A file by its path inside the project."""
    return path.relative_to(ROOT).as_posix()


def documents() -> list[Path]:
    """The documents written for people."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "data").rglob("*.md")),
    ]


def blocks(path: Path, language: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a document in one language: what follows the language, and the text."""
    fenced = re.compile(r"^```(\w+)[ \t]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for found in fenced.finditer(path.read_text(encoding="utf-8")):
        if found.group(1) == language:
            yield found.group(2).strip(), found.group(3)
