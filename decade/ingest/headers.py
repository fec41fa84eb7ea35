"""Headers as they are compared: by name, whatever the case, spacing and punctuation."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

TRANSLATIONS = Path(__file__).resolve().parent / "sources" / "names" / "translations.toml"
MOST_NAMES = 300  # columns whose names are read for what they may mean
_AGAIN = re.compile(r"(.+?)(?: \1)+")


@lru_cache(maxsize=16_384)
def normal(name: str) -> str:
    """A header as it is compared: case, accents of width, punctuation and spacing do not count."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = re.sub(r"[\W_]+", " ", folded).strip()
    return again.group(1) if (again := _AGAIN.fullmatch(bare)) else bare


def shape(header: Sequence[str]) -> str:
    """A fingerprint of a header, order and spelling as normalised: files of one shape are read one way."""
    return hashlib.sha256("\x1f".join(normal(name) for name in header).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _translations() -> Mapping[str, frozenset[str]]:
    """For a name in another language, the English names that it can stand for."""
    with TRANSLATIONS.open("rb") as opened:
        listed = tomllib.load(opened)
    found: dict[str, set[str]] = {}
    for english, others in listed.items():
        for other in others:
            found.setdefault(normal(other), set()).add(normal(english))
    return {other: frozenset(english) for other, english in found.items()}


def in_english(name: str) -> frozenset[str]:
    """The English names that a normalised name in another language can stand for."""
    return _translations().get(name, frozenset())


def find(header: Sequence[str], names: Sequence[str] | str) -> int | None:
    """The position of the first of the names that the header holds, in English or another language.

    A trailing `*` stands for anything.
    """
    there = _normals(tuple(header))
    wanted = [names] if isinstance(names, str) else names
    for name in wanted:
        match: int | None
        if name.endswith("*"):
            start = normal(name[:-1])
            match = next((at for at, each in enumerate(there) if each.startswith(start)), None)
        else:
            match = there.index(normal(name)) if normal(name) in there else None
        if match is not None:
            return match
    translated = _translated(tuple(header))
    return next((at for name in wanted for at, each in enumerate(translated) if normal(name) in each), None)


@lru_cache(maxsize=256)
def _normals(header: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(normal(each) for each in header)


@lru_cache(maxsize=256)
def _translated(header: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    known = _translations()
    return tuple(known.get(each, frozenset()) for each in _normals(header))
