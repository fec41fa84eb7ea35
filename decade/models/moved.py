"""What moved a number: its change divided among slices, movements and accounts, and said in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
KINDS = {
    "new": ("new business", "new business"),
    "reactivation": ("returning accounts", "returning accounts"),
    "expansion": ("expansion", "expansion"),
    "contraction": ("contraction", "contraction"),
    "churn": ("churn", "churn"),
    "fx": ("exchange rates", "exchange rates"),
}
FATES = {
    "grew": ("more expansion", "less expansion"),
    "shrank": ("less contraction", "more contraction"),
    "left": ("less churn", "more churn"),
}
WORDS: Mapping[str, tuple[str, str]] = {**KINDS, **FATES}
WORTH_SAYING = 0.25  # a cell against the change is named from this share of it on
MOSTLY = 0.5

Written = Callable[[float], str]


@dataclass(frozen=True)
class Cell:
    """A slice and a movement: its part of the change, and the accounts that pull with it, largest first."""

    slice: str
    kind: str
    amount: float
    count: int
    accounts: tuple[tuple[str, float], ...]

    def words(self) -> str:
        """The movement, in the slice."""
        up, down = WORDS[self.kind]
        return (up if self.amount > 0 else down) + ("" if self.slice == "All" else f" in {self.slice}")

    def who(self) -> str:
        """The fewest accounts that make most of it; empty when one account is all there is to say."""
        if not self.accounts:
            return ""
        first = self.accounts[0][0]
        if self.count == 1:
            return first
        so_far = 0.0
        for others, (_, amount) in enumerate(self.accounts):
            so_far += amount
            if abs(so_far) >= MOSTLY * abs(self.amount):
                if not others:
                    return f"mostly {first}"
                return f"mostly {first} and {NUMBERS[others]} other{'s' if others > 1 else ''}"
        return f"spread over {self.count:,} accounts, the largest {first}"


def cells(rows: pd.DataFrame, column: str, kind: str, name: str = "account") -> list[Cell]:
    """The cells of `mrr_change` or `retention_change`, largest first.

    `column` is the account's part; `cell_` before it the part of the whole cell.
    """
    found: dict[tuple[str, str], tuple[float, int, list[tuple[str, float]]]] = {}
    wanted = ["slice", kind, f"cell_{column}", "cell_accounts", name, column]
    known = rows[rows["slice"].notna() & rows[kind].notna()]
    for part, each, whole, count, account, amount in zip(*(known[one].tolist() for one in wanted), strict=True):
        _, _, accounts = found.setdefault((str(part), str(each)), (float(whole), int(count), []))
        if amount * whole > 0:
            accounts.append((str(account), float(amount)))
    made = [
        Cell(*names, whole, count, tuple(sorted(accounts, key=lambda one: -abs(one[1]))[:9]))
        for names, (whole, count, accounts) in found.items()
        if whole
    ]
    return sorted(made, key=lambda cell: -abs(cell.amount))


def sentence(
    label: str, last: float, before: float, made_by: list[Cell], *, written: Written, changed: Written, when: str = ""
) -> str:
    """What moved a number, such as: NRR fell 2.1 points to 108.4 %: more contraction in SMB, mostly Acme.

    `written` writes a level, `changed` an amount of change (its size, without a sign); `when` says since when.
    """
    change = last - before
    size = changed(abs(change))
    since = f" {when}" if when else ""
    if size == changed(0.0):
        both = [each for each in made_by if changed(abs(each.amount)) != changed(0.0)][:2]
        said = f"{label} stayed at {written(last)}{since}"
        if len(both) < 2 or both[0].amount * both[1].amount > 0:
            return f"{said}."
        return f"{said}: {_part(both[0], changed)} and {_part(both[1], changed)} cancel out."
    said = f"{label} {'rose' if change > 0 else 'fell'} {size} to {written(last)}{since}"
    with_it = [each for each in made_by if each.amount * change > 0]
    against = [each for each in made_by if each.amount * change < 0]
    if not with_it:
        return f"{said}."
    named = with_it[:1]
    if len(with_it) > 1 and abs(with_it[0].amount) < MOSTLY * abs(sum(each.amount for each in with_it)):
        named = with_it[:2]
    told = ", and ".join(_part(each, changed) for each in named)
    if against and abs(against[0].amount) >= WORTH_SAYING * abs(change):
        told += f"; against it, {_part(against[0], changed)}"
    return f"{said}: {told}."


def _part(cell: Cell, changed: Written) -> str:
    who = cell.who()
    size = f"{'+' if cell.amount > 0 else '-'}{changed(abs(cell.amount))}"
    return f"{cell.words()} ({size})" + (f", {who}" if who else "")
