"""The command line gives what the pages show: import, metrics, show, scenario."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from decade import commands
from decade.errors import Refused
from decade.queries import metrics
from decade.scope import Scope
from decade.warehouse import Workspace
from support.project import ROOT
from support.sample import sample_copy

GOLDEN = ROOT / "tests" / "golden"
PLAYBOOK = {
    "mrr": "closing",
    "active_customers": "closing_accounts",
    "new_mrr": "new",
    "reactivation_mrr": "reactivation",
    "upgrade_mrr": "expansion",
    "downgrade_mrr": "contraction",
    "churn_mrr": "churn",
    "n_new": "new_accounts",
    "n_reactivation": "reactivated_accounts",
    "n_upgrade": "expanded_accounts",
    "n_downgrade": "contracted_accounts",
    "n_churn": "churned_accounts",
}


def frame(answer: object) -> pd.DataFrame:
    """Standard output in CSV, every value as text."""
    assert answer.code == 0, answer.err  # type: ignore[attr-defined]
    return pd.read_csv(io.StringIO(answer.out), dtype=str, keep_default_na=False)  # type: ignore[attr-defined]


def scenario_rows(name: str, identity: str) -> list:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        return [pytest.param(row, id=row["id"]) for row in csv.DictReader(lines) if row["id"].startswith(identity)]


@pytest.mark.parametrize(
    "words",
    [("show", "mrr_bridge"), ("project", "logo"), ("backtest",), ("compare",), ("scenario", "--measured", "All")],
)
def test_a_filter_by_a_value_that_nobody_has_is_refused(kept: Path, decade: Callable, words: tuple[str, ...]) -> None:
    answer = decade(*words, "-w", kept, "--scope", "segment=Nonsense")
    assert answer.code == 2
    assert answer.out == ""
    values = Workspace.open(kept).ask("scope_values")
    segments = values.loc[values["attribute"] == "segment", "value"].tolist()
    assert answer.err.splitlines() == [
        f"scope: no account has segment 'Nonsense'. Choose one of: {', '.join(segments)}."
    ]


def test_a_refused_filter_names_ten_values_at_most() -> None:
    lanes = [f"Lane {number}" for number in range(12)]
    Scope.parse(["lane=Lane 11"]).must_be_among({"lane": lanes})
    with pytest.raises(Refused, match=r"no account has lane 'x'\. Choose one of: Lane 0, .*, Lane 9 and 2 more\.$"):
        Scope.parse(["lane=Lane 11", "lane=x"]).must_be_among({"lane": lanes})


def test_the_account_of_an_import_adds_up(decade: Callable, write: Callable, tmp_path: Path) -> None:
    file = write("periods.csv", "customer_id,start_date,end_date,monthly_amount,currency\nA,2024-01-01,,100,USD\n")
    told = json.loads(decade("import", file, "-w", tmp_path / "w", "--json").out)
    account = told["files"][0]
    parts = ("taken", "refused", "duplicate", "left_out")
    assert account["read"] == sum(account[name] for name in parts) == 1
    for line in account["money"]:
        assert float(line["read"]) == sum(float(line[name]) for name in parts) == 100


def test_importing_again_changes_nothing(decade: Callable, filled: Path, tmp_path: Path) -> None:
    before = decade("show", "mrr_bridge", "-w", filled).out
    revision = Workspace.open(filled).revision
    told = json.loads(decade("import", tmp_path / "periods.csv", "-w", filled, "--json").out)["files"][0]
    assert (told["read"], told["taken"], told["duplicate"]) == (3, 0, 3)
    assert decade("show", "mrr_bridge", "-w", filled).out == before
    assert Workspace.open(filled).revision == revision


def test_a_dry_run_changes_nothing(decade: Callable, write: Callable, filled: Path) -> None:
    file = write("more.csv", "customer_id,start_date,end_date,monthly_amount,currency\nZ,2024-01-01,,100,USD\n")
    before, revision = decade("show", "account_list", "-w", filled).out, Workspace.open(filled).revision
    answer = decade("import", file, "-w", filled, "--dry-run")
    assert answer.code == 0
    assert answer.out.endswith("Dry run: nothing was changed.\n")
    assert decade("show", "account_list", "-w", filled).out == before
    assert Workspace.open(filled).revision == revision


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_dry_run_leaves_no_workspace_where_none_was(
    decade: Callable, write: Callable, tmp_path: Path, words: list[str]
) -> None:
    file = write("more.csv", "customer_id,start_date,end_date,monthly_amount,currency\nZ,2024-01-01,,100,USD\n")
    assert decade("import", file, "-w", tmp_path / "new", "--dry-run", *words).code == 0
    assert not (tmp_path / "new").exists()
    assert "there is no workspace here" in decade("show", "mrr_bridge", "-w", tmp_path / "new").err
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "note.txt").write_text("mine")
    assert decade("import", file, "-w", kept, "--dry-run", *words).code == 0
    assert decade("import", tmp_path / "none.csv", "-w", kept).code == 2
    assert [path.name for path in kept.iterdir()] == ["note.txt"]


def test_a_folder_is_all_of_its_files(decade: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    header = "customer_id,start_date,end_date,monthly_amount,currency\n"
    (folder / "a.csv").write_text(header + "A,2024-01-01,,100,USD\n")
    (folder / "b.csv").write_text(header + "B,2024-01-01,,100,USD\n")
    told = json.loads(decade("import", folder, "-w", tmp_path / "w", "--json").out)
    assert [each["file"] for each in told["files"]] == ["a.csv", "b.csv"]


def test_a_workspace_by_name_lives_with_the_others(decade: Callable, write: Callable, tmp_path: Path) -> None:
    file = write("p.csv", "customer_id,start_date,end_date,monthly_amount,currency\nA,2024-01-01,,100,USD\n")
    assert decade("import", file, "-w", "mine").code == 0
    assert (tmp_path / "workspaces" / "mine" / "decade.duckdb").exists()
    assert len(frame(decade("show", "account_list", "-w", "mine", "--format", "csv"))) == 1


def test_metrics_lists_every_metric(decade: Callable) -> None:
    listed = frame(decade("metrics", "--format", "csv"))
    assert listed["name"].tolist() == list(metrics())
    assert list(listed.columns) == ["name", "question", "grain", "parameters"]
    assert (listed["question"] != "").all()


def test_show_in_three_forms(decade: Callable, filled: Path) -> None:
    words = ("show", "mrr_bridge", "-w", filled, "--scope", "from=2024-02", "to=2024-03")
    rows = frame(decade(*words, "--format", "csv"))
    assert rows["month"].tolist() == ["2024-02-01", "2024-03-01"]
    assert rows["new"].astype(float).tolist() == [50, 70]
    assert rows["renewal_pending"].tolist() == ["", ""]
    told = json.loads(decade(*words, "--format", "json").out)
    assert [each["month"] for each in told] == ["2024-02-01", "2024-03-01"]
    assert told[0]["renewal_pending"] is None
    assert "–" in decade(*words).out


def test_show_with_a_parameter_and_a_convention(decade: Callable, filled: Path) -> None:
    churned = frame(decade("show", "movements", "-w", filled, "--set", "kind=churn", "--format", "csv"))
    assert churned[["account_id", "month"]].to_numpy().tolist() == [["B", "2024-06-01"]]
    before = Workspace.open(filled).conventions()
    later = frame(decade("show", "mrr_bridge", "-w", filled, "--convention", "as_of=2024-05-31", "--format", "csv"))
    assert later["month"].tolist()[-1] == "2024-05-01"
    assert Workspace.open(filled).conventions() == before


def test_every_metric_of_the_sample_can_be_shown(
    decade: Callable, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = sample_copy(tmp_path_factory, tmp_path / "sample")
    for name, question in metrics().items():
        shown = frame(decade("show", name, "-w", folder, "--format", "csv"))
        assert list(shown.columns) == [each.name for each in question.columns], name


def test_the_playbook_gives_its_expected_table(decade: Callable, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "mrr_playbook"
    if not folder.is_dir():
        pytest.skip("the playbook's export is not among the real exports")
    w = tmp_path / "w"
    periods = folder / "subscription_periods.csv"
    assert decade("import", periods, "--as-of", "2020-03-31", "-w", w).code == 0
    shown = frame(decade("show", "mrr_bridge", "-w", w, "--format", "csv")).set_index("month")
    expected = pd.read_csv(folder / "expected_spine2017_movements_by_month.csv").set_index("date_month")
    assert len(expected) > 20
    for theirs, ours in PLAYBOOK.items():
        found = shown.loc[expected.index, ours].astype(float)
        assert found.to_numpy() == pytest.approx(expected[theirs].to_numpy(), abs=0.005), ours


@pytest.mark.parametrize("row", scenario_rows("scenario.csv", "G24"))
def test_scenarios_of_the_ten_year_customer(decade: Callable, row: dict[str, str]) -> None:
    settings = [each for each in row["inputs"].split(";") if each]
    shown = frame(decade("scenario", "--set", *settings, "--format", "csv")).set_index("name")
    assert float(shown.loc[row["output"], "value"]) == pytest.approx(
        float(row["expected"]), abs=float(row["tolerance"])
    )


def test_solving_for_nrr(decade: Callable) -> None:
    shown = frame(decade("scenario", "--solve", "nrr", "--target", "revenue=2000000", "--format", "csv")).set_index(
        "name"
    )
    assert float(shown.loc["nrr", "value"]) == pytest.approx(1.146913, abs=1e-6)
    assert float(shown.loc["revenue", "value"]) == pytest.approx(2_000_000, abs=0.01)


def test_a_scenario_says_what_it_is(decade: Callable) -> None:
    answer = decade("scenario", "--preset", "ten-year-120")
    assert answer.code == 0
    assert "120" in answer.out.splitlines()[0]
    years = frame(decade("scenario", "--preset", "ten-year-120", "--years-table", "--format", "csv"))
    assert years["year"].tolist() == [str(each) for each in range(1, 11)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--solve", "nrr"], "--solve and --target go together"),
        (["--target", "revenue=1"], "--solve and --target go together"),
        (["--solve", "nrr", "--target", "revenue=much"], "'much' is no number"),
        (["--solve", "nrr", "--target", "fame=1"], "fame"),
        (["--solve", "colour", "--target", "revenue=1"], "'colour' cannot be solved for"),
        (["--solve", "nrr", "--target", "revenue=-1"], ""),
        (["--set", "x=1"], "'x=1' is not a scenario input"),
        (["--set", "nrr=-3"], "nrr cannot be -3"),
        (["--preset", "dream"], "there is no scenario preset named 'dream'"),
    ],
)
def test_scenarios_that_cannot_be(decade: Callable, words: list[str], sentence: str) -> None:
    answer = decade("scenario", *words)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1


def test_scenarios_side_by_side_doubted_and_on_a_grid(decade: Callable) -> None:
    shown = frame(decade("scenario", "--preset", "smb", "--compare", "enterprise", "win-back", "--format", "csv"))
    assert shown["scenario"].tolist() == ["smb", "enterprise", "win-back"]
    smb = float(shown["npv"].iloc[0])
    bars = frame(decade("scenario", "--preset", "smb", "--tornado", "--format", "csv"))
    assert {"acv", "cac", "nrr", "churn"} <= set(bars["input"])
    assert float(bars["base"].iloc[0]) == pytest.approx(smb)
    spread = ["--spread", "acv=0", "nrr=0", "churn=0", "gross_margin=0", "--correlate", "cac,acv=0.1"]
    drawn = decade("scenario", "--preset", "smb", "--simulate", "1024", "--seed", "3", *spread, "--format", "json")
    found = {row["name"]: row for row in json.loads(drawn.out)}
    assert found["break_even_cac"]["p10"] == pytest.approx(smb + 3000)
    assert found["cac"]["p90"] == pytest.approx(3900, rel=0.01)
    assert 0 <= found["loss"]["mean"] <= 1
    grid = frame(decade("scenario", "--preset", "smb", "--grid", "cac=0:6000:3", "nrr=0.95:1:2", "--format", "csv"))
    assert grid["cac"].tolist() == ["0.0", "3000.0", "6000.0"]
    assert float(grid["0.95"].iloc[1]) == pytest.approx(smb)
    claim = decade("scenario", "--claims")
    assert claim.out.startswith("$2M in ten years need 114.7 % NRR")
    listed = frame(decade("scenario", "--presets", "--format", "csv"))
    assert {"win-back", "land-and-expand", "rip-and-replace-12"} <= set(listed["name"])


def test_a_scenario_of_own_values_is_kept_compared_and_forgotten(decade: Callable, filled: Path) -> None:
    answer = decade("scenario", "-w", filled, "--measured", "All", "--save", "Ours", "--format", "csv")
    assert answer.code == 0
    assert "note: saved as Ours" in answer.err
    assert "Not measured" in answer.err
    beside = frame(decade("scenario", "-w", filled, "--compare", "Ours", "--format", "csv"))
    assert beside["scenario"].tolist() == ["this scenario", "Ours"]
    again = frame(decade("scenario", "-w", filled, "--saved", "Ours", "--format", "csv"))
    assert again.equals(frame(answer))
    assert "Ours" in decade("scenario", "-w", filled, "--presets").out
    assert decade("scenario", "-w", filled, "--delete", "Ours").code == 0
    gone = decade("scenario", "-w", filled, "--saved", "Ours")
    assert (gone.code, gone.out) == (2, "")
    assert "no saved scenario named 'Ours'" in gone.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--tornado", "--claims"], "--tornado and --claims do not go together"),
        (["--grid", "cac=0:1", "nrr=1:2:3"], "'cac=0:1' is no axis"),
        (["--grid", "cac=0:1:2", "cac=1:2:3"], "a grid needs two different inputs"),
        (["--simulate", "1000"], "1000 draws cannot be made"),
        (["--simulate", "--spread", "fame=1"], "'fame' has no spread"),
        (["--simulate", "--correlate", "acv,cac=2"], "a correlation cannot be 2"),
        (["--compare", "dream"], "there is no scenario preset named 'dream'"),
        (["--preset", "smb", "--saved", "x"], "--preset and --saved do not go together"),
        (["--tornado", "fame"], "'fame' is not an output"),
    ],
)
def test_looks_at_a_scenario_that_cannot_be(decade: Callable, words: list[str], sentence: str) -> None:
    answer = decade("scenario", *words)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1


def test_serve_starts_on_the_workspace_asked_for(
    decade: Callable, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []

    class App:
        def __init__(self, command: list[str], *, env: dict[str, str], **_: object) -> None:
            started.append((command, env))

        def __enter__(self) -> App:
            return self

        def __exit__(self, *_: object) -> None: ...

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(commands.subprocess, "Popen", App)
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)
    assert decade("serve", "-w", filled, "--port", "8599", "--no-browser").code == 0
    command, environment = started[0]
    assert environment["DECADE_WORKSPACE"] == str(filled)
    assert command[command.index("--server.port") + 1] == "8599"
    assert command[command.index("--server.address") + 1] == "localhost"


def test_stopping_serve_stops_the_app(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "decade", "serve", "-w", str(tmp_path / "stopped"), "--no-browser"]
    serving = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not answers(port) and time.monotonic() < until and serving.poll() is None:
            time.sleep(0.1)
        assert answers(port)
        serving.terminate()
        assert serving.wait(timeout=30) == 0
        assert not answers(port)
    finally:
        serving.kill()


def answers(port: int) -> bool:
    """True when something listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
