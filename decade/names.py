"""Names as they are compared: without case, accents, punctuation and legal form; and the likely twin of one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

SPELLING, SIMILAR = "spelling", "similar"
LEAST = 88  # of 100: names less alike than this are no twins
COMPARED = 20_000_000  # comparisons of two names: about two seconds
_FORMS = (  # each with the spaces around it, which come in twos
    " (inc|incorporated|llc|llp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|ohg|ug|se|sa|sas|sarl|srl|spa|"
    "bv|nv|ab|as|oy|aps|kft|sp|z|o|zoo|oo|pty|pvt|group|holding|holdings|international|the|und|and|et|i) "
)
_LEAST_LETTERS = 5  # of a shorter name, a letter or two is too much
TWINS = ["alias", "twin", "name", "how"]


def plain_names(names: pd.Series[str]) -> pd.Series[str]:
    """Names in lower case without accents, punctuation and legal forms."""
    texts = pc.utf8_normalize(pc.utf8_lower(pa.array(names, pa.string(), from_pandas=True).fill_null("")), "NFKD")
    for pattern, instead in (("ł", "l"), ("ß", "ss"), (r"\p{Mn}", ""), (r"[^\p{L}\p{N}_]+", "  ")):
        texts = pc.replace_substring_regex(texts, pattern, instead)
    words = pc.binary_join_element_wise("", pc.utf8_trim(texts, " "), "", " ")
    telling = pc.replace_substring_regex(words, _FORMS, "")
    found = pc.if_else(pc.equal(pc.utf8_trim(telling, " "), ""), words, telling)
    plain = pc.utf8_trim(pc.replace_substring(found, "  ", " "), " ")
    return pd.Series(plain.to_pandas().to_numpy(dtype="object"), index=names.index, dtype="object")


def twins(aliases: pd.Series[str], known: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """For texts that nothing knows, the one known thing that each probably means; and how many were not compared.

    `known` has name (a text by which a thing is known) and id (the thing). Of the result, one row a text that has a
    twin: alias, twin (an id), name and how: "spelling" when only case, accents, punctuation, spacing, legal form or
    the zeros before a number differ, else "similar". A text that could mean two things has none. `aliases` are
    compared letter by letter in their order, as far as a bounded number of comparisons reaches.
    """
    unknown = pd.DataFrame({"alias": aliases.dropna().unique()})
    known = known.dropna().drop_duplicates()
    if unknown.empty or known.empty:
        return pd.DataFrame(columns=TWINS), 0
    unknown["plain"], known = plain_names(unknown["alias"]), known.assign(plain=plain_names(known["name"]))
    same = _only_one(
        pd.concat(
            [
                _keyed(unknown, _bare(unknown)).merge(_keyed(known, _bare(known, "name")), on="key"),
                _keyed(unknown, unknown["alias"])
                .merge(_keyed(known, known["name"].str[:15]), on="key")
                .query(
                    "alias.str.len() == 15 and name.str.fullmatch('[0-9A-Za-z]{18}')"  # a record's id, short and long
                ),
            ]
        )
    )
    rest = unknown[~unknown["alias"].isin(same["alias"])]
    rest, named = (each[_has_letters(each["plain"])] for each in (rest, known))
    compared = rest.head(COMPARED // max(1, len(named)))
    similar = _similar(compared, named)
    found = pd.concat([same.assign(how=SPELLING), similar.assign(how=SIMILAR)], ignore_index=True)
    return found[TWINS], len(rest) - len(compared)


def _bare(frame: pd.DataFrame, written: str = "alias") -> pd.Series[str]:
    """Plain names without spaces; a number without zeros before it and without .0 after it."""
    number = frame[written].astype("str").str.strip().str.fullmatch(r"\d+(\.0+)?")
    digits = frame[written].astype("str").str.strip().str.replace(r"\.0+$", "", regex=True).str.lstrip("0")
    return frame["plain"].str.replace(" ", "").where(~number, digits)


def _has_letters(plain: pd.Series[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether there are letters enough for one of them to be wrong."""
    letters = pc.count_substring_regex(pa.array(plain, pa.string()), r"\p{L}")
    enough: np.ndarray[tuple[int], np.dtype[np.bool_]] = pc.greater_equal(letters, _LEAST_LETTERS).to_numpy(False)
    return enough


def _keyed(frame: pd.DataFrame, key: pd.Series[str]) -> pd.DataFrame:
    keyed = frame.drop(columns="plain").assign(key=key.astype("object"))
    return keyed[keyed["key"] != ""]


def _only_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row for each alias that means one thing."""
    pairs = pairs.rename(columns={"id": "twin"})[["alias", "twin", "name"]].drop_duplicates(["alias", "twin"])
    return pairs[~pairs["alias"].duplicated(keep=False)].reset_index(drop=True)


def _similar(unknown: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The likest known name of each, alone in being so like, and with the same numbers in it."""
    if unknown.empty or known.empty:
        return pd.DataFrame(columns=["alias", "twin", "name"])
    rows, columns = [], []
    names = known["plain"].to_numpy()
    step = max(1, 2_000_000 // len(names))
    for start in range(0, len(unknown), step):
        part = unknown["plain"].to_numpy()[start : start + step]
        likeness = process.cdist(part, names, scorer=fuzz.ratio, score_cutoff=LEAST, dtype=np.uint8)
        best = likeness.max(axis=1)
        row, column = np.nonzero((likeness == best[:, None]) & (best[:, None] > 0))
        rows.append(row + start)
        columns.append(column)
    one, other = unknown.iloc[np.concatenate(rows)], known.iloc[np.concatenate(columns)]
    numbers = [each["plain"].str.findall(r"\d+").str.join(" ").to_numpy() for each in (one, other)]
    pairs = pd.DataFrame(
        {"alias": one["alias"].to_numpy(), "id": other["id"].to_numpy(), "name": other["name"].to_numpy()}
    )
    return _only_one(pairs[numbers[0] == numbers[1]])
