-- title: Conversion rates
-- question: At which one rate is each currency converted?
-- grain: one row per currency
-- note: Constant currency: a rate given without a month, else the last month's up to as_of, for all months.
-- note: With monthly rates this is the rate of as_of's month, or the one without a month where none is dated.
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
                order by
                    case when c.fx = 'monthly' and f.month is null then 1 else 0 end,
                    f.month desc nulls first,
                    f.source_id desc,
                    f.source_row desc
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
