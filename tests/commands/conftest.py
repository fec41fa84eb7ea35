"""The command line called as a function, and small files to give it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from decade.__main__ import main
from decade.warehouse import Workspace

PERIODS = """\
customer_id,start_date,end_date,monthly_amount,currency
A,2024-01-01,,100,USD
B,2024-02-01,2024-06-01,50,USD
C,2024-03-01,,70,USD
"""


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def decade(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`decade("import", file, …)`: exit code, standard output and standard error. Workspaces are closed afterwards."""
    monkeypatch.setenv("DECADE_WORKSPACES", str(tmp_path / "workspaces"))

    def run(*words: object) -> Answer:
        capsys.readouterr()
        try:
            code = main([str(each) for each in words])
        except SystemExit as stop:
            code = int(str(stop.code))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    yield run
    for database in tmp_path.rglob("decade.duckdb"):
        Workspace.open(database.parent).close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """`write("a.csv", "…")`: a file with this content."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def filled(decade: Command, write: Callable[[str, str], Path], tmp_path: Path) -> Path:
    """A workspace with three accounts in USD at the end of August 2024."""
    folder = tmp_path / "filled"
    assert decade("import", write("periods.csv", PERIODS), "-w", folder, "--as-of", "2024-08-31").code == 0
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same for tests of what changes nothing: one for all of them."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "periods.csv").write_text(PERIODS)
    assert main(["import", str(folder / "periods.csv"), "-w", str(folder / "w"), "--as-of", "2024-08-31"]) == 0
    yield folder / "w"
    Workspace.open(folder / "w").close()
