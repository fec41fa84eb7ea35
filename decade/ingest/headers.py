"""Headers as they are compared: by name, whatever the case, spacing and punctuation."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence


def normal(name: str) -> str:
    """A header as it is compared: case, accents of width, punctuation and spacing do not count."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()


def shape(header: Sequence[str]) -> str:
    """A fingerprint of a header, order and spelling as normalised: files of one shape are read one way."""
    return hashlib.sha256("\x1f".join(normal(name) for name in header).encode()).hexdigest()[:16]


def find(header: Sequence[str], names: Sequence[str] | str) -> int | None:
    """The position of the first of the names that the header holds; a trailing `*` stands for anything."""
    there = [normal(each) for each in header]
    for name in [names] if isinstance(names, str) else names:
        if name.endswith("*"):
            start = normal(name[:-1])
            match = next((at for at, each in enumerate(there) if each.startswith(start)), None)
        else:
            match = there.index(normal(name)) if normal(name) in there else None
        if match is not None:
            return match
    return None
