"""What a guessed column owes to the columns and words beside it: how many units, how often, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from decade.ingest.amounts import for_how_long
from decade.ingest.coverage import end_of_term, said
from decade.ingest.dates import read_date
from decade.ingest.doubts import Answers, Doubt, answer, key_of
from decade.ingest.headers import normal
from decade.ingest.mapping import Mapping
from decade.ingest.raw import RawTable
from decade.ingest.readings import Spec
from decade.ingest.spoken import variants
from decade.ingest.values import is_missing, months_of
from decade.ingest.words import LOST, WON, interval

ONE_UNIT, ALL_UNITS = "one_unit", "all_units"
_PRICES = frozenset({"price", "preis", "prix", "precio", "cena", "цена", "rate"})
_EACH = frozenset({"unit", "seat", "user", "licence", "license", "licences", "each", "nutzer", "lizenz", "utilisateur"})
_OF_ONE = frozenset(
    {"stückpreis", "einzelpreis", "prix unitaire", "precio unitario", "cena jednostkowa", "цена за единицу"}
)
_MONEY_WORDS = _PRICES | {"amount", "fee", "cost", "betrag", "montant", "mrr", "importe", "kwota"}
_ONCE = frozenset({"onetime", "one time", "non recurring", "nonrecurring", "setup", "usage", "one off", "oneoff"})
_AGAIN = frozenset({"recurring", "subscription", "recurrent", "license", "licence"})
_HOW_OFTEN = frozenset({"billing", "interval", "period", "frequency", "cycle", "invoicing", "every"})
_HOW_LONG = frozenset({"term", "contract", "length", "duration", "commitment"})
_LENGTHS = frozenset({"month", "months"})
_NOTED = frozenset(
    {"snapshot date", "snapshot month", "snapshot", "as of date", "as of", "as at", "month end", "month ending", "date"}
    | {"period ending", "period end", "report date", "reporting date", "balance date", "mrr date", "stichtag", "day"}
    | {"fecha de corte", "na dzień", "на дату", "date d arrêté", "month end date", "end of month"}
)
_SHARES = frozenset({"percent", "percentage", "pct", "prozent", "pourcentage", "porcentaje", "procent", "процент"})
_REMAINING = frozenset({"net", "netto", "total", "subtotal", "discounted", "mrr", "arr", "after"})
_EXPECTED = frozenset({"expected", "est", "estimated", "forecast", "forecasted", "planned", "target", "anticipated"})
_DAY_WORDS = frozenset({"date", "time", "on", "at", "day"})
_WORTH = frozenset({"revenue", "value", "amount"})
_ENDED = frozenset((*WON, *LOST))
_OVER = frozenset({"close", "closed", "won", "lost"})


def of_charges(raw: RawTable, columns: Spec) -> Spec:
    """The columns of charges with what stands beside them: each rule is told by the file, none by its vendor."""
    columns = _over_a_term(raw, _of_each_month(raw, dict(columns)))
    columns = _counted_intervals(raw, _told_by_its_words(raw, columns))
    columns = _counted_in_months(raw, columns)
    columns = _present_period(raw, columns)
    columns = _price_of_one(raw, columns)
    columns = _said_in_the_amount(raw, columns)
    return _once_or_again(raw, _per_cent_off(raw, columns))


def of_deals(raw: RawTable, columns: Spec) -> Spec:
    """Deals closed on the day on which they really were; one that is open is expected on another."""
    days: dict[str, set[str]] = {}
    for at, name in enumerate(raw.header):
        words = {word for each in variants(name) for word in each.split()}
        if words & _OVER and (words & _DAY_WORDS or words & _EXPECTED) and _are_days(raw, at):
            days[name] = words
    best = [str(each.get("from")) for each in columns.get("closed_on", ())]
    actual = [name for name, words in days.items() if not words & _EXPECTED]
    actual.sort(key=lambda name: (not days[name] & {"close", "closed"}, name not in best))
    expected = [name for name in (*best, *days) if name in days and days[name] & _EXPECTED]
    told = list(dict.fromkeys([*actual, *(name for name in best if name not in expected), *expected[:1]]))
    columns = {**columns, "closed_on": [{"from": name} for name in told]} if told else columns
    return _really_sold(raw, columns)


def _really_sold(raw: RawTable, columns: Spec) -> Spec:
    """What a deal was really sold for comes before what was expected; none is sold for nothing."""
    amount = columns.get("amount", [{}])[0]
    named = {name: {word for each in variants(name) for word in each.split()} for name in raw.header}
    among = {name: words for name, words in named.items() if words & _WORTH and not words & _DAY_WORDS}
    actual = [name for name, words in among.items() if "actual" in words]
    expected = [name for name, words in among.items() if words & _EXPECTED]
    if len(actual) != 1 or not expected or amount.get("from") not in (*actual, *expected):
        return columns
    best = amount["from"] if amount["from"] in expected else expected[0]
    return {**columns, "amount": [{**amount, "from": actual[0], "zero": "missing"}, {**amount, "from": best}]}


def says_how_it_ended(raw: RawTable, stage: str | None) -> str | None:
    """The header that says whether a deal is won or lost: of several, the one that says so of most."""
    among = [name for name in raw.header if "status" in (means := variants(name)) and "state" not in means]
    told = [name for name in raw.header if name and ("status" in variants(name)[0].split() or name == stage)]
    heard = {name: len(set(_lowered(raw, name)) & _ENDED) for name in (*among[:1], *told)}
    best = next(iter(among), stage)
    return max(heard, key=lambda name: (heard[name], name == best), default=best) if heard else best


def _lowered(raw: RawTable, name: str) -> list[str]:
    return [text.strip().lower() for text in raw.examples(raw.header.index(name), 50)]


def with_units(raw: RawTable, mapping: Mapping, answers: Answers) -> tuple[Mapping, list[Doubt]]:
    """The mapping with prices taken for one unit or for all, as answered, or the question."""
    amounts, counts = mapping.columns.get("amount", ()), mapping.columns.get("quantity", ())
    if mapping.table != "charges" or mapping.source_name != "mapping" or not amounts or not counts:
        return mapping, []
    first, count = amounts[0], counts[0]
    if first.source is None or count.source is None or first.times is not None or "units" in first.options:
        return mapping, []
    header = raw.header[first.source]
    words = {word for each in variants(header) for word in each.split()}
    some = [text for text in raw.examples(count.source, 50) if not is_missing(text)]
    if not words & _PRICES or words & {"total", "mrr", "arr"} or all(_number(text) in (0.0, 1.0) for text in some):
        return mapping, []
    key, units = key_of(raw, "units", header), raw.header[count.source]
    given = answer(answers, key)
    if given == ONE_UNIT:
        return mapping.with_column("amount", [{**each.spec, "times": units} for each in amounts]), []
    if given == ALL_UNITS:
        return mapping.with_options("amount", 0, units=ALL_UNITS), []
    shown = tuple(f"{one} × {other}" for one, other in zip(raw.examples(first.source, 3), some[:3], strict=False))
    told = f"Is each amount in {header!r} the price of one unit, to be multiplied by {units!r}, or of all of them?"
    return mapping, [Doubt("units", raw.label, header, told, shown, (ONE_UNIT, ALL_UNITS), key)]


def _of_each_month(raw: RawTable, columns: Spec) -> Spec:
    """MRR noted at the first or the last day of every month is for that month alone."""
    amount, start = (str(columns.get(name, [{}])[0].get("from", "")) for name in ("amount", "starts_on"))
    if "ends_on" in columns or not said(*variants(amount)) or start not in raw.header:
        return columns
    days = [day for text in raw.examples(raw.header.index(start), 50) if (day := _day(text)) is not None]
    if len({(day.year, day.month) for day in days}) < 2 or not set(variants(start)) & _NOTED:
        return columns
    month: Spec = {"from": start, "read": "month"}
    return {
        **columns,
        "starts_on": [month],
        "ends_on": [{**month, "plus_months": 1}],
        "supersedes": [{"value": "true"}],
    }


def _over_a_term(raw: RawTable, columns: Spec) -> Spec:
    """A contract's term in months ends what no other day ends; its total value is for all of it."""
    amount, start = (str(columns.get(name, [{}])[0].get("from", "")) for name in ("amount", "starts_on"))
    term = next((name for at, name in enumerate(raw.header) if _is_a_term(raw, at, name)), "")
    if not term or not start:
        return columns
    columns = dict(columns)
    words = {word for name in variants(amount) for word in name.split()}
    if "tcv" in words or {"total", "value"} <= words:
        columns["interval_unit"] = [{"value": "month"}]
        columns["interval_count"] = [{"from": term, "read": "months"}]
    if "ends_on" not in columns:
        columns["ends_on"] = [end_of_term(start, term)]
    return columns


def _is_a_term(raw: RawTable, at: int, header: str) -> bool:
    words = {word for name in variants(header) for word in name.split()}
    texts = [text for text in raw.examples(at, 50) if not is_missing(text)]
    if not words & _HOW_LONG or words & _HOW_OFTEN or not texts:
        return False
    if not words & _LENGTHS and not all(interval(text) for text in texts):
        return False
    return all((months := months_of(text)) is not None and 0 < months <= 240 for text in texts)


def _told_by_its_words(raw: RawTable, columns: Spec) -> Spec:
    """`Period` with `Month` and `Year` in it: nothing but intervals, under a name of how often."""
    for at, name in enumerate(raw.header if "interval_unit" not in columns else ()):
        words = {word for each in variants(name) for word in each.split()}
        texts = [text for text in raw.examples(at, 50) if not is_missing(text)]
        if words & _HOW_OFTEN and not words & _HOW_LONG and texts and all(interval(text) for text in texts):
            return {**columns, "interval_unit": [{"from": name}]}
    return columns


def _counted_intervals(raw: RawTable, columns: Spec) -> Spec:
    """`product_interval` beside `product_interval_unit` is how many of these units."""
    unit = str(columns.get("interval_unit", [{}])[0].get("from", ""))
    if "interval_count" in columns or "unit" not in normal(unit).split():
        return columns
    bare = normal(unit).replace("unit", "").strip()
    found = next((name for name in raw.header if normal(name) == " ".join(bare.split())), None)
    return {**columns, "interval_count": [{"from": found}]} if found else columns


def _counted_in_months(raw: RawTable, columns: Spec) -> Spec:
    """`Billing period (months)`: how many months an amount is for."""
    for at, name in enumerate(raw.header):
        words = set(normal(name).split())
        if "interval_unit" in columns or not words & {"month", "months"} or not words & _HOW_OFTEN or words & _HOW_LONG:
            continue
        numbers = [_number(text) for text in raw.examples(at, 50)]
        if numbers and all(each is not None and each == int(each) and 1 <= each <= 60 for each in numbers):
            return {**columns, "interval_unit": [{"value": "month"}], "interval_count": [{"from": name}]}
    return columns


def _per_cent_off(raw: RawTable, columns: Spec) -> Spec:
    """A discount in per cent is that share of the amount, and nothing more where the amount is what remains of it."""
    header = str(columns.get("discount", [{}])[0].get("from", ""))
    words = set(normal(header).split())
    texts = raw.examples(raw.header.index(header), 50) if header in raw.header else []
    if not ("%" in header or words & _SHARES or any("%" in text for text in texts)) or "amount" not in columns:
        return columns
    kept = {name: each for name, each in columns.items() if name != "discount"}
    named = {word for name in variants(str(columns["amount"][0].get("from", ""))) for word in name.split()}
    if named & _REMAINING:
        return kept
    return {**kept, "discount": [{**each, "percent": header} for each in columns["amount"]]}


def _present_period(raw: RawTable, columns: Spec) -> Spec:
    """The end of a period whose start is another column than the charge's start ends that period alone."""
    end = str(columns.get("ends_on", [{}])[0].get("from", ""))
    start = str(columns.get("starts_on", [{}])[0].get("from", ""))
    words = normal(end).split()
    if not {"period", "term"} & set(words) or "end" not in words:
        return columns
    twins = {" ".join("start" if word == "end" else word for word in words)}
    twin = next((name for name in raw.header if normal(name) in twins), start)
    if twin == start:
        return columns
    rest = [each for each in columns["ends_on"] if each.get("from") != end]
    kept = {name: each for name, each in columns.items() if name != "ends_on"}
    return {**kept, "term_ends_on": [{"from": end}], **({"ends_on": rest} if rest else {})}


def _price_of_one(raw: RawTable, columns: Spec) -> Spec:
    """Where only the price of one unit is told, an amount is that many times the price."""
    count = str(columns.get("quantity", [{}])[0].get("from", ""))
    if "amount" in columns or not count:
        return columns
    found = [name for name in raw.header if name != count and is_of_one(name)]
    if len(found) != 1:
        return columns
    spec: Spec = {"from": found[0], "times": count}
    in_cents = bool({"cent", "cents"} & set(normal(found[0]).split()))
    return {**columns, "amount": [{**spec, **({"scale": "0.01"} if in_cents else {"unit": "ask"})}]}


def is_of_one(header: str) -> bool:
    """Whether a column is called the price of one unit."""
    names = variants(header)
    words = {word for name in names for word in name.split()}
    return any(one in name for name in names for one in _OF_ONE) or bool(words & _MONEY_WORDS and words & _EACH)


def _said_in_the_amount(raw: RawTable, columns: Spec) -> Spec:
    """`€99/mo`: the amount's own words say for how long it is."""
    header = str(columns.get("amount", [{}])[0].get("from", ""))
    if "interval_unit" in columns or header not in raw.header:
        return columns
    if not any(for_how_long(text)[1] for text in raw.examples(raw.header.index(header), 50)):
        return columns
    unit, count = ({"from": header, "read": f"interval_{part}_beside"} for part in ("unit", "count"))
    return {**columns, "interval_unit": [unit], "interval_count": [count]}


def _once_or_again(raw: RawTable, columns: Spec) -> Spec:
    """A column that calls some charges recurring and others not: only the first are MRR."""
    if "is_recurring" in columns:
        return columns
    for at, name in enumerate(raw.header):
        texts = {normal(text) for text in raw.examples(at, 50)} if "type" in normal(name).split() else set()
        if texts and texts <= _ONCE | _AGAIN and texts & _ONCE:
            words: Spec = {each: each in _AGAIN for each in (*_ONCE, *_AGAIN)}
            return {**columns, "is_recurring": [{"from": name, "read": "word", "words": words, "otherwise": "missing"}]}
    return columns


def _are_days(raw: RawTable, at: int) -> bool:
    texts: Sequence[str] = [text for text in raw.examples(at, 20) if not is_missing(text)]
    return all(_is_day(text) for text in texts)


def _is_day(text: str) -> bool:
    return _day(text) is not None


def _day(text: str) -> date | None:
    for order in ("dmy", "mdy"):
        try:
            return read_date(text, order)
        except ValueError:
            continue
    return None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
