-- title: Conversion rates
-- question: At which one rate is each currency converted?
-- grain: one row per currency
-- note: Constant currency: a rate given without a month, else the last month's up to as_of, for all months.
-- column currency | text | ISO code
-- column rate | rate | one unit of it in the reporting currency
create or replace view rates as
with
    ranked as (
        select
            f.currency,
            f.rate,
            row_number() over (
                partition by f.currency
                order by f.month desc nulls first, f.source_id desc, f.source_row desc
            ) as nth
        from fx_rates as f
        cross join conventions as c
        where f.currency <> c.reporting_currency and (f.month is null or f.month <= c.as_of)
    )
select currency, rate
from ranked
where nth = 1
union all
select reporting_currency as currency, cast(1 as double) as rate
from conventions
