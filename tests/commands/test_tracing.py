"""`show --trace`: the lines sum to the number, and what cannot be traced is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from decade.errors import Refused
from decade.scope import Scope
from decade.tracing import BRIDGE, trace
from decade.warehouse import Workspace
from support.workspaces import charge, fill

pytestmark = pytest.mark.filterwarnings("error::FutureWarning")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two years of four accounts; one comes and goes within a month. Nothing here changes it."""
    workspace = Workspace.open(tmp_path_factory.mktemp("traced"))
    rows = [
        charge("stays", "2024-01-01", None, 100),
        charge("grows", "2024-01-01", "2025-02-01", 50),
        charge("grows", "2025-02-01", None, 80),
        charge("leaves", "2024-01-01", "2025-02-10", 30, cancelled_on="2025-02-10"),
        charge("new", "2025-02-05", None, 20),
        charge("short", "2025-02-03", "2025-02-20", 7, cancelled_on="2025-02-20"),
    ]
    fill(workspace, as_of="2025-02-28", charges=rows, accounts=[{"account_id": "grows", "segment": "SMB"}])
    yield workspace
    workspace.close()


@pytest.mark.parametrize("column", BRIDGE)
def test_each_column_of_the_bridge(books: Workspace, column: str) -> None:
    found = trace(books, "mrr_bridge", Scope(), {}, column)
    assert found.total == pytest.approx(found.number)
    row = books.ask("mrr_bridge").iloc[-1]
    within = {"new": 7, "churn": -7}.get(column, 0)
    assert found.total == pytest.approx(row[column] - within)
    assert ("Stays inside the month" in found.said) == bool(within)
    assert found.lines["source_row"].notna().all()


def test_retention_and_its_parts(books: Workspace) -> None:
    rate = books.ask("revenue_retention").iloc[-1]
    found = trace(books, "revenue_retention", Scope(), {}, "nrr")
    assert found.said.startswith(f"200.00 now / 180.00 twelve months before = {rate['nrr']:.6f}") is False
    assert found.lines["mrr_now"].sum() == pytest.approx(rate["kept_mrr"])
    assert found.lines["mrr_then"].sum() == pytest.approx(rate["base_mrr"])
    segment = trace(books, "revenue_retention", Scope.parse(["segment=SMB"]), {}, "kept_mrr")
    assert (segment.total, segment.number) == (80, 80)


def test_movements_and_accounts(books: Workspace) -> None:
    moved = trace(books, "movements", Scope(), {"kind": "expansion", "month": "2025-02"}, "")
    assert (moved.total, moved.number, len(moved.lines)) == (30, 30, 2)
    worth = trace(books, "account_list", Scope(), {}, "")
    assert worth.total == worth.number == 200
    assert trace(books, "renewals", Scope(), {}, "mrr").total == 200


@pytest.mark.parametrize(
    ("metric", "column", "settings"),
    [
        ("deal_sizes", "", {}),
        ("mrr_bridge", "quick_ratio", {}),
        ("revenue_retention", "", {"form": "monthly"}),
        ("revenue_retention", "grr", {}),
        ("account_list", "employees", {}),
    ],
)
def test_what_cannot_be_traced_is_said(books: Workspace, metric: str, column: str, settings: dict[str, str]) -> None:
    with pytest.raises(Refused):
        trace(books, metric, Scope(), settings, column)
