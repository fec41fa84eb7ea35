"""The best mapping for a file that nobody knows, from names compared loosely and values tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from decade.ingest.amounts import currency_of, scale_of
from decade.ingest.beside import is_of_one, of_charges, of_deals, says_how_it_ended
from decade.ingest.coverage import said
from decade.ingest.dates import is_a_day
from decade.ingest.headers import MOST_NAMES, normal
from decade.ingest.identity import can_be, give_email, give_first_id, give_since
from decade.ingest.mapping import Mapping as FileMapping
from decade.ingest.mapping import bind
from decade.ingest.naming import LEAST, told_by_name
from decade.ingest.raw import RawTable
from decade.ingest.readings import MAY_BE_OPEN, Spec, default_reader
from decade.ingest.schema import NATURAL_KEY, CanonicalColumn, canonical_tables
from decade.ingest.spans import from_until, is_span
from decade.ingest.spoken import variants
from decade.ingest.tax import net_of, with_tax_by_name
from decade.ingest.values import is_missing, reader
from decade.ingest.words import OF_NOBODY, OPEN_ENDED, TELLING

SURE = 0.95
LIKELY = 0.85
_TRIED = 40
_MONEY = re.compile(r"[^\w(-]{0,2}[-(]?\d{1,3}(?:[ .,'’\xa0\u202f]?\d{3})*[.,]\d{2}\)?[^\w)]{0,2}")
_BY_FAR = 3  # columns more
_BELOW = 2  # texts that may stand below a column's days: a total, a footer
_ENOUGH = 4  # columns that speak for a table of which a required one was not found
_SURVEYS = {"nps": "NPS", "csat": "CSAT", "esat": "ESAT"}
_DESCRIBED = ("accounts", "contacts", "deals", "leads")


@dataclass(frozen=True)
class Candidate:
    """One canonical column as it is shown to a person, with the best guess of its place in the file."""

    column: str
    unit: str
    meaning: str
    is_required: bool
    position: int | None
    header: str
    confidence: float
    examples: tuple[str, ...]


def candidates(raw: RawTable, table: str) -> list[Candidate]:
    """Every column of a canonical table with the best guess for it, each column of the file used once."""
    columns = canonical_tables()[table].columns
    scores = sorted(
        (-score, order, at, column.name)
        for order, column in enumerate(columns)
        for at, score in _scores(column, table, raw).items()
        if score >= LEAST
    )
    chosen: dict[str, tuple[int, float]] = {}
    for score, _, at, name in scores:
        if name not in chosen and at not in {taken for taken, _ in chosen.values()} and can_be(name, raw, table, at):
            chosen[name] = (at, -score)
    _give_required(raw, table, scores, chosen)
    result = []
    for column in columns:
        found = chosen.get(column.name)
        at, score = found if found is not None else (-1, 0.0)
        result.append(
            Candidate(
                column.name,
                column.unit,
                column.meaning,
                column.is_required,
                at if found else None,
                raw.header[at] if found else "",
                round(score, 2),
                tuple(raw.examples(at, 3)) if found else (),
            )
        )
    return result


def _give_required(
    raw: RawTable, table: str, scores: Sequence[tuple[float, int, int, str]], chosen: dict[str, tuple[int, float]]
) -> None:
    """What a row cannot do without comes before what it can: it takes the column of something optional.

    An id does so only if no two rows share it, or else they would be taken for one.
    """
    required = {each.name for each in canonical_tables()[table].columns if each.is_required}
    for name in sorted(required - set(chosen)):
        held = {at: other for other, (at, _) in chosen.items()}
        for score, _, at, wanted in scores:
            if wanted == name and held.get(at) not in required:
                if not can_be(name, raw, table, at):
                    continue
                chosen.pop(held.get(at, ""), None)
                chosen[name] = (at, -score)
                break
        if name == "account_id" and name not in chosen:
            give_email(raw, chosen)
        if name == "starts_on" and name not in chosen:
            give_since(raw, chosen)
        if name not in chosen and NATURAL_KEY.get(table, ()) == (name,) and name.endswith("_id"):
            give_first_id(name, raw, table, chosen)


def guess(raw: RawTable, table: str, chosen: Mapping[str, str] | None = None) -> FileMapping:
    """The mapping of a file into a table by the best candidates, with their confidence; `chosen` headers by column."""
    taken = {header: column for column, header in (chosen or {}).items()}
    found = [each for each in candidates(raw, table) if each.position is not None and each.column not in (chosen or {})]
    found = [each for each in found if each.header not in taken]
    for header, column in taken.items():
        known = canonical_tables()[table].column(column)
        at = raw.header.index(header)
        found.append(Candidate(column, known.unit, known.meaning, known.is_required, at, header, 1.0, ()))
    if table == "charges" and "ends_on" not in {each.column for each in found}:  # terms would overlap without an end
        found = [replace(each, column="ends_on") if each.column == "term_ends_on" else each for each in found]
    columns: Spec = {each.column: [_spec(each)] for each in found}
    amount = next((each.header for each in found if each.column == "amount"), "")
    if table == "charges" and (unit := said(*variants(amount))):  # the name says for how long, whatever is billed when
        columns["interval_unit"] = [{"value": unit}]
        columns.pop("interval_count", None)
    if table == "charges" and "cancelled_on" in columns:  # who has left does not pay on where no end is told
        columns["ends_on"] = [*columns.get("ends_on", ()), *columns["cancelled_on"]]
    columns = of_charges(raw, columns) if table == "charges" else columns
    if "currency" not in columns and amount and (code := currency_of(amount) or currency_of(amount.upper())):
        columns["currency"] = [{"value": code}]
    if table == "accounts" and "name" not in columns and "account_id" in columns:
        columns["name"] = columns["account_id"]
    if table == "deals":
        stage = says_how_it_ended(raw, next((each.header for each in found if each.column == "stage"), None))
        for name, vocabulary in (("is_closed", "closed"), ("is_won", "won")):
            if stage is not None and name not in columns:
                columns[name] = [{"from": stage, "read": "word", "vocabulary": vocabulary, "otherwise": False}]
        columns = of_deals(raw, columns)
    if table == "surveys" and "kind" in columns:
        columns["kind"] = [{**each, "read": "word", "words": _SURVEYS} for each in columns["kind"]]
    score = next((normal(each.header) for each in found if each.column == "score"), "")
    if table == "surveys" and "kind" not in columns and (kind := _survey(score)):
        columns["kind"] = [{"value": kind}]
    spec: Spec = {
        "name": "mapping",
        "title": f"read by its column names as {table}",
        "table": table,
        "columns": columns,
    }
    told = {name: LIKELY for name, readings in columns.items() if any("from" in each for each in readings)}
    sure = {**told, **{each.column: each.confidence for each in found}}
    return replace(bind(spec, raw.header), confidence={name: sure[name] for name in columns if name in sure})


def completed(mapping: FileMapping, raw: RawTable) -> FileMapping:
    """A recognised file's mapping with columns that its source does not know and whose names leave no doubt.

    Only what describes an account, a person or a deal: money that MRR is made of is never added so.
    """
    if mapping.table not in _DESCRIBED:
        return mapping
    used = {at for readings in mapping.columns.values() for each in readings for at in each.positions}
    found = [
        each
        for each in candidates(raw, mapping.table)
        if each.position is not None and each.column not in mapping.columns and each.position not in used
        if (each.confidence >= SURE and each.unit in ("text", "date", "count") and not each.column.endswith("_id"))
        or (mapping.table != "accounts" and each.column == "account_id" and each.confidence >= LIKELY)
        or (mapping.table == "deals" and each.column == "amount" and each.confidence >= SURE)
        if len(rivals(raw, mapping.table, each.column)) < 2
    ]
    for each in found:
        mapping = mapping.with_column(each.column, {"from": each.header})
    return mapping


def likely_tables(raw: RawTable) -> list[tuple[str, float]]:
    """Canonical tables that could take the file, best first: all their required columns have a candidate, or all
    but one, when enough else is there for a person to be asked which column that is."""
    scores, said = [], {}
    of_accounts = any(each.column == "account_id" and each.confidence >= LIKELY for each in candidates(raw, "charges"))
    for table in canonical_tables():
        if of_accounts and table in OF_NOBODY:
            continue
        found = candidates(raw, table)
        required = [each.confidence for each in found if each.is_required]
        told = {each.column for each in found if each.position is not None}
        if table in TELLING and not told & set(TELLING[table]):
            continue
        used = min(1.0, sum(each.confidence for each in found) / max(1, len([name for name in raw.header if name])))
        said[table] = len(told)
        if all(required):
            special = 0.08 * len(required)  # what few files have says more than an id
            scores.append((table, round(min(1.0, min(required) * 0.6 + used * 0.4 + special), 3)))
        elif required.count(0.0) == 1 and (len(told) >= _ENOUGH or _has_days(raw, table, told)):
            scores.append((table, round(used * 0.4, 3)))
    if of_accounts and any(name == "charges" for name, _ in scores):  # costs and spend name no customer
        scores = [each for each in scores if each[0] not in ("costs", "spend")]
    # A list of accounts needs no more than an id: what says far more of another table is rather that.
    richer = {name for name, _ in scores if said[name] >= said.get("accounts", 0) + _BY_FAR}
    return sorted(scores, key=lambda item: (bool(richer) and item[0] == "accounts", -item[1]))


def _has_days(raw: RawTable, table: str, told: set[str]) -> bool:
    """Whether who pays and how much is there, and days of which a person can say what they are."""
    if table != "charges" or not {"account_id", "amount"} <= told:
        return False
    shown = (raw.examples(at, _TRIED) for at in range(len(raw.header[:MOST_NAMES])))
    return any(texts and all(is_a_day(text) for text in texts) for texts in shown)


def rivals(raw: RawTable, table: str, column: str) -> list[str]:
    """The headers that could fill a column about as well as the best one; none when one alone stands out."""
    canonical = canonical_tables()[table].column(column)
    scored = [(score, raw.header[at]) for at, score in _scores(canonical, table, raw).items()]
    best = max((score for score, _ in scored), default=0.0)
    found = [name for score, name in scored if best and score >= max(LEAST, best - 0.1)]
    return found if len(found) > 1 else []


def lacking(raw: RawTable) -> str:
    """For a file that fits no table: what the nearest one lacks, in words; empty when none is near."""
    nearest: tuple[float, str] = (1.0, "")
    for table in canonical_tables():
        found = candidates(raw, table)
        columns = canonical_tables()[table]
        missing = [
            columns.column(each.column).asked_for for each in found if each.is_required and each.position is None
        ]
        told = sum(each.confidence for each in found)
        if missing and told > nearest[0]:
            nearest = (told, f"as {table} it lacks {' and '.join(missing)}")
    return nearest[1]


def _survey(header: str) -> str:
    words = set(header.split())
    told = (("NPS", {"nps"}), ("CSAT", {"csat", "satisfaction"}), ("ESAT", {"esat"}))
    return next((kind for kind, names in told if words & names), "")


def _spec(candidate: Candidate) -> Spec:
    spec: Spec = {"from": candidate.header}
    if candidate.unit == "money" and (scale := scale_of(candidate.header)):
        return {"from": candidate.header, "scale": scale}
    if candidate.unit == "money" or candidate.column == "amount":
        spec["unit"] = "ask" if "cent" not in normal(candidate.header) else "cents"
        if spec["unit"] == "cents":
            spec = {"from": candidate.header, "scale": "0.01"}
    return spec


def _scores(column: CanonicalColumn, table: str, raw: RawTable) -> dict[int, float]:
    """For each column of a file, how surely it is a canonical one; of an amount and the same with tax, the first."""
    named = [(at, name) for at, name in enumerate(raw.header[:MOST_NAMES]) if name]
    found = {at: _confidence(column, name, table, at, raw) for at, name in named}
    if (table, column.name) == ("charges", "amount"):
        for at in () if any(is_of_one(name) for name in raw.header) else with_tax_by_name(raw):
            found[at] = max(found.get(at, 0.0), LEAST)
        for whole, part in net_of(raw).items():
            found[part] = max(found[part], found[whole])
            found[whole] = 0.0
    if table == "charges" and column.name in ("starts_on", "ends_on"):
        for first, last in from_until(raw):
            here, there = (first, last) if column.name == "starts_on" else (last, first)
            found[here], found[there] = max(found.get(here, 0.0), LIKELY), 0.0
    return found


def _confidence(column: CanonicalColumn, header: str, table: str, at: int, raw: RawTable) -> float:
    by_name = told_by_name(column.name, header, table)
    return by_name and by_name * _values_fit(column, raw, at)


def _values_fit(column: CanonicalColumn, raw: RawTable, at: int) -> float:
    kind = default_reader(column)
    examples = [text for text in raw.examples(at, _TRIED) if not is_missing(text)]
    if column.name in MAY_BE_OPEN:
        examples = [text for text in examples if text.strip().lower() not in OPEN_ENDED]
    if kind in ("text", "word", "domain"):  # neither a name nor an id is a day, or money with its decimals
        others = [is_a_day(text) or _MONEY.fullmatch(text) is not None for text in examples]
        return 0.0 if others and sum(others) >= 0.8 * len(others) else 1.0
    if not examples:
        return 0.8
    if kind in ("date", "month") and all(is_span(text) for text in examples):
        return 0.0  # its days have columns of their own
    tries = [reader(kind, {"order": order, "decimal": sign}) for order in ("dmy", "mdy") for sign in (".", ",")]
    fits = max(([_reads(read, text) for text in examples] for read in tries), key=sum)
    while kind in ("date", "month") and 2 < len(fits) > len(examples) - _BELOW and not fits[-1]:
        fits.pop()
    return 1.0 if sum(fits) >= 0.8 * len(fits) else 0.0


def _reads(read: object, text: str) -> bool:
    try:
        return callable(read) and read(text) is not None
    except (ValueError, OverflowError):
        return False
