"""Views and marts in Spark's SQL: refused where it would mean something else, rewritten where that helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from decade.queries import catalogue

Schema = Mapping[str, Mapping[str, str]]

TYPES = {
    "text": "varchar",
    "date": "date",
    "month": "date",
    "money": "decimal(18, 6)",
    "count": "bigint",
    "rate": "double",
    "ratio": "double",
    "flag": "boolean",
    "months": "integer",
    "days": "integer",
    "hours": "double",
}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}

BANNED: Mapping[type[exp.Expression], str] = {
    exp.AnyValue: "any_value() is any value: min(), max(), or rank and take the first row",
    exp.ApproxDistinct: "approximate aggregates differ: count(distinct ...)",
    exp.ApproxQuantile: "approximate aggregates differ: percentile_cont()",
    exp.ApproxTopK: "approximate aggregates differ: rank and take the first rows",
    exp.Columns: "COLUMNS(): name the columns",
    exp.DateAdd: "date_add(): date + a literal interval",
    exp.DayOfWeek: "the week begins on another day: no day of the week in views",
    exp.DayOfWeekIso: "the week begins on another day: no day of the week in views",
    exp.First: "first() has no order: rank and take the first row",
    exp.GroupConcat: "string_agg(): return rows and join them later",
    exp.Last: "last() has no order: rank and take the first row",
    exp.Lateral: "LATERAL: join instead",
    exp.Mode: "mode(): ties differ: rank and take the first row",
    exp.PercentileDisc: "quantile_disc(): percentile_cont()",
    exp.Pivot: "PIVOT: aggregates with FILTER",
}


STORED = re.compile(r" using compression \w+")  # how the embedded engine keeps a column is no part of its type


class NotPortable(ValueError):
    """The reasons why a query would not run, or not mean the same, on Spark."""


def held_columns() -> dict[str, dict[str, str]]:
    """The columns and types of every table, view, mart and check, by name."""
    found: dict[str, dict[str, str]] = {}
    for question in catalogue().values():
        if question.folder in ("tables", "workspace"):
            bare = STORED.sub("", question.sql)
            columns = sqlglot.parse_one(bare, read="duckdb").find_all(exp.ColumnDef)
            found[question.name] = {each.name: each.args["kind"].sql("duckdb") for each in columns}
        elif question.folder in ("views", "marts", "checks"):
            name = f"check_{question.name}" if question.folder == "checks" else question.name
            found[name] = {each.name: TYPES[each.unit] for each in question.columns}
    return found


def to_spark(sql: str, schema: Schema) -> str:
    """The query of one CREATE VIEW, CREATE TABLE AS or SELECT in Spark's dialect; raises NotPortable."""
    statements = [each for each in sqlglot.parse(sql, read="duckdb") if each is not None]
    if len(statements) != 1:
        raise NotPortable("one statement a file")
    query = statements[0].expression if isinstance(statements[0], exp.Create) else statements[0]
    if not isinstance(query, exp.Query):
        raise NotPortable("a query, or a table or view made from one")
    found = sorted(set(reasons(query)) | set(reasons_of_types(query, schema)))
    if found:
        raise NotPortable("; ".join(found))
    holder = exp.Subquery(this=query.copy())
    for node in reversed(list(holder.bfs())):  # children first: what a rewrite takes in is rewritten already
        changed = rewritten(node)
        if changed is not node:
            node.replace(changed)
    return holder.this.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False)


def reasons(query: exp.Expression) -> Iterator[str]:
    """What the form of a query alone tells."""
    for node in query.walk():
        for kind, why in BANNED.items():
            if isinstance(node, kind):
                yield why
        for kind, look in LOOKS.items():
            if isinstance(node, kind):
                yield from look(node)


def reasons_of_types(query: exp.Expression, schema: Schema) -> Iterator[str]:
    """What the types of its parts tell besides."""
    tables = {name: dict(columns) for name, columns in schema.items()}
    try:
        typed = qualify(
            query.copy(),
            schema=tables,
            dialect="duckdb",
            expand_alias_refs=False,
            expand_stars=False,
            quote_identifiers=False,
        )
    except sqlglot.errors.SqlglotError as error:
        yield (
            f"no column of what is read: {str(error).splitlines()[0]} "
            "(what is made in one SELECT can be used in the next)"
        )
        return
    for node in annotate_types(typed, schema=tables, dialect="duckdb").walk():
        if isinstance(node, exp.Sub) and _is_date(node.this) and _is_date(node.expression):
            yield "date - date is an interval: date_diff('day', a, b)"
        if isinstance(node, exp.Cast) and node.to.is_type(*exp.DataType.INTEGER_TYPES) and _is_fraction(node.this):
            yield "a fraction cast to a whole number is cut off, not rounded: floor() or round() first"


def rewritten(node: exp.Expression) -> exp.Expression:
    """The node itself, or what keeps DuckDB's meaning where plain translation would lose it silently."""
    match node:
        case exp.IntDiv():
            return node
        case exp.Div():
            return exp.Div(this=_double(node.this), expression=_double(node.expression), typed=False, safe=False)
        case exp.Avg():
            return exp.Avg(this=_double(node.this))
        case exp.DateDiff() if (unit := node.text("unit").lower()) in MONTHS_OF:
            return _boundaries(node.expression, node.this, unit)
        case exp.WithinGroup(this=exp.PercentileCont() as percentile):
            return _percentile(node.expression.expressions[0].this, percentile.this)
        case exp.Median():
            return _percentile(node.this, exp.Literal.number("0.5"))
        case exp.PercentileCont() if node.args.get("expression") is not None:
            return _percentile(node.this, node.expression)
        case exp.CTE() if node.args.get("materialized") is not None:
            node.set("materialized", None)
    return node


def _select(select: exp.Select) -> Iterator[str]:
    aliases = {each.alias for each in select.expressions if isinstance(each, exp.Alias)}
    having = select.args.get("having")
    for aggregate in having.find_all(exp.AggFunc) if having else ():
        if any(each.name in aliases for each in aggregate.find_all(exp.Column)):
            yield "a column aggregated in HAVING has the name of an output column: name one differently"
    if any(isinstance(each, exp.Star) or each.is_star for each in select.expressions):
        yield "SELECT * (EXCLUDE, REPLACE): name the columns"


def _join(join: exp.Join) -> Iterator[str]:
    if join.method.upper() == "ASOF":
        yield "ASOF JOIN: lead(valid_from) as valid_to, then a range condition"
    if join.method.upper() == "NATURAL":
        yield "NATURAL JOIN: write ON"
    if join.args.get("using"):
        yield "USING: write ON"


def _division(node: exp.Div | exp.IntDiv | exp.Mod) -> Iterator[str]:
    under = node.expression
    while isinstance(under, exp.Paren | exp.Cast):
        under = under.this
    is_safe = isinstance(under, exp.Nullif) or (isinstance(under, exp.Literal) and float(under.name) != 0)
    if not is_safe:
        yield "a division by what may be 0: nullif(..., 0) under it"


def _window(spec: exp.WindowSpec) -> Iterator[str]:
    if str(spec.args.get("kind", "")).upper() == "RANGE":
        yield "RANGE frames: ROWS, or change events"


def _series(series: exp.GenerateSeries) -> Iterator[str]:
    if not isinstance(series.parent, exp.Explode | exp.Unnest):
        yield "generate_series in FROM: select unnest(generate_series(...)) as x in a CTE"


def _unnest(unnest: exp.Explode | exp.Unnest) -> Iterator[str]:
    if isinstance(unnest.parent, exp.From | exp.Join):
        yield "unnest in FROM: select unnest(...) as x in a CTE"
    elif not isinstance(unnest.parent, exp.Select | exp.Alias):
        yield "unnest inside an expression: unnest in a CTE, go on in the next"


def _union(union: exp.SetOperation) -> Iterator[str]:
    if union.args.get("by_name"):
        yield "UNION BY NAME: the same order of columns"
    branches = [each for each in (union.this, union.expression) if isinstance(each, exp.Select)]
    columns = zip(*[each.expressions for each in branches], strict=False) if len(branches) == 2 else ()
    for pair in columns:
        bare = [each.unalias().is_number for each in pair]
        if any(bare) and not all(bare):
            yield "a bare number in a union with a column: cast it to the column's type"


def _order(ordered: exp.Ordered) -> Iterator[str]:
    if ordered.this.name.upper() == "ALL" and not isinstance(ordered.this, exp.Literal):
        yield "ORDER BY ALL: name the columns"


def _group(group: exp.Group) -> Iterator[str]:
    if group.args.get("all"):
        yield "GROUP BY ALL: name the columns"


def _interval(interval: exp.Interval) -> Iterator[str]:
    if interval.this is not None and not isinstance(interval.this, exp.Literal):
        yield "an interval of an expression: a literal interval, or make_date()"


def _with(clause: exp.With) -> Iterator[str]:
    if clause.recursive:
        yield "WITH RECURSIVE: a fixed number of joins"


def _negation(node: exp.Neg) -> Iterator[str]:
    if not isinstance(node.this, exp.Literal):
        yield "a minus sign before a column: (0 - x)"


def _extract(node: exp.Extract) -> Iterator[str]:
    if node.name.upper() in ("DOW", "ISODOW", "DAYOFWEEK", "WEEKDAY"):
        yield BANNED[exp.DayOfWeek]


def _unknown(function: exp.Anonymous | exp.AnonymousAggFunc) -> Iterator[str]:
    yield f"{function.name}() is passed on as it is: nothing is known of what it means there"


LOOKS: Mapping[type[exp.Expression], Callable[..., Iterator[str]]] = {
    exp.Anonymous: _unknown,
    exp.Div: _division,
    exp.Explode: _unnest,
    exp.Extract: _extract,
    exp.GenerateSeries: _series,
    exp.Group: _group,
    exp.IntDiv: _division,
    exp.Interval: _interval,
    exp.Join: _join,
    exp.Mod: _division,
    exp.Neg: _negation,
    exp.Ordered: _order,
    exp.Select: _select,
    exp.SetOperation: _union,
    exp.Unnest: _unnest,
    exp.WindowSpec: _window,
    exp.With: _with,
}


def _is_date(node: exp.Expression) -> bool:
    return node.is_type(exp.DataType.Type.DATE, *exp.DataType.TEMPORAL_TYPES)


def _is_fraction(node: exp.Expression) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    is_whole = isinstance(node, exp.Floor | exp.Ceil | exp.Round | exp.Trunc)
    return not is_whole and node.is_type(*exp.DataType.REAL_TYPES)


def _double(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Cast) and node.to.is_type("double"):
        return node.copy()
    return exp.cast(node.copy(), exp.DataType.build("double"))


def _boundaries(start: exp.Expression, end: exp.Expression, unit: str) -> exp.Expression:
    """How many first days of a month, quarter or year lie between: what DuckDB's date_diff counts."""
    years = exp.paren(exp.Sub(this=exp.Year(this=end.copy()), expression=exp.Year(this=start.copy())))
    if unit == "year":
        return years
    part = exp.Month if unit == "month" else exp.Quarter
    counted = exp.Mul(this=years, expression=exp.Literal.number(12 // MONTHS_OF[unit]))
    ahead = exp.Add(this=counted, expression=part(this=end.copy()))
    return exp.paren(exp.Sub(this=ahead, expression=part(this=start.copy())))


def _percentile(value: exp.Expression, share: exp.Expression) -> exp.Expression:
    """Spark's exact percentile; the plain translation is an approximate one."""
    return exp.Anonymous(this="percentile", expressions=[_double(value), share.copy()])
