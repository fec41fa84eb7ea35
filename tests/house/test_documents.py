"""The house's rules about documents: what they show exists, what they tell to type works, nothing leaks."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from decade.__main__ import main
from decade.warehouse import Workspace
from support.project import ROOT, blocks, documents, name_of, project_files

COMMANDS = re.compile(r"^\$ (.+(?:\\\n.+)*)", re.MULTILINE)
EACH = 8  # of so many commands one runs as typed, in a shell and a process of its own
TELLING = [path for path in documents() if path.parent == ROOT or path.parent == ROOT / "docs"]
COOKBOOK = ROOT / "docs" / "cookbook.md"
# Written in pieces, so that this file is not what it looks for.
PRIVATE = tuple(
    "".join(pieces)
    for pieces in (
        (r"(?<![\w.])/", "work/"),
        (r"(?<![\w.])/", "home/"),
        (r"(?<![\w.])/", "root/"),
        (r"(?<![\w.])/", "Users/"),
        (r"\bC:\\", "Users"),
        (r"\bpypi", r"\.org"),
        ("python", "hosted"),
        (r"\bindex", r"-url\b"),
        (r"\bnpm", r"js\b"),
        (r"\bcl", r"aude\b"),
        (r"\banth", r"ropic\b"),
        (r"\bchat", r"gpt\b"),
        (r"\bopen", r"ai\b"),
        (r"\bco", r"pilot\b"),
        (r"\bcod", r"ex\b"),
        (r"\bll", r"ms?\b"),
        (r"\bai[ -]", "(assistant|agent)"),
        ("language ", "model"),
    )
)


def shown(text: str) -> dict[str, list[str]]:
    """The folders of a tree as drawn, each with the names drawn under it; the project itself is ''."""
    found: dict[str, list[str]] = {"": []}
    above: list[tuple[int, str]] = [(-1, "")]
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.split(r" {2,}", line.strip())[0].split(" · ")
        while above[-1][0] >= indent:
            above.pop()
        parent = above[-1][1]
        for name in filter(None, names):
            found.setdefault(parent, []).append(name.rstrip("/"))
            if name.endswith("/"):
                above.append((indent, f"{parent}{name}"))
    return found


def test_the_tree_is_the_disk():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = shown(text.split("## The tree")[1].split("```")[1].lstrip("\n"))
    files = [name_of(path) for path in project_files()]
    for folder, names in drawn.items():
        there = {file.removeprefix(folder).split("/")[0] for file in files if file.startswith(folder)}
        there.discard("__init__.py")
        where = f"under {folder}" if folder else "at the top"
        assert not set(names) - there, f"{where} the tree shows what is not there"
        assert not there - set(names), f"{where} the tree lacks what is there"
        assert len(names) == len(there), f"{where} the tree shows something twice"


def test_a_tree_is_read_as_drawn():
    drawn = "a.py    what it is\nb/      more\n  c.py · d.py\n  e/    deep\n    f.py\ng/\n"
    assert shown(drawn) == {"": ["a.py", "b", "g"], "b/": ["c.py", "d.py", "e"], "b/e/": ["f.py"]}


def commands(path, program: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"(?:^|[`$;|] *){program} ([a-z_-]+)", text, re.MULTILINE)


@pytest.mark.parametrize("path", TELLING, ids=name_of)
def test_what_a_document_tells_to_type_exists(path, capsys):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(commands(path, "make")) <= targets
    for command in set(commands(path, r"(?:\S+/)?python -m decade")):
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0, command
    capsys.readouterr()


def test_the_readme_tells_the_two_commands():
    assert {"run", "test"} <= set(commands(ROOT / "README.md", "make"))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_each_list_of_files_runs_in_a_workspace_of_its_own():
    def workspaces(files: str) -> set[str]:
        told = subprocess.run(
            ["make", "-n", "run", f"FILES={files}"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return set(re.findall(r"-w (\S+)", told.stdout))

    (one,), (other,) = workspaces("a.csv b.csv"), workspaces("a.csv")
    assert one.startswith("data/workspaces/files-")
    assert one != other
    assert workspaces("b.csv a.csv") == {one}
    assert len(workspaces("'a b.csv'") | {one, other}) == 3


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_decisions_are_listed_and_numbered():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index)
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    numbers = [int(name[:4]) for name in listed]
    assert numbers == sorted(set(numbers)), "two decisions have one number"


def test_nothing_tells_where_or_with_what_it_was_made():
    private = re.compile("|".join(PRIVATE), re.IGNORECASE)
    for path in project_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        if "\0" not in text[:1000]:
            found = private.search(text)
            assert found is None, f"{name_of(path)}: {found and found.group()!r}"


@pytest.fixture
def kitchen(tmp_path, monkeypatch):
    """A folder in which the cookbook's commands can run: the sample is there, workspaces are its own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sample").symlink_to(ROOT / "data" / "sample")
    for name, text in [each for language in ("csv", "toml") for each in blocks(COOKBOOK, language)]:
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "DECADE_WORKSPACES": str(tmp_path / "data" / "workspaces"),
        "PYTHONPATH": str(ROOT),
    }
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    return tmp_path, environment


def in_a_shell(command: str, folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    """The exit code of a command typed in a terminal, its output and what it complains of."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def without_a_shell(command: str, folder: Path, capsys) -> tuple[int, str, str] | None:
    """The same of a plain `python -m decade …`, run here instead of in a process that loads everything anew.

    None for anything else: a pipe, another program, something that only a shell knows.
    """
    words = shlex.split(command.replace("\\\n", " "))
    into = words[-1] if words[-2:-1] == [">"] else ""
    words = words[: -2 if into else None]
    if words[:3] != ["python", "-m", "decade"] or re.search(r"[|&;<>$`~]", "".join(words)):
        return None
    names = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words[3:]]
    capsys.readouterr()
    code = main([word for each in names for word in each])
    for database in folder.rglob("decade.duckdb"):
        Workspace.open(database.parent).close()  # as at the end of a process
    said = capsys.readouterr()
    if into:
        Path(into).write_text(said.out, encoding="utf-8")
    return code, said.out, said.err


def test_the_cookbook_cooks(kitchen, monkeypatch, capsys):
    folder, environment = kitchen
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DECADE_WORKSPACES", environment["DECADE_WORKSPACES"])
    texts = [text for _, text in blocks(COOKBOOK, "console")]
    for place, command in enumerate(typed for text in texts for typed in COMMANDS.findall(text)):
        done = without_a_shell(command, folder, capsys) if place % EACH else None
        code, out, err = done or in_a_shell(command, folder, environment)
        assert code == 0, f"{command}\n{out}\n{err}"
        assert out.strip() or ">" in command, f"{command} says nothing"
    for _, text in blocks(COOKBOOK, "python"):
        proof = f"{text}\nimport sys\nassert 'streamlit' not in sys.modules, 'no need of Streamlit'\n"
        subprocess.run([sys.executable, "-c", proof], cwd=folder, env=environment, check=True, timeout=120)
