"""Views and marts keep to the SQL that runs, and means the same, on a Spark-speaking platform."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from decade.queries import catalogue
from support.portable import NotPortable, held_columns, to_spark

PORTABLE = [question for question in catalogue().values() if question.folder in ("views", "marts")]
SCHEMA = {
    "charges": {
        "account_id": "varchar",
        "plan": "varchar",
        "starts_on": "date",
        "ends_on": "date",
        "amount": "decimal(18, 4)",
        "seats": "integer",
        "share": "double",
    },
    "accounts": {"account_id": "varchar", "name": "varchar"},
}


@pytest.mark.parametrize("question", PORTABLE, ids=lambda question: f"{question.folder}/{question.name}")
def test_views_and_marts_translate_to_spark(question):
    text = to_spark(question.sql, held_columns())
    again = sqlglot.parse_one(text, read="spark")
    assert isinstance(again, exp.Query)
    assert again.sql(dialect="spark") == text


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select amount / seats as price from charges", "may be 0"),
        ("select amount // seats as price from charges", "may be 0"),
        ("select seats % (seats - 1) as rest from charges", "may be 0"),
        ("select amount / 0 as price from charges", "may be 0"),
        ("select share::integer as whole from charges", "cut off"),
        ("select cast(amount / 3 as bigint) as whole from charges", "cut off"),
        ("select ends_on - starts_on as days from charges", "date_diff"),
        (
            "with a as (select max(ends_on) as e from charges) select e - date '2020-01-01' as d from a",
            "date_diff",
        ),
        ("select dayofweek(starts_on) as day from charges", "another day"),
        ("select isodow(starts_on) as day from charges", "another day"),
        ("select date_part('isodow', starts_on) as day from charges", "passed on"),
        ("select extract(dow from starts_on) as day from charges", "another day"),
        (
            "select sum(amount) over (order by starts_on range between interval '30' day preceding"
            " and current row) as total from charges",
            "RANGE",
        ),
        ("select approx_count_distinct(plan) as plans from charges", "approximate"),
        ("select approx_quantile(amount, 0.5) as middle from charges", "approximate"),
        ("select approx_top_k(plan, 3) as plans from charges", "approximate"),
        ("select mode(plan) as plan from charges", "mode"),
        ("select first(plan) as plan from charges", "first"),
        ("select last(plan) as plan from charges", "last"),
        ("select any_value(plan) as plan from charges", "any_value"),
        ("select arg_max_null(plan, amount) as plan from charges", "passed on"),
        ("select string_agg(plan, ',') as plans from charges", "string_agg"),
        ("select * from charges", "name the columns"),
        ("select c.* from charges as c", "name the columns"),
        ("select * exclude (plan) from charges", "name the columns"),
        ("select columns('a.*') from charges", "name the columns"),
        ("select plan, count(*) as n from charges group by all", "GROUP BY ALL"),
        ("select plan from charges order by all", "ORDER BY ALL"),
        ("select c.plan from charges as c join accounts as a using (account_id)", "USING"),
        ("select c.plan from charges as c natural join accounts as a", "ON"),
        ("select seats + 1 as more from charges where more > 2", "no column"),
        ("select seats + 1 as more, more + 1 as still_more from charges", "no column"),
        ("select plan, sum(amount) as amount from charges group by plan having sum(amount) > 0", "HAVING"),
        (
            "select c.plan from charges as c asof join charges as d"
            " on c.account_id = d.account_id and c.starts_on >= d.starts_on",
            "ASOF",
        ),
        ("select x from generate_series(1, 3) as t(x)", "CTE"),
        ("select x from unnest([1, 2, 3]) as t(x)", "CTE"),
        ("select cast(unnest(generate_series(1, 3)) as integer) as x", "next"),
        ("select starts_on + interval (seats) month as later from charges", "interval"),
        ("select starts_on + to_months(seats) as later from charges", "interval|passed on"),
        ("select date_add(starts_on, interval '1' month) as later from charges", "date_add"),
        ("pivot charges on plan using sum(amount)", "PIVOT|a query"),
        ("select plan from charges union by name select name as plan from accounts", "BY NAME"),
        ("select quantile_disc(amount, 0.5) as middle from charges", "quantile_disc"),
        (
            "with recursive n as (select 1 as x union all select x + 1 from n) select x from n",
            "RECURSIVE",
        ),
        (
            "select a.name, b.plan from accounts as a, lateral (select c.plan from charges as c) as b",
            "LATERAL",
        ),
        ("select amount from charges union all select 0 as amount from accounts", "bare number"),
        ("select -amount as amount_back from charges", "0 - x"),
        ("select no_such_column from charges", "no column"),
        ("select 1 as x; select 2 as x", "one statement"),
    ],
)
def test_what_does_not_carry_over_is_refused(sql, reason):
    with pytest.raises(NotPortable, match=reason):
        to_spark(sql, SCHEMA)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "select date_diff('month', starts_on, ends_on) as n from charges",
            "SELECT ((YEAR(ends_on) - YEAR(starts_on)) * 12 + MONTH(ends_on) - MONTH(starts_on)) AS n FROM charges",
        ),
        (
            "select date_diff('quarter', starts_on, ends_on) as n from charges",
            "SELECT ((YEAR(ends_on) - YEAR(starts_on)) * 4 + QUARTER(ends_on) - QUARTER(starts_on)) AS n FROM charges",
        ),
        (
            "select date_diff('year', starts_on, ends_on) as n from charges",
            "SELECT (YEAR(ends_on) - YEAR(starts_on)) AS n FROM charges",
        ),
        (
            "select date_diff('day', starts_on, ends_on) as n from charges",
            "SELECT DATEDIFF(DAY, starts_on, ends_on) AS n FROM charges",
        ),
        (
            "select amount / nullif(seats, 0) as price from charges",
            "SELECT CAST(amount AS DOUBLE) / CAST(NULLIF(seats, 0) AS DOUBLE) AS price FROM charges",
        ),
        (
            "select avg(amount) as mean from charges",
            "SELECT AVG(CAST(amount AS DOUBLE)) AS mean FROM charges",
        ),
        (
            "select percentile_cont(0.9) within group (order by amount) as p90 from charges",
            "SELECT PERCENTILE(CAST(amount AS DOUBLE), 0.9) AS p90 FROM charges",
        ),
        (
            "select quantile_cont(amount, 0.9) as p90 from charges",
            "SELECT PERCENTILE(CAST(amount AS DOUBLE), 0.9) AS p90 FROM charges",
        ),
        (
            "select median(amount) as middle from charges",
            "SELECT PERCENTILE(CAST(amount AS DOUBLE), 0.5) AS middle FROM charges",
        ),
        (
            "select plan from charges order by plan",
            "SELECT plan FROM charges ORDER BY plan NULLS LAST",
        ),
        (
            "select unnest(generate_series(starts_on, ends_on, interval '1' month)) as day from charges",
            "SELECT EXPLODE(SEQUENCE(starts_on, ends_on, INTERVAL '1' MONTH)) AS day FROM charges",
        ),
    ],
)
def test_what_would_silently_differ_is_rewritten(sql, expected):
    assert to_spark(sql, SCHEMA) == expected


def test_floor_and_a_whole_number_may_be_cast():
    assert "FLOOR" in to_spark("select cast(floor(share) as integer) as whole from charges", SCHEMA)
    assert "CAST" in to_spark("select cast(seats as bigint) as whole from charges", SCHEMA)
