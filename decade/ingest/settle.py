"""What a file's own values decide about how it is read, and the doubts that they leave."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from decade.ingest import words
from decade.ingest.amounts import decimal_signs_that_fit, is_plain
from decade.ingest.beside import with_units
from decade.ingest.cells import one_may_match
from decade.ingest.coverage import with_coverage
from decade.ingest.dates import can_be_read_two_ways, has_two_way_shape, orders_that_fit
from decade.ingest.doubts import REFUSE, Answers, Doubt, answer, key_of
from decade.ingest.ends import with_ends
from decade.ingest.links import Links
from decade.ingest.mapping import Mapping
from decade.ingest.once import with_once
from decade.ingest.raw import RawTable
from decade.ingest.readings import Reading
from decade.ingest.reshape import KEY
from decade.ingest.schema import canonical_tables
from decade.ingest.tax import with_tax
from decade.ingest.values import is_missing, reader

MOST_WORDS = 20
STATUSES = tuple(dict.fromkeys(words.STATUSES.values()))


def settle(raw: RawTable, mapping: Mapping, links: Links, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with everything that the values or the answers decide, and the doubts that remain."""
    mapping, doubts = with_coverage(raw, mapping, answers)
    mapping, more = with_units(raw, mapping, answers)
    mapping, asked = with_tax(raw, mapping, answers)
    mapping, once = with_once(raw, mapping, answers)
    doubts += [*more, *asked, *once]
    for column in mapping.columns:
        for at, reading in enumerate(mapping.columns[column]):
            if reading.source is None or reading.gather:
                continue
            check = _CHECKS.get(reading.reader)
            if check is None:
                continue
            options, found = check(raw, column, reading, links, answers)
            doubts += found
            if reading.reader == "percent" and "of" not in reading.options and _are_shares(raw, reading):
                options = {**options, "of": "1"}
            if options:
                mapping = mapping.with_options(column, at, **options)
    if not any(each.kind == "date_order" for each in doubts):
        mapping, more = with_ends(raw, mapping, answers)
        doubts += more
    doubts += _missing_links(raw, mapping, links)
    return mapping, _without_repeats(doubts)


def _are_shares(raw: RawTable, reading: Reading) -> bool:
    """Whether a column of chances is written from 0 to 1, as a workbook holds per cents."""
    texts = raw.examples(reading.source or 0, 200)
    shares = [text for text in texts if re.fullmatch(r"0?[.,]\d+|[01]([.,]0*)?", text)]
    return len(shares) == len(texts) and any(re.fullmatch(r"0?[.,]\d*[1-9]\d*", text) for text in shares)


def _date_order(
    raw: RawTable, _: str, reading: Reading, links: Links, answers: Answers
) -> tuple[dict[str, object], list[Doubt]]:
    texts = [
        text for text in _texts(raw, reading, links, r"^\s*\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}") if has_two_way_shape(text)
    ]
    if not texts:
        return {}, []
    fits, stated = orders_that_fit(texts), reading.options.get("order")
    if stated in fits:
        return {}, []
    if len(fits) == 1 and stated is None:
        return {"order": fits.pop()}, []
    unclear = [text for text in texts if can_be_read_two_ways(text)]
    if len(fits) == 2 and not unclear:
        return {}, []
    header = raw.header[reading.source or 0]
    key = key_of(raw, "date_order", header)
    given = answer(answers, key)
    if given in ("dmy", "mdy"):
        return {"order": given}, []
    if fits:
        told = f"Is {unclear[0] if unclear else texts[0]} in {header!r} day first or month first?"
    else:
        told = f"{header!r} holds dates in two orders, day and month first. Rows that do not fit are refused."
    if stated is not None and len(fits) == 1:
        told = f"{header!r} should be written {stated}, and its dates only fit {next(iter(fits))}. Which is it?"
    examples = tuple(unclear[:3] + [text for text in texts if text not in unclear][:3])
    return {}, [Doubt("date_order", raw.label, header, told, examples, ("dmy", "mdy"), key)]


def _amounts(
    raw: RawTable, _: str, reading: Reading, links: Links, answers: Answers
) -> tuple[dict[str, object], list[Doubt]]:
    header = raw.header[reading.source or 0]
    options: dict[str, object] = {}
    doubts: list[Doubt] = []
    texts = _texts(raw, reading, links, r"\d.*[.,]|[.,].*\d", one_of=r"^\s*-?\d+\.(\d{1,2}|\d{4,})\s*$")
    fits, stated = decimal_signs_that_fit(texts), reading.options.get("decimal")
    if texts and stated not in fits:
        key = key_of(raw, "decimal_sign", header)
        given = answer(answers, key)
        if given in (".", ","):
            options["decimal"] = given
        elif len(fits) == 1:
            options["decimal"] = fits.pop()
        elif fits and reading.reader == "integer":  # a whole number has no decimal sign: it groups thousands
            options["decimal"] = "." if "," in texts[0] else ","
        else:
            told = f"Is the decimal sign in {header!r} a point or a comma? {texts[0]} can be read either way."
            doubts.append(Doubt("decimal_sign", raw.label, header, told, tuple(texts[:5]), (".", ","), key))
    if reading.options.get("unit") == "ask" and "scale" not in reading.options:
        key = key_of(raw, "cents", header)
        given, examples = answer(answers, key), raw.examples(reading.source or 0)
        if given in ("units", "cents"):
            options["scale"] = "0.01" if given == "cents" else "1"
        elif examples and _is_below_a_unit(raw, reading):  # nobody pays cents a month
            options["scale"] = "1"
        elif examples and all(is_plain(text) for text in raw.examples(reading.source or 0, 50)):
            told = f"Are the amounts in {header!r}, such as {examples[0]}, whole units or cents?"
            doubts.append(Doubt("cents", raw.label, header, told, tuple(examples), ("units", "cents"), key))
    return options, doubts


def _is_below_a_unit(raw: RawTable, reading: Reading) -> bool:
    """Whether a sheet with a column for each month holds amounts that would be less than one, if they were cents."""
    texts = raw.examples(reading.source or 0, 200) if KEY in raw.header else []
    return any(is_plain(text) and 0 < abs(int(text)) < 100 for text in texts)


def _words(
    raw: RawTable, column: str, reading: Reading, links: Links, answers: Answers
) -> tuple[dict[str, object], list[Doubt]]:
    if reading.options.get("otherwise", REFUSE) != REFUSE:
        return {}, []
    read, unknown = reader("word", reading.options), []
    for text in _texts(raw, reading, links, ""):
        try:
            read(text)
        except ValueError:
            unknown.append(text)
    if not unknown or len(unknown) > MOST_WORDS:
        return {}, []
    header, given, doubts = raw.header[reading.source or 0], {}, []
    known = set(STATUSES if column == "status" else ()) | {
        str(each) for each in reading.options.get("words", {}).values()
    }
    for text in unknown:
        key = key_of(raw, "word", f"{column} {text}")
        found = answer(answers, key)
        if found is not None:
            given[text.lower()] = found
            continue
        told = f"What does {text!r} in {header!r} mean for {column}?"
        doubts.append(Doubt("word", raw.label, header, told, (text,), (*sorted(known), REFUSE), key))
    return ({"words": {**reading.options.get("words", {}), **given}} if given else {}), doubts


def _missing_links(raw: RawTable, mapping: Mapping, links: Links) -> list[Doubt]:
    doubts = []
    for name, readings in mapping.columns.items():
        needed = [[link.source for link in each.via if not links.has(link.source)] for each in readings]
        is_required = canonical_tables()[mapping.table].column(name).is_required
        if is_required and needed and all(needed):
            source = needed[0][0]
            told = f"{name} of {raw.label} is found through another file ({source}): add it to the import."
            doubts.append(Doubt("link_missing", raw.label, name, told, (), (), key_of(raw, "link_missing", source)))
    return doubts


def _texts(raw: RawTable, reading: Reading, links: Links, pattern: str, one_of: str = "") -> list[str]:
    """The distinct texts of a reading that match a pattern; of those like `one_of`, one speaks for all."""
    if reading.via:
        values = {value for values in links.lookup(reading.via[-1]).values() for value in values}
        return sorted(value for value in values if not is_missing(value) and (not pattern or _matches(value, pattern)))
    found: dict[str, None] = {}
    positions = [at for at in (reading.source, reading.plus, reading.minus) if at is not None]
    for batch in raw.batches(positions, coded=() if one_of else positions):
        for at in positions:
            distinct = (
                _one_for_all(batch.column(f"c{at}").fill_null(""), one_of)
                if one_of
                else batch.column(f"c{at}").dictionary
            )
            if pattern:
                distinct = distinct.filter(pc.match_substring_regex(distinct, pattern).fill_null(False))
            found.update(dict.fromkeys(text.strip() for text in distinct.to_pylist() if text))
    return [text for text in found if not is_missing(text)]


def _one_for_all(texts: pa.Array, one_of: str) -> pa.Array:
    if not one_may_match(texts, r"[.,]"):
        return texts.slice(0, 0)
    alike = pc.match_substring_regex(texts, one_of)
    others = texts.filter(pc.invert(alike))
    return pa.concat_arrays(
        [
            texts.filter(alike).slice(0, 1),
            others.filter(pc.match_substring(others, ".")).unique(),
            others.filter(pc.match_substring(others, ",")).unique(),
        ]
    )


def _matches(text: str, pattern: str) -> bool:
    return re.search(pattern, text) is not None


def _without_repeats(doubts: Iterable[Doubt]) -> list[Doubt]:
    return list({each.answer_key: each for each in doubts}.values())


_CHECKS = {
    **dict.fromkeys(("date", "month", "term_end"), _date_order),
    **dict.fromkeys(("money", "number", "exchange_rate", "integer", "percent"), _amounts),
    "word": _words,
}
