"""The match assistant's proposals: by domain and name, each account in one pair, quick on long lists."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from decade.models.matching import proposals
from decade.names import plain_names


def accounts(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account_id", "account", "side", "domain"])
    return frame.assign(amount=1.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller GmbH", "MULLER"),
        ("Żółw Sp. z o.o.", "Zolw"),
        ("Acme, Inc.", "ACME Incorporated"),
        ("A & B Ltd", "A B Limited"),
    ],
)
def test_legal_form_case_and_accents_do_not_matter(one: str, other: str) -> None:
    plain = plain_names(pd.Series([one, other]))
    assert plain[0] == plain[1] != ""


def test_a_name_that_is_only_a_legal_form_stays() -> None:
    assert plain_names(pd.Series(["The Group"])).tolist() == ["the group"]


def test_the_surest_pair_wins_and_each_account_is_in_one() -> None:
    found = proposals(
        accounts(
            ("b1", "Alder", "billing", "alder.example"),
            ("b2", "Alder", "billing", None),
            ("c1", "Alder Inc", "crm", "www.alder.example"),
            ("c2", "Alders Holding", "crm", None),
            ("c3", "Quite Other", "crm", "gmail.com"),
        )
    )
    assert found[["billing_id", "crm_id", "why"]].to_numpy().tolist() == [
        ["b1", "c1", "domain and name"],
        ["b2", "c2", "similar name"],
    ]
    assert found["confidence"].iloc[0] == 1


def test_mail_providers_are_no_domain_of_their_own() -> None:
    assert proposals(accounts(("b", "Ash", "billing", "gmail.com"), ("c", "Yew", "crm", "gmail.com"))).empty


def test_one_domain_under_other_names_is_less_sure_than_the_same_name() -> None:
    found = proposals(accounts(("b", "Ash Paper", "billing", "ash.example"), ("c", "Zebra", "crm", "ash.example")))
    assert found["why"].tolist() == ["domain"]
    assert 0.75 <= found["confidence"].iloc[0] < 0.9


def test_one_side_alone_has_no_pairs() -> None:
    assert proposals(accounts(("b", "Ash", "billing", "ash.example"))).empty


def test_many_accounts_do_not_take_long() -> None:
    rows = [(f"b{at}", f"Customer {at} Works", "billing", None) for at in range(20_000)]
    rows += [(f"c{at}", f"Customer {at} Works Ltd", "crm", None) for at in range(20_000)]
    began = time.process_time()
    found = proposals(accounts(*rows))
    assert time.process_time() - began < 20
    assert len(found) == 20_000
    assert (found["billing_id"].str[1:] == found["crm_id"].str[1:]).all()
