"""A line of a sheet with a column for each month is several charges: each is met once, whatever asks for its line."""

from __future__ import annotations

from pathlib import Path

from decade import ingest
from decade.warehouse import Workspace


def test_each_month_of_a_line_is_met_once(tmp_path: Path) -> None:
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    path = tmp_path / "wide.csv"
    path.write_text(f"Customer,Currency,{','.join(months)}\nA,USD{',100' * 12}\nB,USD{',50' * 12}\n")
    workspace = Workspace.open(tmp_path / "workspace")
    answers: dict[str, str] = {}
    while (ready := ingest.plan([path], workspace, answers=answers)).doubts:
        answers |= {each.answer_key: "mrr" if "mrr" in each.options else "units" for each in ready.doubts}
    ingest.carry_out(ready, workspace)
    renewing = workspace.cursor().execute("select account_id, renewing_mrr from renewal_dates order by 1").fetchall()
    assert [(account, float(mrr)) for account, mrr in renewing] == [("A", 100.0), ("B", 50.0)]
    assert len(workspace.ask("account_charges", account_id="A")) == 12
    workspace.close()
