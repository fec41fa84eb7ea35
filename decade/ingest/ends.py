"""Whether an end is the last day or the day after it: told by the starts beside it, or asked."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from decade.ingest.coverage import told_ends
from decade.ingest.dates import period_after
from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.mapping import Mapping
from decade.ingest.raw import EXAMPLES, RawTable
from decade.ingest.readings import Reading
from decade.ingest.values import is_missing, reader

LAST_DAY, DAY_AFTER = "last_day", "day_after"
_GENERAL = ("mapping", "subscription_periods", "charges")
_FEWEST, _MOST = 2, 2000


def with_ends(raw: RawTable, mapping: Mapping, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with a day added to ends that are last days. No vendor's own export is asked."""
    starts, ends = mapping.columns.get("starts_on", ()), told_ends(mapping)
    if mapping.table != "charges" or mapping.source_name not in _GENERAL or len(ends) != 1 or not starts:
        return mapping, []
    end, start = ends[0], starts[0]
    if (
        end.source is None
        or start.source is None
        or end.via
        or end.join
        or {"plus_days", "plus_months"} & set(end.options)
    ):
        return mapping, []
    counted, shown = _counted(raw, start, end)
    periods = _periods(raw, end)
    key, header = key_of(raw, "ends", raw.header[end.source]), raw.header[end.source]
    given = answer(answers, key)
    if given is None and counted[LAST_DAY] >= _FEWEST and counted[LAST_DAY] > counted[DAY_AFTER]:
        told = f"Is {shown[0].partition(' to ')[2]} in {header!r} the last day, or the day after it?"
        return mapping, [Doubt("ends", raw.label, header, told, tuple(shown[:4]), (LAST_DAY, DAY_AFTER), key)]
    if given is None and periods:
        told = f"Is {periods[0]} in {header!r} the last that is paid for, or is nothing paid from then on?"
        return mapping, [Doubt("ends", raw.label, header, told, tuple(periods[:4]), (LAST_DAY, DAY_AFTER), key)]
    return (mapping.with_options("ends_on", 0, plus_days=1) if given == LAST_DAY else mapping), []


def _periods(raw: RawTable, end: Reading) -> list[str]:
    """The ends that name a week, month or quarter and no day in it."""
    read, found = reader("date", end.options), []
    for text in raw.examples(end.source or 0, 50):
        try:
            day = read(text)
        except ValueError:
            continue
        if isinstance(day, date) and period_after(text, day) is not None:
            found.append(text)
    return found


def _counted(raw: RawTable, start: Reading, end: Reading) -> tuple[Counter[str], list[str]]:
    """How many periods would be whole months if the end were the last day, or the day after it; some of the first."""
    counted: Counter[str] = Counter()
    shown: list[str] = []
    assert start.source is not None
    assert end.source is not None
    first, last = reader("date", start.options), reader("date", end.options)
    for batch in raw.batches(sorted({start.source, end.source}), size=EXAMPLES):
        pairs = zip(*(batch.column(f"c{at}").to_pylist() for at in (start.source, end.source)), strict=True)
        for one, other in list(pairs)[:_MOST]:
            if is_missing(one or "") or is_missing(other or ""):
                continue
            try:
                days = first(one), last(other)
            except ValueError:
                continue
            begin, close = days
            if isinstance(begin, date) and isinstance(close, date) and begin < close:
                whole = [_is_whole(begin, close + timedelta(days=more)) for more in (1, 0)]
                counted[LAST_DAY] += whole[0]
                counted[DAY_AFTER] += whole[1]
                if whole[0]:
                    shown.append(f"{one.strip()} to {other.strip()}")
        break
    return counted, shown


def _is_whole(start: date, after: date) -> bool:
    """Whether the days from the one up to the other are whole months."""
    return start.day == after.day or (after.day == 1 and start.day == 1)
