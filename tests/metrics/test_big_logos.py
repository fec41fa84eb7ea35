"""Small deals in big logos: against the models, against plain arithmetic, on a real CRM and on damaged copies of it."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from decade.errors import Doubts, Refused
from decade.ingest import carry_out, plan
from decade.models.lifetimes import survival_by_group
from decade.models.survival import kaplan_meier
from decade.scope import Scope
from decade.warehouse import Workspace, named
from support.sample import sample_copy
from support.workspaces import charge, fill

ASKED = (
    "deal_totals",
    "deal_bands",
    "deal_sizes",
    "penetration",
    "logo_definitions",
    "big_logo_risk",
    "stakeholder_coverage",
    "stakeholders",
    "survival_by_penetration",
    "revenue_by_landing",
    "account_lives",
    "experiments",
    "success_capacity",
    "lost_deals",
    "renewal_by_coverage",
    "objections",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = Workspace.open(sample_copy(tmp_path_factory, tmp_path_factory.mktemp("looked_at") / "sample"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Workspace]:
    """A published CRM: 85 accounts, 8,800 deals."""
    opened = Workspace.open(tmp_path_factory.mktemp("crm"))
    files = sorted((shared_data / "maven_crm").glob("*.csv"))
    carry_out(plan(files, opened, answers={"unmatched_id": "different"}), opened)
    yield opened
    opened.close()


def raw(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "maven_crm" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_g30_a_contract_in_a_project(books: Workspace) -> None:
    row = {"account_id": "a", "employees": 5000, "project_cost": 6_700_000, "potential_acv": 1_000_000}
    fill(books, as_of="2025-06-30", accounts=[row], charges=[charge("a", "2025-01-01", None, 20_000 / 12)])
    found = books.ask("big_logo_risk").iloc[0]
    assert found["share_of_project"] == pytest.approx(0.0030, abs=5e-5)
    assert found["open_potential"] == pytest.approx(980_000, abs=0.01)
    assert found["at_stake"] == pytest.approx(1_000_000, abs=0.01)


def test_g31_totals_to_the_unit(crm: Workspace) -> None:
    totals = crm.ask("deal_totals").set_index("stage")
    assert totals["deals"].to_dict() == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert totals.loc["Won", "amount"] == 10_005_534
    assert totals["without_account"].to_dict() == {"Won": 0, "Lost": 0, "Engaging": 1088, "Prospecting": 337}
    assert totals["without_product"].sum() == 1480
    assert totals.loc["Engaging", "without_amount"] == 1589


def test_g31_unmatched_products_with_their_money(crm: Workspace, shared_data: Path) -> None:
    odd = [
        row for row in raw(shared_data, "sales_pipeline") if row["product"] == "GTXPro" and row["deal_stage"] == "Won"
    ]
    totals = crm.ask("deal_totals").set_index("stage")
    assert totals.loc["Won", "without_product"] == len(odd)
    assert totals.loc["Won", "without_product_amount"] == sum(int(row["close_value"]) for row in odd)


@pytest.mark.parametrize("rolled_up", [False, True])
def test_g31_by_quarter_of_the_accounts_and_deal_band(crm: Workspace, shared_data: Path, rolled_up: bool) -> None:
    accounts = pd.DataFrame(raw(shared_data, "accounts"))
    parent = dict(zip(accounts["account"], accounts["subsidiary_of"], strict=True))
    employees = dict(zip(accounts["account"], accounts["employees"].astype(int), strict=True))
    deals = pd.DataFrame(raw(shared_data, "sales_pipeline")).query("deal_stage == 'Won'")
    names = [(parent[each] or each) if rolled_up else each for each in deals["account"]]
    size = pd.Series(names).map(employees)
    per_account = pd.Series({name: employees[name] for name in names})
    quarter = 1 + sum((size > per_account.quantile(edge)).astype(int) for edge in (0.25, 0.5, 0.75))
    amount = deals["close_value"].astype(int).reset_index(drop=True)
    labels = ["under 1k", "1k to 5k", "5k to 25k", "25k to 100k", "100k and over"]
    band = pd.cut(amount, [0, 1000, 5000, 25_000, 100_000, np.inf], right=False, labels=labels).astype(str)
    expected = amount.groupby([quarter.map("Q{}".format), band]).agg(["size", "sum"])
    with crm.under(replace(crm.conventions(), parents_roll_up=rolled_up)) as asker:
        found = asker.ask("deal_bands").set_index(["account_size", "deal_band"])
    assert found["deals"].to_dict() == expected["size"].to_dict()
    assert found["amount"].to_dict() == expected["sum"].to_dict()
    assert (found["deals"].sum(), found["amount"].sum()) == (4238, 10_005_534)


def test_rolled_up_every_list_follows(crm: Workspace, shared_data: Path) -> None:
    subsidiaries = sum(row["subsidiary_of"] != "" for row in raw(shared_data, "accounts"))
    apart = crm.ask("penetration")
    with crm.under(replace(crm.conventions(), parents_roll_up=True)) as asker:
        together, sizes, lost = asker.ask("penetration"), asker.ask("deal_sizes"), asker.ask("lost_deals")
    assert (len(apart), len(together)) == (85, 85 - subsidiaries)
    assert together["acv"].sum() == apart["acv"].sum()
    assert sizes["amount"].sum() == 10_005_534
    assert len(lost) == 2473
    assert not set(lost["account_id"].dropna()) - set(together["account_id"])


def test_survival_is_that_of_the_model(sample: Workspace) -> None:
    for by in ("penetration", "small", "big_logo"):
        asked = sample.ask("survival_by_penetration", by=by)
        for band, part in asked.groupby("band"):
            years = part[part["age"] > 0]
            survival, low, high = kaplan_meier(years["at_risk"].to_numpy(float), years["lost"].to_numpy(float))
            assert part["survival"].to_numpy() == pytest.approx(survival, abs=1e-12), band
            assert part["low"].to_numpy() == pytest.approx(low, abs=1e-9)
            assert part["high"].to_numpy() == pytest.approx(high, abs=1e-9)
        lines = survival_by_group(asked.rename(columns={"band": "group"}))
        merged = asked.merge(lines, left_on=["band", "age"], right_on=["group", "age"], suffixes=("", "_model"))
        assert merged["survival"].to_numpy() == pytest.approx(merged["survival_model"].to_numpy())


def test_counts_are_those_of_the_lives(sample: Workspace) -> None:
    lives, asked = sample.ask("account_lives"), sample.ask("survival_by_penetration")
    counted = {}
    for life in lives.itertuples():
        for year in range(int(life.entered_after) + 1, int(life.last_year) + 1):
            at_risk, lost = counted.get((life.landing_band, year), (0, 0))
            counted[life.landing_band, year] = (at_risk + 1, lost + (bool(life.is_lost) and year == life.last_year))
    found = {(row.band, row.age): (row.at_risk, row.lost) for row in asked[asked["age"] > 0].itertuples()}
    assert found == counted


def test_a_life_year_by_year(books: Workspace) -> None:
    """Gone at the first anniversary: year one; after 14 months: year two. A year that is not over is none."""
    rows = [
        charge("first", "2022-01-01", "2023-01-01", 100),
        charge("second", "2022-01-01", "2023-03-01", 100),
        charge("stays", "2022-01-01", None, 100),
        charge("young", "2024-10-01", None, 100),
        charge("anchor", "2021-01-01", None, 100),
    ]
    fill(books, as_of="2025-06-30", charges=rows)
    lives = books.ask("account_lives").set_index("account_id")
    assert lives["last_year"].to_dict() == {"first": 1, "second": 2, "stays": 3, "young": 0}
    assert lives["is_lost"].to_dict() == {"first": True, "second": True, "stays": False, "young": False}
    assert "anchor" not in lives.index, "its age is not known"


def test_revenue_by_landing_is_net_of_who_left(books: Workspace) -> None:
    rows = [
        charge("anchor", "2021-01-01", None, 1),
        charge("grows", "2022-01-01", "2023-01-01", 100),
        charge("grows", "2023-01-01", None, 250),
        charge("leaves", "2022-02-01", "2022-09-01", 100),
    ]
    known = [{"account_id": each, "potential_acv": 120_000} for each in ("grows", "leaves")]
    fill(books, as_of="2024-06-30", accounts=known, charges=rows)
    found = books.ask("revenue_by_landing").set_index(["band", "age"]).loc["under 5%"]
    assert found["n"].tolist() == [2, 2, 2]
    assert found["nrr"].tolist() == [1, 1.25, 1.25]
    assert found["grr"].tolist() == [1, 0.5, 0.5]


def people(**roles: tuple[str, str | None, bool]) -> list[dict[str, object]]:
    """Contacts of account a: id = (role, last contact, is_active)."""
    return [
        {
            "contact_id": key,
            "account_id": "a",
            "name": key.title(),
            "role": role,
            "last_contacted_on": date.fromisoformat(day) if day else None,
            "is_active": active,
        }
        for key, (role, day, active) in roles.items()
    ]


def big(books: Workspace, **tables: list[dict[str, object]]) -> pd.Series:
    """The line of a big logo with 1,200 a year of a potential of 100,000, its term over on 2026-03-01."""
    row = {"account_id": "a", "name": "Alpha", "employees": 5000, "potential_acv": 100_000, "owner": "Ada"}
    period = charge("a", "2025-03-01", "2026-03-01", 1200, interval_unit="year", term_ends_on="2026-03-01")
    fill(books, as_of="2025-06-30", accounts=[row], charges=[period], **tables)
    return books.ask("big_logo_risk").iloc[0]


def test_signs_gates_and_risk_on_paper(books: Workspace) -> None:
    found = big(
        books,
        contacts=people(
            ann=("champion", "2025-01-10", False), ben=("user", "2025-02-01", True), cid=("cio_office", None, True)
        ),
        deals=[
            {"deal_id": "d", "account_id": "a", "is_won": True, "is_closed": True, "amount": 1200, "currency": "USD",
             "closed_on": date(2025, 2, 20), "owner": "Bo"}
        ],
    )  # fmt: skip
    assert found["reasons"] == "no touch for 90 days, fewer than 3 spoken to, champion left, owner changed"
    assert found["risk"] == "high"
    assert found["gates_failed"] == "penetration, CIO office, procurement"
    assert (found["stakeholders_named"], found["stakeholders_touched"]) == (2, 0)
    assert found["renewal_on"] == pd.Timestamp("2026-03-01")


def test_a_well_kept_account_shows_no_sign(books: Workspace) -> None:
    found = big(
        books,
        contacts=people(
            ann=("champion", "2025-06-10", True),
            ben=("procurement", "2025-06-20", True),
            cid=("cio_office", "2025-06-29", True),
        ),
    )
    assert (found["reasons"], found["risk"], found["gates_failed"]) == ("", "low", "penetration")
    assert found["stakeholders_touched"] == 3


def test_without_contacts_nothing_is_claimed(books: Workspace) -> None:
    found = big(books)
    assert (found["risk"], found["reasons"]) == ("not known", "no contacts imported")
    assert pd.isna(found["stakeholders_named"])
    coverage = books.ask("stakeholder_coverage").iloc[0]
    assert pd.isna(coverage["touched"])
    assert pd.isna(coverage["gap"])


def test_touches_of_activities_count_and_later_ones_do_not(books: Workspace) -> None:
    big(
        books,
        contacts=people(ann=("champion", None, True), ben=("user", None, True)),
        activities=[
            {
                "activity_id": "1",
                "account_id": "a",
                "contact_id": "ann",
                "kind": "call",
                "occurred_on": date(2025, 6, 1),
            },
            {
                "activity_id": "2",
                "account_id": "a",
                "contact_id": "ben",
                "kind": "call",
                "occurred_on": date(2025, 7, 1),
            },
            {"activity_id": "3", "contact_id": "ann", "kind": "email", "occurred_on": date(2025, 6, 2)},
        ],
    )
    coverage = books.ask("stakeholder_coverage").iloc[0]
    assert (coverage["named"], coverage["touched"], coverage["gap"]) == (2, 1, 4)
    assert coverage["last_touch_on"] == pd.Timestamp("2025-06-02")
    assert books.ask("stakeholder_coverage", recency_days=10).iloc[0]["touched"] == 0


def test_a_typed_name_survives_imports_and_is_not_counted_twice(books: Workspace) -> None:
    big(books, contacts=people(ann=("champion", "2025-06-10", True)))
    named.add_person(books, "a", "Zelda Quint", last_touch_on=date(2025, 6, 29))
    assert books.ask("stakeholder_coverage").iloc[0]["touched"] == 2
    zelda = {"contact_id": "z", "account_id": "a", "name": "zelda quint", "role": "user"}
    fill(books, contacts=[zelda])
    found = books.ask("stakeholders").set_index("person_id")
    assert set(found.index) >= {"ann"}
    assert len(found) == 2
    assert books.ask("stakeholder_coverage").iloc[0]["touched"] == 2
    books.set_conventions(replace(books.conventions(), bridge_days=5))
    assert len(books.ask("stakeholders")) == 2


def test_renewal_is_that_of_the_renewals(sample: Workspace) -> None:
    risk = sample.ask("big_logo_risk", only="every").set_index("account_id")["renewal_on"]
    renewals = sample.ask("renewals").set_index("account_id")["renewal_on"]
    pd.testing.assert_series_equal(risk, renewals.reindex(risk.index), check_names=False)


def test_coverage_before_renewals_by_hand(sample: Workspace) -> None:
    """The decisions of yearly contracts are those of the life table, but for the time before activities."""
    table = sample.ask("renewal_life_table")
    yearly = table[(table["term_months"] >= 12) & (table["age"] > 0)]
    asked = sample.ask("renewal_by_coverage")
    assert 0.8 * yearly["at_risk"].sum() <= asked["decisions"].sum() <= yearly["at_risk"].sum()
    assert asked["decisions"].sum() - asked["renewed"].sum() <= yearly["lost"].sum()
    assert ((asked["low"] <= asked["rate"]) & (asked["rate"] <= asked["high"])).all()


def test_wilson_as_published(books: Workspace) -> None:
    """17 of 20: 80 % interval .7216 to .9253."""
    rows = [
        charge(
            f"a{n}",
            "2023-01-01",
            None if n < 17 else "2024-01-01",
            1200,
            interval_unit="year",
            term_ends_on="2024-01-01",
        )
        for n in range(20)
    ]
    calls = [{"activity_id": "x", "account_id": "other", "kind": "call", "occurred_on": date(2022, 6, 1)}]
    fill(books, as_of="2024-06-30", charges=[charge("anchor", "2022-06-01", None, 1), *rows], activities=calls)
    found = books.ask("renewal_by_coverage").iloc[0]
    assert (found["decisions"], found["renewed"]) == (20, 17)
    assert (found["low"], found["high"]) == (pytest.approx(0.7216, abs=1e-4), pytest.approx(0.9253, abs=1e-4))


def test_lost_deals_and_their_clocks(books: Workspace) -> None:
    days = {"new": "2025-06-01", "edge": "2025-04-01", "half": "2025-02-01", "year": "2024-09-01", "old": "2024-01-01"}
    deals = [
        {"deal_id": key, "account_id": "a", "is_won": False, "is_closed": True, "amount": 100, "currency": "USD",
         "closed_on": date.fromisoformat(day)}
        for key, day in days.items()
    ]  # fmt: skip
    fill(books, as_of="2025-06-30", deals=deals, charges=[charge("a", "2024-01-01", None, 10)])
    found = books.ask("lost_deals").set_index("deal_id")
    clocks = {key: (None if pd.isna(each) else int(each)) for key, each in found["next_clock_days"].items()}
    assert clocks == {"new": 90, "edge": 90, "half": 180, "year": 365, "old": None}
    assert found.loc["edge", "next_due_on"] == pd.Timestamp("2025-06-30")
    assert pd.isna(found.loc["old", "next_due_on"])


def test_hours_are_shared_out_whole(sample: Workspace) -> None:
    found = sample.ask("success_capacity", hours=200.0)
    for basis in ("arr", "potential", "ten_times"):
        assert found[f"hours_by_{basis}"].sum() == pytest.approx(200)
    unknown = found[found["potential_from"] == "unknown"]
    assert unknown["hours_by_potential"].to_numpy() == pytest.approx(unknown["hours_by_arr"].to_numpy())
    known = found[found["potential_from"] != "unknown"]
    potential = np.maximum(known["potential_acv"], known["arr"])
    share = known["hours_by_potential"] / known["hours_by_potential"].sum()
    assert share.to_numpy() == pytest.approx((potential / potential.sum()).to_numpy())


def test_live_counts_are_what_the_limits_give(sample: Workspace) -> None:
    tried = sample.ask("logo_definitions", employees=3000, revenue=5e9, penetration=0.2).iloc[0]
    wanted = replace(sample.conventions(), big_logo_employees=3000, big_logo_revenue=5e9, small_penetration=0.2)
    with sample.under(wanted) as asker:
        found = asker.ask("penetration")
    logos = found[found["is_big_logo"]]
    assert tried["big_logos"] == len(logos)
    assert tried["small_deals"] == logos["is_small_in_big"].sum()
    assert tried["small_acv"] == pytest.approx(logos.loc[logos["is_small_in_big"], "acv"].sum())


@pytest.mark.parametrize(
    ("parents", "groups", "circle"),
    [
        ({"a": "b", "b": "a"}, [{"a", "b"}], "ab"),
        ({"a": "b", "b": "c", "c": "a"}, [{"a", "b", "c"}], "abc"),
        ({"a": "b", "b": "c", "c": "d", "d": "a", "e": "a"}, [{"a", "b", "c", "d", "e"}], "abcde"),
        ({"a": "b", "b": "c", "c": "d", "d": "e", "e": "f"}, [{"a", "b", "c", "d", "e", "f"}], ""),
        ({"a": "a", "b": "nobody"}, [{"a"}, {"b"}], ""),
        ({"a": "c", "b": "c", "d": "e", "e": "d"}, [{"a", "b", "c"}, {"d", "e"}], "de"),
    ],
)
def test_parents_in_chains_and_circles(
    books: Workspace, parents: dict[str, str], groups: list[set[str]], circle: str
) -> None:
    names = sorted(set(parents) | (set(parents.values()) - {"nobody"}))
    accounts = [{"account_id": each, "name": each.upper(), "parent_account_id": parents.get(each)} for each in names]
    charges = [charge(each, "2025-01-01", None, 100) for each in names]
    fill(books, as_of="2025-06-30", accounts=accounts, charges=charges)
    with books.under(replace(books.conventions(), parents_roll_up=True)) as asker:
        found = asker.ask("penetration").set_index("account_id")["acv"]
    assert sorted(found.tolist()) == sorted(1200.0 * len(group) for group in groups)
    for account_id in found.index:
        assert any(account_id in group for group in groups)
    assert set(books.ask("objections", check="parents_in_a_circle")["account_id"]) == set(circle)


def test_contacts_without_account_are_an_objection(books: Workspace) -> None:
    big(books, contacts=[*people(ann=("user", "2025-06-01", True)), {"contact_id": "x", "name": "Nobody's"}])
    found = books.ask("objections", check="contact_without_account")
    assert found["message"].tolist() == ["contact x names no account"]
    assert books.ask("stakeholder_coverage").iloc[0]["named"] == 1


def damaged(rows: list[dict[str, str]], how: str, chance: random.Random) -> list[dict[str, str]]:
    """A copy of a table, spoiled in one way."""
    rows = [dict(row) for row in rows]
    match how:
        case "missing columns":
            dropped = ("employees", "revenue", "subsidiary_of", "close_date", "product")
            return [{name: value for name, value in row.items() if name not in dropped} for row in rows]
        case "duplicate ids":
            return rows + [dict(row) for row in chance.sample(rows, len(rows) // 5)]
        case "negative amounts":
            for row in chance.sample(rows, len(rows) // 4):
                if row.get("close_value"):
                    row["close_value"] = f"-{row['close_value']}"
        case "blank amounts":
            for row in chance.sample(rows, len(rows) // 4):
                if "close_value" in row:
                    row["close_value"] = ""
        case "circles":
            names = [row["account"] for row in rows if "subsidiary_of" in row]
            for row in rows:
                if "subsidiary_of" in row:
                    row["subsidiary_of"] = names[(names.index(row["account"]) + 1) % 5 + 0]
        case "no accounts":
            for row in rows:
                if "opportunity_id" in row:
                    row["account"] = ""
    return rows


@pytest.mark.parametrize(
    "how", ["missing columns", "duplicate ids", "negative amounts", "blank amounts", "circles", "no accounts"]
)
def test_damaged_copies_are_read_or_refused_never_miscounted(
    shared_data: Path, workspace: Workspace, tmp_path: Path, how: str
) -> None:
    won: list[int] = []
    files = []
    for name in ("accounts", "products", "sales_pipeline"):
        rows = damaged(raw(shared_data, name), how, random.Random(7))
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        files.append(path)
        if name == "sales_pipeline":
            distinct = {tuple(row.values()): row for row in rows}.values()
            won = [int(row["close_value"] or 0) for row in distinct if row["deal_stage"] == "Won"]
    try:
        carry_out(plan(files, workspace), workspace)
    except (Refused, Doubts):
        assert workspace.is_empty
        return
    for rolled_up in (False, True):
        with workspace.under(replace(workspace.conventions(), parents_roll_up=rolled_up)) as asker:
            answers = {name: asker.ask(name) for name in ASKED}
            answers |= {f"{name} of big": asker.ask(name, Scope(big_logos_only=True)) for name in ASKED}
        totals = answers["deal_totals"].groupby("outcome")[["deals", "amount"]].sum()
        assert (totals.loc["won", "deals"], totals.loc["won", "amount"]) == (len(won), sum(won))
        assert answers["deal_bands"]["deals"].sum() <= len(won)
        assert not np.isinf(answers["penetration"]["penetration"].astype(float)).any()
