"""Which accounts of billing and of the CRM are one organisation: pairs proposed by domain and name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from decade.names import plain_names

LEAST = 0.85  # a similarity of names below this is not proposed
_MOST_HOLDERS = 60  # a word that more names share tells nothing
_SHARED_DOMAINS = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com aol.com gmx.de gmx.net web.de
    mail.ru yandex.ru wp.pl o2.pl onet.pl interia.pl orange.fr free.fr protonmail.com proton.me
    """.split()  # noqa: SIM905
)
COLUMNS = ["billing_id", "billing_account", "crm_id", "crm_account", "why", "confidence", "domain", "amount"]


def proposals(accounts: pd.DataFrame) -> pd.DataFrame:
    """Pairs of one billed account and one of the CRM, the surest first, each account in one pair only.

    `accounts` has account_id, account, side (billing or crm), domain and amount. Confidence is 0 to 1: the same
    domain or the same name without its legal form counts 0.9, both 1, else the similarity of the names.
    """
    known = accounts.assign(plain=plain_names(accounts["account"]), domain=_own_domains(accounts["domain"]))
    billing, crm = (known[known["side"] == side] for side in ("billing", "crm"))
    if billing.empty or crm.empty:
        return pd.DataFrame(columns=COLUMNS)
    pairs = pd.concat([_equal(billing, crm, "domain"), _equal(billing, crm, "plain"), _sharing_a_word(billing, crm)])
    pairs = pairs.drop_duplicates()
    left = billing.set_index("account_id").loc[pairs["billing_id"]]
    right = crm.set_index("account_id").loc[pairs["crm_id"]]
    same_domain = _same(left["domain"], right["domain"])
    same_name = _same(left["plain"], right["plain"])
    likeness = process.cpdist(left["plain"].to_numpy(), right["plain"].to_numpy(), scorer=fuzz.token_sort_ratio) / 100
    sure = np.where(same_domain & same_name, 1.0, np.where(same_domain | same_name, 0.9, np.minimum(likeness, 0.89)))
    # One domain under two quite different names is often a group, not one customer.
    sure = np.where(same_domain & ~same_name, 0.75 + 0.2 * likeness, sure)
    why = np.select(
        [same_domain & same_name, same_domain, same_name], ["domain and name", "domain", "name"], "similar name"
    )
    found = pd.DataFrame(
        {
            "billing_id": pairs["billing_id"].to_numpy(),
            "billing_account": left["account"].to_numpy(),
            "crm_id": pairs["crm_id"].to_numpy(),
            "crm_account": right["account"].to_numpy(),
            "why": why,
            "confidence": np.round(sure, 2),
            "domain": left["domain"].where(left["domain"] != "", right["domain"].to_numpy()).to_numpy(),
            "amount": left["amount"].to_numpy(),
        }
    )
    found = found[(found["confidence"] >= LEAST) | (found["why"] == "domain")]
    found = found.sort_values(["confidence", "billing_id", "crm_id"], ascending=[False, True, True])
    return _one_each(found).reset_index(drop=True)


def _own_domains(domains: pd.Series[str]) -> pd.Series[str]:
    texts = pc.utf8_lower(pa.array(domains, pa.string(), from_pandas=True).fill_null(""))
    bare = pc.replace_substring_regex(texts, r"^www\.", "")
    own = pc.if_else(pc.is_in(bare, pa.array(sorted(_SHARED_DOMAINS))), "", bare)
    return pd.Series(own.to_pandas().to_numpy(dtype="object"), index=domains.index, dtype="object")


def _same(left: pd.Series[str], right: pd.Series[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    one, other = left.to_numpy(), right.to_numpy()
    same: np.ndarray[tuple[int], np.dtype[np.bool_]] = (one == other) & (one != "")
    return same


def _equal(billing: pd.DataFrame, crm: pd.DataFrame, column: str) -> pd.DataFrame:
    left, right = (
        each.loc[each[column] != "", ["account_id", column]].rename(columns={"account_id": name})
        for each, name in ((billing, "billing_id"), (crm, "crm_id"))
    )
    counted = right.groupby(column)["crm_id"].transform("size")
    return left.merge(right[counted <= _MOST_HOLDERS], on=column)[["billing_id", "crm_id"]]


def _sharing_a_word(billing: pd.DataFrame, crm: pd.DataFrame) -> pd.DataFrame:
    sides = []
    for each, name in ((billing, "billing_id"), (crm, "crm_id")):
        words = pd.DataFrame({name: each["account_id"], "word": each["plain"].str.split()}).explode("word").dropna()
        words["word"] = words["word"].str[:5]  # the ends of words are where spellings differ
        words = words.drop_duplicates()
        sides.append(words[words.groupby("word")[name].transform("size") <= _MOST_HOLDERS])
    return sides[0].merge(sides[1], on="word")[["billing_id", "crm_id"]]


def _one_each(found: pd.DataFrame) -> pd.DataFrame:
    """Of pairs in order, those in which neither account was in an earlier one."""
    billed: set[str] = set()
    named: set[str] = set()
    keep = []
    for left, right in zip(found["billing_id"], found["crm_id"], strict=True):
        is_free = left not in billed and right not in named
        keep.append(is_free)
        if is_free:
            billed.add(left)
            named.add(right)
    return found[keep]
