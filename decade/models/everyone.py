"""A company counted once for everybody, so that any filter only chooses: nothing is counted anew for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from decade.models.compared import KINDS, RATES, Counted

DIGITS = 6  # of money, as it is held
RETAINED = ("base", "kept", "capped", "base_accounts", "kept_accounts")


@dataclass(frozen=True)
class Groups:
    """Every account, sorted by id, and the number of those that every filter treats alike."""

    accounts: pd.Index[str]
    alike: np.ndarray

    def chosen(self, account_ids: pd.Series[str]) -> Chosen:
        """What a scope with these accounts holds."""
        places = self.accounts.get_indexer(pd.Index(account_ids))
        is_account = np.zeros(len(self.accounts), dtype=bool)
        is_account[places[places >= 0]] = True
        is_alike = np.zeros(int(self.alike.max(initial=0)) + 1, dtype=bool)
        is_alike[self.alike[is_account]] = True
        return Chosen(is_account, is_alike)


@dataclass(frozen=True)
class Chosen:
    """Whether each account, by its place, and each number of those alike is in scope."""

    is_account: np.ndarray
    is_alike: np.ndarray


@dataclass(frozen=True)
class Everyone:
    """What one set of conventions makes of all accounts.

    Whole numbers stand for names: `alike` and `account` as in Groups, `month` counts from the first of `months`
    (datetime64[M]), `kind` is the place among KINDS. `shift` has the movements that differ from the workspace's own,
    by account.
    """

    months: np.ndarray
    is_full: np.ndarray
    moved: dict[str, np.ndarray]
    retained: dict[str, np.ndarray]
    shift: dict[str, np.ndarray]

    def within(self, groups: Groups, chosen: Chosen) -> Counted:
        """The count of the accounts in scope."""
        return Counted(self._bridge(chosen), self._retention(chosen), self._shift(groups, chosen))

    def _bridge(self, chosen: Chosen) -> pd.DataFrame:
        here = chosen.is_alike[self.moved["alike"]]
        cells = len(KINDS), len(self.months)
        at = self.moved["kind"][here].astype("int64") * cells[1] + self.moved["month"][here]
        amounts, accounts = (
            np.bincount(at, self.moved[name][here], cells[0] * cells[1]).reshape(cells).round(DIGITS)
            for name in ("amount", "accounts")
        )
        came = accounts[KINDS.index("new")] + accounts[KINDS.index("reactivation")] - accounts[KINDS.index("churn")]
        return pd.DataFrame(
            {
                "month": self.months.astype("datetime64[us]"),
                **dict(zip(KINDS, amounts, strict=True)),
                "closing": amounts.sum(axis=0).cumsum().round(DIGITS),
                "closing_accounts": came.cumsum(),
                "is_full": self.is_full,
            }
        )

    def _retention(self, chosen: Chosen) -> pd.DataFrame:
        here = chosen.is_alike[self.retained["alike"]]
        at = self.retained["month"][here]
        base, kept, capped, base_accounts, kept_accounts = (
            np.bincount(at, self.retained[name][here], len(self.months)).cumsum().round(DIGITS) for name in RETAINED
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = (
                np.where(below == 0, np.nan, above / below)
                for above, below in ((kept, base), (capped, base), (kept_accounts, base_accounts))
            )
            found = {"month": self.months.astype("datetime64[us]"), **dict(zip(RATES, rates, strict=True))}
        return pd.DataFrame({name: values[self.is_full] for name, values in found.items()})

    def _shift(self, groups: Groups, chosen: Chosen) -> pd.DataFrame:
        here = chosen.is_account[self.shift["account"]]
        return pd.DataFrame(
            {
                "account_id": groups.accounts.take(self.shift["account"][here]),
                "month": (self.months[0] + self.shift["month"][here]).astype("datetime64[us]"),
                "kind": np.array(KINDS, dtype=object)[self.shift["kind"][here]],
                "amount": self.shift["amount"][here],
            }
        )


def groups_of(accounts: pd.DataFrame) -> Groups:
    """Out of account_id, sorted, and alike."""
    return Groups(pd.Index(accounts["account_id"]), accounts["alike"].to_numpy("int32"))


def everyone_of(
    groups: Groups, months: pd.DataFrame, moved: pd.DataFrame, retained: pd.DataFrame, shift: pd.DataFrame
) -> Everyone:
    """Out of the answers to the questions in `queries/compared`, and the movements that differ from the own ones."""
    calendar = months["month"].to_numpy("datetime64[M]")

    def whole(frame: pd.DataFrame) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {"month": _places(frame["month"], calendar)}
        if "kind" in frame.columns:
            found["kind"] = pd.Index(KINDS).get_indexer(pd.Index(frame["kind"])).astype("int8")
        return found

    def counted(frame: pd.DataFrame) -> dict[str, np.ndarray]:
        """What lies in the months: the rest is in no answer."""
        found = {**whole(frame), "alike": frame["alike"].to_numpy("int32")}
        for name in frame.columns.difference(["alike", "month", "kind"]):
            found[str(name)] = frame[name].to_numpy("float64")
        is_known = (found["month"] >= 0) & (found["month"] < len(calendar))
        return {name: values[is_known] for name, values in found.items()}

    places = groups.accounts.get_indexer(pd.Index(shift["account_id"])).astype("int32")
    differing = {**whole(shift), "account": places, "amount": shift["amount"].to_numpy("float64")}
    return Everyone(calendar, months["is_full"].to_numpy(bool), counted(moved), counted(retained), differing)


def _places(months: pd.Series[pd.Timestamp], calendar: np.ndarray) -> np.ndarray:
    return np.asarray(months.to_numpy("datetime64[M]") - calendar[0]).astype("int16")
