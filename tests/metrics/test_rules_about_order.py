"""Rules about charges in their order, held to a count by hand; and marts of another version, built anew."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from decade.warehouse import Workspace
from support.workspaces import charge, fill

FIRST = date(2024, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def broken(workspace: Workspace, rule: str) -> set[tuple[int, str]]:
    found = workspace.cursor().execute(
        'select source_row, account_id from broken_rules where "check" = $rule', {"rule": rule}
    )
    return set(found.fetchall())


def histories(seed: int) -> list[dict[str, object]]:
    """Chains of charges for few accounts, plans and subscriptions: tidy ones, gaps, overlaps and the two at once."""
    chance = random.Random(seed)
    rows = []
    for account in range(40):
        at = chance.randrange(30)
        for _ in range(chance.randrange(1, 7)):
            length = chance.choice([10, 30, 30, 60])
            ends = None if chance.random() < 0.04 else day(at + length)
            rows.append(
                charge(
                    f"A{account:02}",
                    day(at),
                    ends,
                    chance.choice([50, 100, -20]),
                    plan=chance.choice(["pro", "pro", "pro", None]),
                    subscription_id=f"S{account % 2}",
                    cancelled_on=day(at + chance.randrange(60)) if chance.random() < 0.2 else None,
                )
            )
            at += length + (chance.choice([-20, -9, -5, 0, 0, 4, 9, 20]) if account % 3 else 0)
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_overlaps_are_those_that_a_count_by_hand_finds(books, seed):
    fill(books, as_of="2025-06-30", charges=histories(seed))
    held = books.cursor().execute(
        "select account_id, plan, starts_on, source_row, ends_on from effective_charges where mrr > 0"
    )
    expected, covered = set(), defaultdict(lambda: date.min)
    for account, plan, starts, row, ends in sorted(held.fetchall(), key=lambda each: (each[0], each[2], each[3])):
        if (covered[account, plan] - starts).days > 7:
            expected.add((row, account))
        covered[account, plan] = max(covered[account, plan], ends or date.max)
    assert broken(books, "overlapping_periods") == expected
    assert expected


@pytest.mark.parametrize("seed", range(6))
def test_what_counts_at_as_of_and_longest_are_the_last_charges_of_stretches(books, seed):
    fill(books, as_of="2024-06-30", charges=histories(seed))
    cursor = books.cursor()
    columns = "source_id, source_row, account_id, plan, starts_on, ends_on, charged_to, months, mrr, is_pending"
    every = set(cursor.execute(f"select {columns} from periods").fetchall())
    latest = set(cursor.execute(f"select {columns} from latest_periods").fetchall())
    as_of = date(2024, 6, 30)
    assert latest < every
    assert latest >= {each for each in every if each[5] is None or each[5] > as_of or each[5] != each[6]}
    longest = defaultdict(lambda: date.min)
    for each in every:
        longest[each[2]] = max(longest[each[2]], each[5] or date.max)
    assert latest >= {each for each in every if (each[5] or date.max) == longest[each[2]]}
    firsts = cursor.execute(
        "select account_id, plan, months, mrr, first_place % 1099511627776 as row from stretches s "
        "where starts_on = (select min(starts_on) from stretches where account_id = s.account_id)"
    )
    assert set(firsts.fetchall()) == set(
        cursor.execute(
            "select account_id, plan, months, mrr, source_row from effective_charges e "
            "where starts_on = (select min(starts_on) from effective_charges where account_id = e.account_id)"
        ).fetchall()
    )


@pytest.mark.parametrize("seed", range(6))
def test_charges_after_a_cancellation_are_those_that_a_count_by_hand_finds(books, seed):
    fill(books, as_of="2025-06-30", charges=histories(seed))
    held = books.cursor().execute(
        "select account_id, subscription_id, starts_on, source_row, ends_on, cancelled_on from charge_mrr "
        "where why_not is null"
    )
    chains = defaultdict(list)
    for account, subscription, *rest in held.fetchall():
        chains[account, subscription].append(rest)
    expected = set()
    for (account, _), chain in chains.items():
        chain.sort(key=lambda each: each[:2])
        cancelled = min((each[3] for each in chain if each[3]), default=None)
        for before, (starts, row, *_) in itertools.pairwise(chain):
            if cancelled and cancelled <= starts and before[2] and (starts - before[2]).days <= 3:
                expected.add((row, account))
    assert broken(books, "cancelled_but_paying") == expected
    assert expected


def test_marts_of_another_version_are_built_anew_when_a_workspace_is_opened(tmp_path):
    workspace = Workspace.open(tmp_path)
    fill(workspace, as_of="2025-06-30", charges=histories(1))
    asked = "select account_id, month, closing, is_active from changes order by account_id, month"
    expected = workspace.cursor().execute(asked).fetchall()
    rules = broken(workspace, "overlapping_periods")
    workspace.close()
    with duckdb.connect(str(Path(tmp_path) / "decade.duckdb")) as older:
        older.execute("update settings set value = 'another version' where name = 'built_with'")
        older.execute("create or replace table account_ids as select alias_id, own_id, account_id from account_ids")
        for name in ("effective_charges", "periods"):  # tables at first
            older.execute(f"create table held as select * from {name}")
            older.execute(f"drop view {name}")
            older.execute(f"alter table held rename to {name}")
        older.execute("delete from changes")
        older.execute("delete from broken_rules")
    said: list[str] = []
    again = Workspace.open(tmp_path, heard=said.append)
    assert expected
    count = again.cursor().execute("select count(*) from charges").fetchone()
    assert [f"{count[0]:,} charges" in each for each in said] == [True]
    assert again.cursor().execute(asked).fetchall() == expected
    assert broken(again, "overlapping_periods") == rules
    again.close()
    Workspace.open(tmp_path, heard=said.append).close()
    assert len(said) == 1
