"""Twelve accounts whose every number was worked out on paper (README.md), metric by metric."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from decade.conventions import Conventions
from decade.scope import Scope
from decade.warehouse import Workspace
from support.histories import History, Reference
from support.workspaces import read_rows

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
CENT = 0.005
TEXTS = dict.fromkeys(("month", "cohort", "account_id", "starts_on", "ends_on", "counted_to"), str)


def _on_paper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("on_paper", HERE / "on_paper.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAPER = _on_paper()


def golden(name: str) -> pd.DataFrame:
    """The expected rows, as written."""
    return pd.read_csv(GOLDEN / f"{name}.csv", dtype=TEXTS, true_values=["true"], false_values=["false"])


def agree(found: pd.DataFrame, expected: pd.DataFrame, keys: list[str]) -> None:
    """Every expected column, row by row in the order of `keys`; months and dates are compared as text."""
    found = found.copy()
    for name in found.select_dtypes("datetime").columns:
        written = "%Y-%m" if name == "month" else "%Y-%m-%d"
        found[name] = found[name].dt.strftime(written)
    found = found[list(expected.columns)].sort_values(keys).reset_index(drop=True)
    expected = expected.sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found.astype(object).where(found.notna(), None),
        expected.astype(object).where(expected.notna(), None),
        check_dtype=False,
        rtol=0,
        atol=2e-6,
    )


@pytest.mark.parametrize("name", sorted(PAPER.FILES))
def test_golden_files_are_what_the_paper_says(name: str) -> None:
    written = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8")
    assert written == PAPER.written_out(PAPER.FILES[name](PAPER.Paper()))


def test_days_counted_one_by_one_give_the_levels_on_paper(acme: Workspace) -> None:
    rate = {"EUR": "1.10", "USD": "1"}
    charges = []
    for row in read_rows(acme, "charges", HERE / "charges.csv"):
        months = {"interval_unit": row.get("interval_unit", "month"), "interval_count": row.get("interval_count", 12)}
        amount = {
            name: row[name] * type(row[name])(rate[row["currency"]]) for name in ("amount", "discount") if name in row
        }
        charges.append({"ends_on": None, **row, **months, **amount})
    accounts = tuple(read_rows(acme, "accounts", HERE / "accounts.csv"))
    reference = Reference(History(tuple(charges), accounts, date(2025, 3, 31)))
    paper = PAPER.Paper()
    assert {key: round(value, 2) for key, value in reference.level.items()} == {
        key: round(value, 2) for key, value in paper.level.items()
    }
    assert {account: reference.origin(account) for account in paper.accounts} == {
        account: paper.origin(account) for account in paper.accounts
    }
    assert sorted(reference.movements, key=repr) == sorted(paper.movements, key=repr)


def test_mrr_bridge(acme: Workspace) -> None:
    agree(acme.ask("mrr_bridge"), golden("mrr_bridge"), ["month"])


def test_movements(acme: Workspace) -> None:
    agree(acme.ask("movements"), golden("movements"), ["month", "account_id", "kind"])


@pytest.mark.parametrize("form", ["ttm", "monthly", "compounded"])
def test_revenue_retention(acme: Workspace, form: str) -> None:
    expected = golden("revenue_retention")
    agree(acme.ask("revenue_retention", form=form).assign(form=form), expected[expected["form"] == form], ["month"])


def test_revenue_retention_at_the_end_has_the_sums_on_paper(acme: Workspace) -> None:
    last = acme.ask("revenue_retention").iloc[-1]
    assert (last["base_mrr"], last["kept_mrr"], last["base_accounts"], last["kept_accounts"]) == (2580, 2190, 10, 7)
    assert last["nrr"] == pytest.approx(2190 / 2580)
    assert last["grr"] == pytest.approx(1890 / 2580)


@pytest.mark.parametrize("grain", ["quarter", "year"])
@pytest.mark.parametrize("kind", ["logo", "gross", "net"])
def test_cohort_retention(acme: Workspace, kind: str, grain: str) -> None:
    expected = golden("cohort_retention")
    expected = expected[(expected["kind"] == kind) & (expected["grain"] == grain)]
    found = acme.ask("cohort_retention", kind=kind, grain=grain).assign(kind=kind, grain=grain)
    numbers = ["numerator", "denominator", "rate", "low", "high"]
    found[numbers] = found[numbers].where(found["is_mature"].astype(bool))
    agree(found, expected, ["cohort", "age"])


def test_cohort_members(acme: Workspace) -> None:
    agree(acme.ask("cohort_members", grain="year", age=1), golden("cohort_members"), ["cohort", "account_id"])


def test_members_of_a_cohort_are_the_cells_own(acme: Workspace) -> None:
    for grain, oldest in {"quarter": 1, "year": 3}.items():
        cells = acme.ask("cohort_retention", kind="net", grain=grain)
        for cell in cells[cells["is_mature"].astype(bool) & (cells["age"] <= oldest)].itertuples():
            members = acme.ask("cohort_members", grain=grain, cohort=cell.cohort, age=int(cell.age))
            members = members[members["status"] != "not reached"]
            assert len(members) == cell.n
            assert members["mrr_at_age"].sum() == pytest.approx(cell.numerator, abs=CENT)
            assert members["mrr_at_start"].sum() == pytest.approx(cell.denominator, abs=CENT)


def test_retained_accounts(acme: Workspace) -> None:
    agree(acme.ask("retained_accounts"), golden("retained_accounts"), ["account_id"])


def test_deal_sizes(acme: Workspace) -> None:
    agree(acme.ask("deal_sizes"), golden("deal_sizes"), ["size_from", "is_big_logo"])


def test_penetration(acme: Workspace) -> None:
    agree(acme.ask("penetration"), golden("penetration"), ["account_id"])


def test_account_charges(acme: Workspace) -> None:
    expected = golden("account_charges")
    found = pd.concat([acme.ask("account_charges", account_id=name) for name in expected["account_id"].unique()])
    agree(found, expected, ["account_id", "starts_on", "plan"])
    assert set(found["file_name"]) == {"charges.csv"}


def test_account_list_ends_where_the_paper_ends(acme: Workspace) -> None:
    paper = PAPER.Paper()
    found = acme.ask("account_list").set_index("account_id")
    assert found["mrr"].to_dict() == {name: float(paper.at(name, PAPER.LAST)) for name in paper.accounts}
    assert found["pending_mrr"].dropna().to_dict() == {"juniper": 100.0}
    lost = found["lost_month"].dropna().dt.strftime("%Y-%m").to_dict()
    assert lost == {"birch": "2023-07", "elm": "2024-09", "katsura": "2024-07", "larch-nordic": "2024-10"}


CHANGED = {
    "no gap is bridged": (
        {"bridge_days": 0},
        {("elm", "2023-06", "churn", -80.0), ("elm", "2023-07", "reactivation", 80.0)},
        set(),
    ),
    "ten days are bridged": (
        {"bridge_days": 10},
        set(),
        {("elm", "2023-11", "churn", -80.0), ("elm", "2023-12", "reactivation", 80.0)},
    ),
    "a cancellation counts on its day": (
        {"churn_recognised": "cancellation_date"},
        {("katsura", "2024-03", "churn", -200.0)},
        {("katsura", "2024-07", "churn", -200.0)},
    ),
    "no grace": ({"grace_days": 0}, {("juniper", "2025-03", "churn", -100.0)}, set()),
    "fifteen days ago is not within fifteen": (
        {"grace_days": 15},
        {("juniper", "2025-03", "churn", -100.0)},
        set(),
    ),
    "fifteen days ago is within sixteen": ({"grace_days": 16}, set(), set()),
    "stays between two month ends are not seen": (
        {"same_month_new_and_churn": "ignore"},
        {("fir", "2024-01", "new", 90.0)},
        {
            ("fir", "2023-05", "new", 120.0),
            ("fir", "2023-05", "churn", -120.0),
            ("fir", "2024-01", "reactivation", 90.0),
        },
    ),
    "a return after more than sixty days is new": (
        {"reactivation_window_days": 60},
        {("dogwood", "2024-06", "new", 150.0), ("fir", "2024-01", "new", 90.0)},
        {("dogwood", "2024-06", "reactivation", 150.0), ("fir", "2024-01", "reactivation", 90.0)},
    ),
    "discounts are not taken off": (
        {"discounts": "never"},
        {("hazel", "2023-07", "new", 60.0)},
        {("hazel", "2023-08", "new", 50.0), ("hazel", "2024-02", "expansion", 10.0)},
    ),
    "subsidiaries count as their parents": (
        {"parents_roll_up": True},
        {("larch", "2023-10", "new", 1300.0), ("larch", "2024-10", "contraction", -300.0)},
        {
            ("larch", "2023-10", "new", 1000.0),
            ("larch-nordic", "2023-10", "new", 300.0),
            ("larch-nordic", "2024-10", "churn", -300.0),
        },
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_convention_changes_exactly_what_it_is_about(acme: Workspace, case: str) -> None:
    settings, gained, lost = CHANGED[case]
    usual = _moves(acme.ask("movements"))
    with acme.under(replace(acme.conventions(), **settings)) as other:
        found = _moves(other.ask("movements"))
        bridge = other.ask("mrr_bridge")
    assert (found - usual, usual - found) == (gained, lost)
    _adds_up(bridge)


@pytest.mark.parametrize("preset", ["decade", "chartmogul", "stripe", "profitwell", "recurly", "maxio"])
def test_the_bridge_adds_up_under_every_preset(acme: Workspace, preset: str) -> None:
    with acme.under(acme.conventions().preset(preset)) as other:
        _adds_up(other.ask("mrr_bridge"))


def test_asking_under_other_conventions_changes_nothing(acme: Workspace) -> None:
    before = acme.ask("mrr_bridge")
    with acme.under(replace(acme.conventions(), bridge_days=0)) as other:
        assert not other.ask("mrr_bridge").equals(before)
    assert acme.ask("mrr_bridge").equals(before)
    assert acme.conventions() == Conventions(as_of=date(2025, 3, 31), reporting_currency="USD")


FILTERS = {
    "segment": "SMB",
    "lane": "Paper",
    "region": "North",
    "plan": "Team",
    "channel": "Direct",
    "owner": "Ada",
}
METRICS = ("mrr_bridge", "movements", "revenue_retention", "cohort_retention", "penetration", "account_list")


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", [*FILTERS, "from", "to", "big_logos"])
def test_every_filter_changes_some_number(acme: Workspace, name: str, metric: str) -> None:
    value = FILTERS.get(name, {"from": "2023-09", "to": "2023-04", "big_logos": "true"}.get(name))
    everything = acme.ask(metric)
    assert not acme.ask(metric, Scope.parse([f"{name}={value}"])).equals(everything)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_and_its_complement_make_the_whole(acme: Workspace, name: str) -> None:
    accounts = acme.ask("account_list")
    values = accounts[name].fillna("(not known)").unique()
    money = ["opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"]
    parts = [acme.ask("mrr_bridge", Scope.parse([f"{name}={value}"]))[money] for value in values]
    whole = acme.ask("mrr_bridge")[money]
    assert (sum(parts) - whole).abs().to_numpy().max() < CENT
    sliced = acme.ask("revenue_retention", by=name)
    total = acme.ask("revenue_retention").set_index("month")["base_mrr"].fillna(0)
    assert (sliced.fillna({"base_mrr": 0}).groupby("month")["base_mrr"].sum() - total).abs().max() < CENT
    assert set(sliced["slice"]) == set(values)


def _moves(frame: pd.DataFrame) -> set[tuple[str, str, str, float]]:
    return {(row.account_id, f"{row.month:%Y-%m}", row.kind, round(row.amount, 2)) for row in frame.itertuples()}


def _adds_up(bridge: pd.DataFrame) -> None:
    kinds = ["opening", "new", "reactivation", "expansion", "contraction", "churn", "fx"]
    assert (bridge[kinds].sum(axis=1) - bridge["closing"]).abs().max() < 1e-6
    assert (bridge["opening"].iloc[1:].to_numpy() == bridge["closing"].iloc[:-1].to_numpy()).all()
