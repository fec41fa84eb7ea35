"""How surely the header of a file is the name of a canonical column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from decade.ingest.headers import normal
from decade.ingest.recognise import SOURCES
from decade.ingest.spoken import variants
from decade.ingest.words import HEADS, NEVER_MEANT, RATES_OF_OTHERS

LEAST = 0.75  # below this a name is not taken for another
_ONE_WORD = 82  # how alike two single words have to be, of 100
_A_RATE = 0.85
_NAMED = ("deals", "contacts", "activities")  # what has a name of its own, beside its organisation's
_AN_ID = re.compile(r"\b(id|ids|oid|number|no|nr|n|code|key|num|numer|numéro|número|номер|код)\b|(nr|nummer|id)$")


@lru_cache(maxsize=65_536)
def told_by_name(column: str, header: str, table: str) -> float:
    """How surely a header is the name of a canonical column, 0 to 1; 0 below `LEAST`, or without letters."""
    if not variants(header):
        return 0.0
    words = [
        normal(column),
        *(_synonyms().get(table, {}).get(column, ())),
        *(() if column == "name" and table in _NAMED else _synonyms()["any"].get(column, ())),
    ]
    # What is read further from the header's own words is a little less sure.
    best = max(
        _alike(name, word) - min(at_name, 5) / 100 for at_name, name in enumerate(variants(header)) for word in words
    )
    said_otherwise = NEVER_MEANT.get(column, frozenset()) & set(variants(header)[0].split())
    if column in HEADS and any(column in name.split() for name in variants(header)):
        best = max(best, 0.8)
    if column == "amount" and any(name.split()[-1] == column for name in variants(header)):
        best = max(best, LEAST)  # some amount: enough to be asked about
    if column == "amount" and table == "charges" and _is_a_rate(header):
        best = max(best, _A_RATE)
    if best < LEAST or said_otherwise:
        return 0.0
    if column == "account_id" and not any(_AN_ID.search(name) for name in variants(header)):
        best *= 0.9  # a name identifies an account only where nothing better does
    return best


def _is_a_rate(header: str) -> bool:
    """Some MRR or ARR, and none that is a change or of another time."""
    words = {word for name in variants(header) for word in name.split()}
    return bool(words & {"mrr", "arr"}) and not words & RATES_OF_OTHERS


def _alike(name: str, word: str) -> float:
    """How alike two names are; one that holds all words of another, more than one, is nearly the same."""
    best = fuzz.ratio(name, word) * 0.6 + fuzz.token_sort_ratio(name, word) * 0.4
    if " " not in name and " " not in word and best < _ONE_WORD:  # location is no position
        return 0.0
    if " " in word and best < 85 and set(word.split()) <= set(name.split()):
        best = 85
    return best / 100


@lru_cache(maxsize=1)
def _synonyms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with (SOURCES / "names" / "synonyms.toml").open("rb") as opened:
        tables = tomllib.load(opened)
    return {
        table: {column: [normal(word) for word in words] for column, words in columns.items()}
        for table, columns in tables.items()
    }
