-- title: Months
-- question: Which months does the data speak about?
-- grain: one row per month from the first period to as_of
-- column month | month | the month
-- column is_full | flag | true when as_of has reached its last day
create or replace table months as
with
    bounds as (
        select
            cast(date_trunc('month', coalesce(min(p.starts_on), max(c.as_of))) as date) as first_month,
            cast(date_trunc('month', max(c.as_of)) as date) as last_month
        from conventions as c
        left join stretches as p on p.starts_on <= c.as_of and p.mrr <> 0
    ),
    days as (
        select unnest(generate_series(first_month, last_month, interval '1' month)) as day
        from bounds
    ),
    named as (select cast(day as date) as month from days)
select n.month, last_day(n.month) <= c.as_of as is_full
from named as n
cross join conventions as c
