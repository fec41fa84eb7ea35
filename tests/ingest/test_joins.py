"""Ids that do not join: asked with what they carry and what they probably mean, once; the rest in one sentence."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from decade.errors import Doubts
from decade.ingest import ImportPlan, carry_out, plan
from decade.names import twins
from decade.warehouse import Workspace
from support.workspaces import charge, fill


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def deals(folder: Path, *accounts: str, amount: int = 100, name: str = "deals.csv") -> Path:
    frame = pd.DataFrame(
        {
            "opportunity_id": [f"d{at}" for at in range(len(accounts))],
            "account": accounts,
            "deal_stage": "Won",
            "engage_date": "2024-01-05",
            "close_date": "2024-02-05",
            "close_value": amount,
        }
    )
    frame.to_csv(folder / name, index=False)
    return folder / name


def periods(folder: Path, *accounts: str) -> Path:
    frame = pd.DataFrame({"customer_id": accounts, "start_date": "2024-01-01", "end_date": None, "mrr": 10})
    frame.assign(currency="USD").to_csv(folder / "periods.csv", index=False)
    return folder / "periods.csv"


def own_ids(workspace: Workspace) -> dict[str, str]:
    return dict(workspace.cursor().execute("select alias_id, own_id from account_ids").fetchall())


def pairs_of(ready: ImportPlan) -> list[tuple[str, str]]:
    return [(pair.id, pair.twin) for each in ready.doubts for pair in each.pairs]


@pytest.fixture
def billed(workspace: Workspace) -> Workspace:
    fill(
        workspace, as_of="2024-06-30", charges=[charge(name, "2024-01-01", None, 100) for name in ("Alder, Inc.", "7")]
    )
    return workspace


def test_an_id_that_resembles_a_known_one_is_asked_with_its_rows_and_money(billed: Workspace, tmp_path: Path) -> None:
    path = deals(tmp_path, "ALDER", "ALDER", "7", "Nobody at all")
    (asked,) = (ready := plan([path], billed)).doubts
    assert (asked.kind, asked.file, asked.column) == ("unmatched_id", "deals.csv", "account_id")
    assert "'ALDER' (2 rows of deals.csv, 200.00 USD)" in asked.question
    assert asked.question.endswith("Is it 'Alder, Inc.'?")
    assert ready.notices == (
        "1 account id (1 row of deals.csv, 100.00 USD): neither in a file of accounts nor billed; "
        "counted as accounts of their own.",
    )
    with pytest.raises(Doubts):
        carry_out(ready, billed)


@pytest.mark.parametrize(("given", "stands_for"), [("same", "Alder, Inc."), ("different", "ALDER")])
def test_an_answer_is_kept_and_the_next_export_asks_nothing(
    billed: Workspace, tmp_path: Path, given: str, stands_for: str
) -> None:
    path = deals(tmp_path, "ALDER")
    (asked,) = plan([path], billed).doubts
    carry_out(plan([path], billed, answers={asked.answer_key: given}), billed)
    assert own_ids(billed)["ALDER"] == stands_for
    assert billed.saved("mappings") == {}, "how the file is read was no question"
    assert plan([path], billed).is_ready
    later = deals(tmp_path, "ALDER", "ALDER", amount=7, name="later.csv")
    carry_out(plan([later], billed), billed)
    assert own_ids(billed)["ALDER"] == stands_for
    billed.undo(3)
    billed.undo(2)
    assert own_ids(billed) == {"Alder, Inc.": "Alder, Inc.", "7": "7"}
    assert len(billed.ask("account_list")) == 2


def test_a_link_whose_account_is_gone_does_not_make_one(workspace: Workspace, tmp_path: Path) -> None:
    carry_out(plan([periods(tmp_path, "Alder, Inc.")], workspace), workspace)
    carry_out(plan([deals(tmp_path, "ALDER")], workspace, answers={"unmatched_id": "same"}), workspace)
    assert own_ids(workspace) == {"Alder, Inc.": "Alder, Inc.", "ALDER": "Alder, Inc."}
    workspace.undo(1)
    assert own_ids(workspace) == {"ALDER": "ALDER"}
    carry_out(plan([periods(tmp_path, "Alder, Inc.")], workspace), workspace)
    assert own_ids(workspace) == {"Alder, Inc.": "Alder, Inc.", "ALDER": "Alder, Inc."}


def test_money_of_deals_reaches_the_account_that_is_meant(billed: Workspace, tmp_path: Path) -> None:
    carry_out(plan([deals(tmp_path, "ALDER")], billed, answers={"unmatched_id": "same"}), billed, rates={"USD": 1})
    assert len(billed.ask("account_list")) == 2
    found = billed.cursor().execute("select account_id from account_ids where alias_id = 'ALDER'").fetchall()
    assert found == [("Alder, Inc.",)]


def test_a_name_that_the_crm_has_means_its_record_and_its_billing_id(workspace: Workspace, tmp_path: Path) -> None:
    fill(
        workspace,
        as_of="2024-06-30",
        accounts=[{"account_id": "001", "name": "Alder GmbH", "billing_account_id": "cus_1"}],
        charges=[charge("cus_1", "2024-01-01", None, 100)],
    )
    (asked,) = plan([deals(tmp_path, "alder")], workspace).doubts
    assert asked.question.endswith("Is it 'Alder GmbH' ('cus_1')?")
    carry_out(plan([deals(tmp_path, "alder")], workspace, answers={"unmatched_id": "same"}), workspace)
    assert set(own_ids(workspace).values()) == {"cus_1"}


def test_a_link_with_a_record_of_the_crm_follows_it_to_billing(workspace: Workspace, tmp_path: Path) -> None:
    fill(workspace, as_of="2024-06-30", accounts=[{"account_id": "Alder, Inc.", "name": "Alder"}])
    carry_out(plan([deals(tmp_path, "ALDER")], workspace, answers={"unmatched_id": "same"}), workspace)
    assert own_ids(workspace)["ALDER"] == "Alder, Inc."
    fill(
        workspace,
        rates={"XXX": 1},
        accounts=[{"account_id": "Alder, Inc.", "name": "Alder", "billing_account_id": "cus_1"}],
        charges=[charge("cus_1", "2024-01-01", None, 100)],
    )
    assert set(own_ids(workspace).values()) == {"cus_1"}


def test_charges_look_for_their_account_and_what_follows_means_the_same(workspace: Workspace, tmp_path: Path) -> None:
    fill(workspace, accounts=[{"account_id": "001", "name": "Alder GmbH"}, {"account_id": "002", "name": "Birch"}])
    files = [periods(tmp_path, "Alder", "Dogwood"), deals(tmp_path, "ALDER")]
    ready = plan(files, workspace)
    assert pairs_of(ready) == [("Alder", "001"), ("ALDER", "001")]
    assert "1 account id (1 row of periods.csv, 10.00 USD): in no file of accounts" in ready.notices[0]
    carry_out(plan(files, workspace, answers={"unmatched_id": "same"}), workspace, rates={"XXX": 1})
    assert own_ids(workspace) == {
        "001": "001", "002": "002", "Alder": "001", "ALDER": "001", "Dogwood": "Dogwood",
    }  # fmt: skip


def test_a_file_of_accounts_is_compared_with_what_was_imported_before(workspace: Workspace, tmp_path: Path) -> None:
    fill(workspace, as_of="2024-06-30", charges=[charge("Alder Ltd", "2024-01-01", None, 100)])
    path = write(
        tmp_path, "accounts.csv", "Account ID,Account Name,Industry,Employees\nA1,Alder,Wood,5\nA2,Birch,Wood,6\n"
    )
    (asked,) = plan([path], workspace).doubts
    assert (asked.file, pairs_of(plan([path], workspace))) == ("earlier imports", [("Alder Ltd", "A1")])
    carry_out(plan([path], workspace, answers={asked.answer_key: "same"}), workspace)
    assert own_ids(workspace)["Alder Ltd"] == "A1"
    assert plan([path], workspace).is_ready


def test_many_spellings_are_one_question_and_each_typing_error_its_own(workspace: Workspace, tmp_path: Path) -> None:
    names = [f"{word} Software" for word in ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Juniper")]
    fill(workspace, as_of="2024-06-30", charges=[charge(name, "2024-01-01", None, 100) for name in names])
    path = deals(tmp_path, *(name.upper() for name in names[:6]), "Hazl Software", "Junipar Software")
    doubts = plan([path], workspace).doubts
    assert [len(each.pairs) for each in doubts] == [6, 1, 1]
    assert "6 account ids (6 rows of deals.csv, 600.00 USD)" in doubts[0].question
    assert doubts[0].examples[0] == "'ALDER SOFTWARE' → 'Alder Software': 1 row, 100.00 USD"
    assert len({each.answer_key for each in doubts}) == 3
    answered = {doubts[0].answer_key: "same", doubts[1].answer_key: "same", doubts[2].answer_key: "different"}
    carry_out(plan([path], workspace, answers=answered), workspace, rates={"USD": 1})
    ids = own_ids(workspace)
    assert ids["FIR SOFTWARE"] == "Fir Software"
    assert (ids["Hazl Software"], ids["Junipar Software"]) == ("Hazel Software", "Junipar Software")


@pytest.mark.parametrize(
    ("alias", "known", "meant"),
    [
        ("GTXPro", ["GTX Pro", "GTX Plus Pro"], "GTX Pro"),
        ("00123", ["123"], "123"),
        ("123.0", ["123"], "123"),
        ("0015e00000AbCdE", ["0015e00000AbCdEAAU"], "0015e00000AbCdEAAU"),
        ("Zolw", ["Żółw Sp. z o.o."], "Żółw Sp. z o.o."),
        ("Codehov Systems", ["Codehow Systems", "Codes"], "Codehow Systems"),
        # What is another thing, or could be two things, has no twin.
        ("CUST-00124", ["CUST-00123"], None),
        ("Basic 3", ["Basic 2"], None),
        ("cus_Nffrfec4Qz5ZTa", ["cus_NffrFeUfNV2Hib"], None),
        ("10", ["1.0", "100"], None),
        ("ABC", ["ABD"], None),
        ("Alder", ["ALDER", "alder"], None),
        ("", ["!"], None),
        ("---", ["..."], None),
    ],
)
def test_what_is_a_likely_twin(alias: str, known: list[str], meant: str | None) -> None:
    found, _ = twins(pd.Series([alias]), pd.DataFrame({"name": known, "id": known}))
    assert found["twin"].tolist() == ([] if meant is None else [meant])


HOSTILE = [
    "a:b::c", "<script>alert(1)</script>", "'; drop table accounts; --", "=HYPERLINK('x')", "Ω≈ç√ ∫˜µ", "田中さん",
    "x" * 5000, "**bold** [a](b)", "tab\tin it", "مرحبا", "{name}", "%s %n", "$path",
]  # fmt: skip


def test_hostile_ids_are_text_and_nothing_else(workspace: Workspace, tmp_path: Path) -> None:
    fill(workspace, as_of="2024-06-30", charges=[charge(name, "2024-01-01", None, 100) for name in HOSTILE])
    before = own_ids(workspace)
    path = deals(tmp_path, *(f"({name})" for name in HOSTILE))
    (asked,) = plan([path], workspace).doubts
    assert {pair.twin for pair in asked.pairs} == set(HOSTILE)
    assert all(len(each) < 300 and "\n" not in each and "\t" not in each for each in asked.examples)
    carry_out(plan([path], workspace, answers={asked.answer_key: "same"}), workspace, rates={"USD": 1})
    assert own_ids(workspace) == {**before, **{f"({name})": name for name in HOSTILE}}


def test_with_nothing_to_compare_with_nothing_is_said(workspace: Workspace, tmp_path: Path) -> None:
    for path in (periods(tmp_path, "Alder", "ALDER"), deals(tmp_path, "Birch", "birch")):
        ready = plan([path], workspace)
        assert (ready.doubts, ready.notices) == ((), ())


def test_links_of_other_files_are_no_crm_twins(workspace: Workspace, tmp_path: Path) -> None:
    fill(
        workspace,
        as_of="2024-06-30",
        accounts=[{"account_id": "crm", "name": "Birch"}],
        charges=[charge("Alder, Inc.", "2024-01-01", None, 100)],
    )
    usage = write(tmp_path, "usage.csv", "account_id,month,licences,active_users\nALDER,2024-01,5,4\n")
    carry_out(plan([usage], workspace, answers={"unmatched_id": "same"}), workspace)
    assert own_ids(workspace)["ALDER"] == "Alder, Inc."
    assert workspace.ask("unmatched_accounts")["side"].tolist() == ["billing", "crm"]


def test_a_hundred_thousand_ids_are_compared_in_seconds() -> None:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    known = pd.Series(["".join(row) for row in np.random.default_rng(1).choice(letters, (100_000, 12))])
    started = time.process_time()
    found, left = twins(known.str.upper(), pd.DataFrame({"name": known, "id": known}))
    assert (len(found), left) == (100_000, 0)
    found, left = twins("x" + known.str[::-1], pd.DataFrame({"name": known, "id": known}))
    assert left == 100_000 - 200
    assert time.process_time() - started < 30
