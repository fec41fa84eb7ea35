"""What a header says in English: word by word, in any of the languages that files come in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from decade.ingest.headers import TRANSLATIONS, in_english, normal

LEXICON = TRANSLATIONS.with_name("lexicon.toml")
MOST_READINGS = 8
_ENDING = 5  # letters that a stem may be followed by
_LINKING = ("", "s", "es", "n", "en", "er")
_CLOCK = re.compile(r" (?:ms|utc|gmt|unix|epoch|timestamp|ts|usd|eur|gbp|chf|pln|cad|aud|rub)$")  # in which unit
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=4096)
def variants(header: str) -> tuple[str, ...]:
    """A header as it can be meant, nearest first: as it is, without what is in brackets, without the object before
    it, with its words apart, in English."""
    bare = re.sub(r"\([^)]*\)|\[[^]]*\]|[€$£]", " ", header)
    last = re.split(r": | - |\.(?=\w)", bare)[-1]
    apart = _CAMEL.sub(" ", bare)
    plain = [name for each in (header, bare, last, apart) if (name := normal(each))]
    plain += [name for each in plain if (name := _CLOCK.sub("", each)) != each]
    listed = [english for name in plain for english in in_english(name)]
    read = [english for name in dict.fromkeys(plain) for english in readings(name)]
    return tuple(dict.fromkeys([*plain, *sorted(listed), *read]))


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[str, ...]:
    """The English phrases that a normalised name can be read as, word by word; none when no word is known."""
    ways = [_english(word) for word in name.split()]
    if not any(ways):
        return ()
    words = [way or (word,) for way, word in zip(ways, name.split(), strict=True)]
    phrases = (_once(" ".join(each).split()) for each in islice(product(*words), MOST_READINGS))
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase and phrase != name))


def _once(words: list[str]) -> str:
    """A phrase in which no word follows itself."""
    return " ".join(word for at, word in enumerate(words) if not at or word != words[at - 1])


@lru_cache(maxsize=8192)
def _english(word: str) -> tuple[str, ...]:
    """What one word can stand for: as it is, as a compound cut at its longest known beginning, by its stem."""
    exact, _ = _lexicon()
    if word in exact:
        return exact[word]
    for at in range(len(word) - 3, 2, -1):
        for linking in _LINKING:
            first = _known(word[: at - len(linking)]) if word[:at].endswith(linking) else ()
            second = _known(word[at:]) if first else ()
            if second:
                return tuple(f"{one} {other}".strip() for one in first for other in second)
    return _known(word)


def _known(word: str) -> tuple[str, ...]:
    exact, stems = _lexicon()
    if word in exact:
        return exact[word]
    for size in range(len(word), max(2, len(word) - _ENDING - 1), -1):
        if word[:size] in stems:
            return stems[word[:size]]
    return ()


@lru_cache(maxsize=1)
def _lexicon() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Whole words and stems, each with what it stands for."""
    with LEXICON.open("rb") as opened:
        listed = tomllib.load(opened)
    exact: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for english, word in _pairs(listed):
        held, bare = (stems, word[:-1]) if word.endswith("*") else (exact, word)
        held[normal(bare)] = (*held.get(normal(bare), ()), english)
    for english in listed:
        for word in english.split():
            exact.setdefault(word, (word,))
    return exact, stems


def _pairs(listed: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((english, word) for english, words in listed.items() for word in words)
