"""Ids that do not join: the rows and the money that they carry, and the known one that each probably means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from decade.conventions import UNSTATED
from decade.ingest.doubts import Answers, Doubt, Pair, answer
from decade.ingest.headers import shape
from decade.ingest.plans import FilePlan
from decade.names import SIMILAR, SPELLING, twins
from decade.warehouse import Twin, Workspace

KIND = "unmatched_id"
SAME, DIFFERENT = "same", "different"
ONE_BY_ONE = 5  # pairs that differ only in spelling; more are asked in one question
MOST_SIMILAR = 10  # pairs that differ by a letter or two: each is a question
MOST_SHOWN = 100
LONGEST = 80


@dataclass(frozen=True)
class Look:
    """One kind of looking things up: which places name ids, what may know them, and how that is told."""

    kind: str
    places: tuple[str, ...]
    known: tuple[str, ...]
    column: str
    many: str
    lacking: str
    becomes: str


LOOKS = (
    Look(
        "account",
        ("charges",),
        ("organisation",),
        "account_id",
        "account ids",
        "no file of accounts has this account",
        "in no file of accounts; counted as accounts of their own",
    ),
    Look(
        "account",
        ("deals", "contacts", "activities", "surveys", "usage"),
        ("organisation", "billed"),
        "account_id",
        "account ids",
        "neither a file of accounts nor a charge has this account",
        "neither in a file of accounts nor billed; counted as accounts of their own",
    ),
    Look(
        "account",
        ("billing",),
        ("billed",),
        "billing_account_id",
        "billing ids",
        "no charge has this billing id",
        "named by accounts; no charge has them",
    ),
    Look(
        "product",
        ("products",),
        ("product",),
        "product",
        "products",
        "the price list does not have this product",
        "not in the price list",
    ),
)


@dataclass(frozen=True)
class Joined:
    """What is asked, what was answered, and what is only told."""

    doubts: tuple[Doubt, ...] = ()
    twins: tuple[Twin, ...] = ()
    notices: tuple[str, ...] = ()


def joined(files: Sequence[FilePlan], workspace: Workspace, answers: Answers) -> Joined:
    """Doubts about ids of typed files that nothing knows and that resemble a known one; a sentence on the others."""
    typed = [each for each in files if each.staged is not None]
    found, known, apart = workspace.unmatched([each.staged for each in typed if each.staged is not None])
    doubts: list[Doubt] = []
    decided: list[Twin] = []
    notices: list[str] = []
    for look in LOOKS:
        part = found[found["place"].isin(look.places)]
        if part.empty:
            continue
        pairs, skipped = twins(part["id"], known.loc[known["kind"].isin(look.known), ["name", "id"]])
        there = {(each.twin, each.alias) for each in decided} | {(p.twin, p.id) for each in doubts for p in each.pairs}
        is_open = [
            pair not in there and (look.kind, *pair) not in apart
            for pair in zip(pairs["alias"], pairs["twin"], strict=True)
        ]
        settled: set[str] = set()
        for group in _groups(pairs[pd.Series(is_open, index=pairs.index, dtype="bool")]):
            doubt = _doubt(look, group, part, typed)
            stands = dict(zip(group["alias"], group["twin"], strict=True))
            given = answer(answers, doubt.answer_key)
            if given in (SAME, DIFFERENT):
                decided += [Twin(look.kind, alias, twin, given == SAME) for alias, twin in stands.items()]
            else:
                doubts.append(doubt)
            if given != DIFFERENT:
                settled |= stands.keys()
                known["id"] = known["id"].map(stands).fillna(known["id"])  # what follows means the twin
        notices += _notice(look, part[~part["id"].isin(settled) & (part["file_at"] >= 0)], typed, skipped)
    return Joined(tuple(doubts), tuple(decided), tuple(notices))


def _groups(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    """Pairs that are asked together: many that differ only in spelling, and each of few others alone."""
    spelling, similar = (pairs[pairs["how"] == each] for each in (SPELLING, SIMILAR))
    similar = similar.head(MOST_SIMILAR)
    alone = similar if len(spelling) > ONE_BY_ONE else pd.concat([spelling, similar])
    together = [spelling] if len(spelling) > ONE_BY_ONE else []
    return [*together, *(alone.iloc[[at]] for at in range(len(alone)))]


def _doubt(look: Look, pairs: pd.DataFrame, part: pd.DataFrame, files: Sequence[FilePlan]) -> Doubt:
    mine = part[part["id"].isin(pairs["alias"])]
    label = _labels(mine, files)
    listed = _pairs(pairs, mine)
    if len(pairs) == 1:
        (only,) = listed
        told = f"{quoted(only.id)} ({_carried(mine, label)}): {look.lacking}. Is it {meaning(only)}?"
        examples: tuple[str, ...] = ()
    else:
        told = f"{len(pairs):,} {look.many} ({_carried(mine, label)}) are known in another spelling only. "
        told += "Is each the same as the one that it resembles?"
        examples = tuple(f"{quoted(each.id)} → {meaning(each)}: {_counted(each.rows, each.money)}" for each in listed)
    first = next((at for at in mine["file_at"] if at >= 0), None)
    start = "earlier" if first is None else shape(files[int(first)].raw.header)[:8]
    written = "\x1f".join(sorted(pairs["alias"] + "\x1e" + pairs["twin"])).encode(errors="replace")
    key = f"{start}:{KIND}:{look.column}:{hashlib.sha256(written).hexdigest()[:12]}"
    return Doubt(KIND, label, look.column, told, examples, (SAME, DIFFERENT), key, listed)


def _pairs(pairs: pd.DataFrame, mine: pd.DataFrame) -> tuple[Pair, ...]:
    """Those with most money first."""
    order = {each: at for at, each in enumerate(mine["id"].unique()[:MOST_SHOWN])}
    first = pairs[pairs["alias"].isin(order.keys())].sort_values("alias", key=lambda each: each.map(order))
    carried = mine[mine["id"].isin(order.keys())].groupby("id", sort=False)
    own = {alias: carried.get_group(alias) for alias in first["alias"]}
    return tuple(
        Pair(alias, twin, name, int(own[alias]["row_count"].sum()), _money(own[alias]))
        for alias, twin, name in zip(first["alias"], first["twin"], first["name"], strict=True)
    )


def _notice(look: Look, left: pd.DataFrame, files: Sequence[FilePlan], skipped: int) -> list[str]:
    if left.empty:
        return []
    count = left["id"].nunique()
    many = look.many if count > 1 else look.many.removesuffix("s")
    told = f"{count:,} {many} ({_carried(left, _labels(left, files))}): {look.becomes}."
    if skipped:
        told += f" {skipped:,} of them were not compared letter by letter: too many for that."
    return [told]


def _labels(rows: pd.DataFrame, files: Sequence[FilePlan]) -> str:
    names = [files[int(at)].raw.label if at >= 0 else "earlier imports" for at in rows["file_at"].unique()]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _carried(rows: pd.DataFrame, label: str) -> str:
    return _counted(int(rows["row_count"].sum()), _money(rows), label)


def _money(rows: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    counted = rows.dropna(subset="amount").groupby("currency")["amount"].sum()
    return tuple((str(currency), float(amount)) for currency, amount in counted.items())


def _counted(rows: int, money: Iterable[tuple[str, float]], label: str = "") -> str:
    amounts = [
        f"{amount:,.2f} {'without currency' if currency == UNSTATED else currency}" for currency, amount in money
    ]
    counted = f"{rows:,} row{'s' if rows != 1 else ''}{f' of {label}' if label else ''}"
    return ", ".join([counted, *amounts])


def quoted(text: str) -> str:
    """A text of a file in quotes, on one line and not too long."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def meaning(pair: Pair) -> str:
    """What an id probably means: its name, and its id where that is another."""
    return quoted(pair.name) if pair.name == pair.twin else f"{quoted(pair.name)} ({quoted(pair.twin)})"
