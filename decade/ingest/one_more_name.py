"""A header that lost one delimiter: the one place where two names run into each other, told by the values below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_KINDS = (
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?"), "date day month start end created updated"),
    ("time", re.compile(r"\d{1,2}:\d\d(:\d\d)?( ?[APap][Mm])?"), "time hour"),
    ("money", re.compile(r"[-(]?[$€£¥][\d.,]+\)?|-?\d+[.,]\d\d"), "price amount cost total mrr arr fee value revenue"),
    ("number", re.compile(r"-?\d+"), "qty quantity count number seats units age year"),
    ("url", re.compile(r"(https?://|www\.)\S+"), "url website link"),
    ("email", re.compile(r"\S+@\S+\.\S+"), "email mail"),
    ("currency", re.compile(r"[A-Za-z]{3}"), "currency"),
    ("code", re.compile(r"(?=\S*\d)[\w-]+"), "id code key sku"),
)
_WORDS = {word: kind for kind, _, words in _KINDS for word in words.split()}
_WORDS |= dict.fromkeys(
    ("name", "type", "status", "plan", "customer", "account", "company", "description", "comments", "country", "owner"),
    "",
)


def one_more_name(names: list[str], below: Sequence[Sequence[str]]) -> list[str]:
    """The names, one of them cut in two when every row below has one cell more and one cut alone fits best."""
    wider = sum(len(row) == len(names) + 1 for row in below)
    if len(below) < 2 or wider < 0.9 * len(below):
        return names
    kinds = [_kind([row[at] for row in below if at < len(row)]) for at in range(len(names) + 1)]
    ranked = sorted(((_score(way, kinds), way) for way in _ways(names)), reverse=True)
    if not ranked or ranked[0][0] < 2 or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return names
    return ranked[0][1]


def _ways(names: list[str]) -> Iterator[list[str]]:
    for at, name in enumerate(names):
        if quoted := re.fullmatch(r'"([^"]+)"(.+)', name):
            yield [*names[:at], quoted.group(1), quoted.group(2), *names[at + 1 :]]
            continue
        for place in range(2, len(name) - 1):
            left, right = name[:place], name[place:]
            camel = re.search(r"[a-z]$", left) and re.match(r"[A-Z]", right)
            camel = camel or (re.search(r"[A-Z]$", left) and re.match(r"[A-Z][a-z]", right))
            if camel or (left.lower() in _WORDS and right.lower() in _WORDS):
                yield [*names[:at], left, right, *names[at + 1 :]]


def _kind(cells: Sequence[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    for kind, form, _ in _KINDS:
        if filled and sum(bool(form.fullmatch(cell)) for cell in filled) >= 0.9 * len(filled):
            return kind
    return "text" if filled else "blank"


def _score(names: Sequence[str], kinds: Sequence[str]) -> int:
    """Names that say what stands below them, less those that say otherwise."""
    score = 0
    for name, kind in zip(names, kinds, strict=True):
        word = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name)[-1].lower()
        wanted = _WORDS.get(word) or next(
            (_WORDS[each] for each in _WORDS if name.isupper() and word.endswith(each)), ""
        )
        if wanted and kind != "blank":
            fits = wanted == kind or (wanted in ("code", "number", "money") and kind in ("code", "number", "money"))
            score += 1 if fits else -1
    return score
