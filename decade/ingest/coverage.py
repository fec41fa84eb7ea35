"""How long an amount is for, where a file of charges says neither an end nor an interval: a doubt, never a guess."""

from __future__ import annotations

from collections.abc import Sequence

from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.headers import normal
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.readings import Reading, Spec
from decade.ingest.spoken import variants
from decade.ingest.values import BESIDE, is_missing, months_of
from decade.ingest.words import OPEN_ENDED

# Each row is one period of that length; "…ly" instead: the amount comes again and again until something ends it.
_PERIODS = {"month": ("month", 1), "quarter": ("quarter", 3), "half_year": ("half_year", 6), "year": ("year", 12)}
_RUNNING = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
ONCE = "one_time"
OF_THE_PLAN = ("period_of_the_plan", "running_with_the_plan")
_MONTHLY = {"mrr", "monthly", "month", "monatlich", "monatsbetrag", "monatspreis", "mensuel", "mensuelle", "mensual"}
_MONTHLY |= {"mo", "mth", "mtl", "мес", "mies", "mens", "miesięczna", "miesięczny", "ежемесячная", "ежемесячно"}
_YEARLY = {"arr", "annual", "annually", "yearly", "year", "acv", "jährlich", "jahresbetrag", "jahrespreis", "annuel"}
_YEARLY |= {"annuelle", "anual", "roczna", "roczny", "годовая", "ежегодно"}
_QUARTERLY = {"quarterly", "vierteljährlich", "trimestriel", "trimestrielle", "trimestral", "kwartalna", "kwartalny"}
_WEEKLY = {"weekly", "wöchentlich", "hebdomadaire", "semanal", "tygodniowa", "tygodniowo", "еженедельно"}
_MONTH_NAMES = {"month", "reporting month", "period", "mrr month", "billing month", "calendar month"}
_SAID = {"month": _MONTHLY, "year": _YEARLY, "quarter": _QUARTERLY, "week": _WEEKLY}


def told_ends(mapping: Mapping) -> tuple[Reading, ...]:
    """How the ends of charges are read, but for the day on which a customer left."""
    left = {each.source for each in mapping.columns.get("cancelled_on", ())}
    return tuple(each for each in mapping.columns.get("ends_on", ()) if each.source is None or each.source not in left)


def with_coverage(raw: RawTable, mapping: Mapping, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with the period of each charge as answered, or the question."""
    mapping = _of_its_month(raw, mapping)
    if mapping.table != "charges" or "interval_unit" in mapping.columns:
        return mapping, []
    starts, amounts, ends_told = (
        *(mapping.columns.get(name, ()) for name in ("starts_on", "amount")),
        told_ends(mapping),
    )
    if not starts or not amounts or starts[0].source is None:
        return mapping, []
    if ends_told and not (mapping.source_name == "mapping" and _some_are_open(raw, starts[0].source, ends_told)):
        return mapping, []
    key = key_of(raw, "coverage")
    header = raw.header[amounts[0].source] if amounts[0].source is not None else "amount"
    given = answer(answers, key) or {
        "month": "monthly",
        "year": "yearly",
        "quarter": "quarterly",
        "week": "weekly",
    }.get(said(header) or "")
    if given == ONCE:
        return mapping.with_column("is_recurring", {"value": "false"}), []
    if given in _RUNNING:
        return mapping.with_column("interval_unit", {"value": _RUNNING[given]}), []
    if given in _PERIODS:
        unit, months = _PERIODS[given]
        ends: list[Spec] = [dict(each.spec) for each in ends_told]
        ends += [{**each.spec, "plus_months": months} for each in starts]
        return mapping.with_column("ends_on", ends).with_column("interval_unit", {"value": unit}), []
    plan = _plan_with_interval(raw, mapping)
    if plan and given in OF_THE_PLAN:
        for name in ("interval_unit", "interval_count"):
            mapping = mapping.with_column(name, {"from": plan, "read": name})
        if given == OF_THE_PLAN[0]:
            mapping = mapping.with_column("ends_on", end_of_term(raw.header[starts[0].source], plan))
        return mapping, []
    at = amounts[0].source
    examples = tuple(raw.examples(at, 3)) if at is not None else ()
    told = f"For how long is each amount in {header!r} of {raw.label}: one period from its date on, or again and again?"
    return mapping, [
        Doubt(
            "coverage",
            raw.label,
            header,
            told,
            examples,
            (*(OF_THE_PLAN if plan else ()), *_PERIODS, *[each for each in _RUNNING if each != "weekly"], ONCE),
            key,
        )
    ]


def end_of_term(start: str, term: str) -> Spec:
    """The day after a term, read from the column of its first day and the column of its length."""
    return {"from": start, "join": [term], "between": BESIDE, "read": "term_end"}


def _plan_with_interval(raw: RawTable, mapping: Mapping) -> str:
    """The column of plans, where each of them says how long it is for (`Pro (monthly)`, `Pro (yearly)`)."""
    at = next((each.source for each in mapping.columns.get("plan", ()) if each.source is not None), None)
    texts = [] if at is None else [text for text in raw.examples(at, 50) if not is_missing(text)]
    return raw.header[at] if at is not None and texts and all(months_of(text) for text in texts) else ""


def _of_its_month(raw: RawTable, mapping: Mapping) -> Mapping:
    """A list of customers by month: an MRR beside a column that is called the month is that month's alone."""
    units, starts = mapping.columns.get("interval_unit", ()), mapping.columns.get("starts_on", ())
    if mapping.table != "charges" or mapping.source_name != "mapping" or told_ends(mapping) or not units or not starts:
        return mapping
    if units[0].source is not None or starts[0].source is None:
        return mapping
    if not _MONTH_NAMES & set(variants(raw.header[starts[0].source])):
        return mapping
    return mapping.with_column("ends_on", [{**starts[0].spec, "plus_months": 1}])


def _some_are_open(raw: RawTable, start: int, ends: Sequence[Reading]) -> bool:
    """Whether a row has a start and no end: without an interval its amount would be for no time at all."""
    told = [each.join[0] if each.join else each.source for each in ends]  # of a term, its length
    at = sorted({start, *(each for each in told if each is not None)})
    for batch in raw.batches(at):
        cells = {each: batch.column(f"c{each}").to_pylist() for each in at}
        begun = [not is_missing(cell or "") for cell in cells.pop(start)]
        rows = zip(begun, *cells.values(), strict=True)
        if any(is_begun and all(_is_open(cell or "") for cell in row) for is_begun, *row in rows):
            return True
    return False


def _is_open(text: str) -> bool:
    return is_missing(text) or text.strip().lower() in OPEN_ENDED


def said(*names: str) -> str | None:
    """The unit of time that the name of an amount says itself (`Monthly fee`, `ARR`), or None."""
    words = {word for name in names for word in normal(name).split()}
    told = [unit for unit, known in _SAID.items() if words & known]
    return told[0] if len(told) == 1 else None
