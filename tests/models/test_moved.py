"""The sentence that says what moved a number: computed from its parts, never more than they say."""

from __future__ import annotations

import pandas as pd
import pytest

from decade.models.moved import Cell, cells, sentence


def rows(*parts: tuple[str, str, str, float]) -> pd.DataFrame:
    """Rows of `mrr_change` of slice, kind, account and amount."""
    frame = pd.DataFrame(parts, columns=["slice", "kind", "account", "amount"])
    cell = frame.groupby(["slice", "kind"])["amount"]
    return frame.assign(cell_amount=cell.transform("sum"), cell_accounts=cell.transform("count"))


def said(frame: pd.DataFrame, last: float, before: float) -> str:
    made_by = cells(frame, "amount", "kind")
    return sentence("ARR", last, before, made_by, written=lambda v: f"{v:.0f}", changed=lambda v: f"{v:.0f}")


def test_one_account_is_named_alone() -> None:
    assert said(rows(("SMB", "churn", "Acme", -10)), 90, 100) == "ARR fell 10 to 90: churn in SMB (-10), Acme."


def test_the_fewest_accounts_that_make_most_of_it() -> None:
    frame = rows(*[("SMB", "contraction", f"A{n}", -size) for n, size in enumerate((9, 8, 7, 6, 5, 4, 3))])
    assert said(frame, 0, 42).endswith("contraction in SMB (-42), mostly A0 and two others.")
    wide = rows(*[("SMB", "churn", f"A{n:02}", -1) for n in range(40)])
    assert said(wide, 0, 40).endswith("churn in SMB (-40), spread over 40 accounts, the largest A00.")
    one = rows(("SMB", "churn", "Big", -90), ("SMB", "churn", "Tiny", -1))
    assert said(one, 0, 91).endswith("mostly Big.")


def test_what_pulls_the_other_way_is_said_when_it_is_large() -> None:
    frame = rows(("Large", "new", "Acme", 100), ("SMB", "churn", "Beta", -60), ("SMB", "fx", "Gamma", -1))
    assert (
        said(frame, 139, 100)
        == "ARR rose 39 to 139: new business in Large (+100), Acme; against it, churn in SMB (-60), Beta."
    )


def test_what_cancels_out_is_said_too() -> None:
    frame = rows(("All", "new", "Acme", 50), ("All", "churn", "Beta", -50))
    assert said(frame, 100, 100) == "ARR stayed at 100: new business (+50), Acme and churn (-50), Beta cancel out."
    assert said(rows(("All", "new", "Acme", 0.2)), 100.2, 100) == "ARR stayed at 100."


def test_accounts_that_pull_against_their_own_cell_are_not_named() -> None:
    frame = rows(("All", "expansion", "Falls", -20), ("All", "expansion", "Rises", 50))
    assert cells(frame, "amount", "kind") == [Cell("All", "expansion", 30, 2, (("Rises", 50.0),))]


def test_nothing_known_says_only_the_change() -> None:
    assert said(rows(), 3, 1) == "ARR rose 2 to 3."


@pytest.mark.parametrize(("amount", "words"), [(-1.0, "less expansion"), (1.0, "more expansion")])
def test_fates_are_said_as_more_or_less(amount: float, words: str) -> None:
    assert Cell("All", "grew", amount, 1, ()).words() == words
