"""A line of a sheet with a column for each month is several charges: each is met once, whatever asks for its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from decade import ingest
from decade.warehouse import Workspace

MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]


def imported(folder: Path, text: str) -> Workspace:
    """A workspace of a sheet with a column for each month, of MRR in whole units."""
    path = folder / "wide.csv"
    path.write_text(text)
    workspace = Workspace.open(folder / "workspace")
    answers: dict[str, str] = {}
    while (ready := ingest.plan([path], workspace, answers=answers)).doubts:
        answers |= {each.answer_key: "mrr" if "mrr" in each.options else "units" for each in ready.doubts}
    ingest.carry_out(ready, workspace)
    return workspace


@pytest.mark.parametrize("is_ascending", [True, False])
def test_a_zero_after_an_amount_says_that_it_has_stopped_and_a_blank_does_not(
    tmp_path: Path, is_ascending: bool
) -> None:
    rows = {"left": [0, 0, *[100] * 9, 0], "not known": [*[50] * 11, ""], "stays": [120] * 12, "never": [0] * 12}
    step = 1 if is_ascending else -1
    lines = [",".join([name, "USD", *map(str, row[::step])]) for name, row in rows.items()]
    workspace = imported(tmp_path, "\n".join([f"Customer,Currency,{','.join(MONTHS[::step])}", *lines, ""]))
    last = workspace.ask("mrr_bridge").iloc[-1]
    assert (last["closing"], last["renewal_pending"], last["churn"]) == (170, 50, -100)
    held = workspace.cursor().execute("select account_id, count(*) from charges group by all order by 1").fetchall()
    assert held == [("left", 10), ("not known", 11), ("stays", 12)]
    workspace.close()


def test_each_month_of_a_line_is_met_once(tmp_path: Path) -> None:
    workspace = imported(tmp_path, f"Customer,Currency,{','.join(MONTHS)}\nA,USD{',100' * 12}\nB,USD{',50' * 12}\n")
    renewing = workspace.cursor().execute("select account_id, renewing_mrr from renewal_dates order by 1").fetchall()
    assert [(account, float(mrr)) for account, mrr in renewing] == [("A", 100.0), ("B", 50.0)]
    assert len(workspace.ask("account_charges", account_id="A")) == 12
    workspace.close()
