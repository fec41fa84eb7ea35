-- title: Rates by month
-- question: At which rate is each currency converted at the end of each month?
-- grain: one row per currency and month; none with one rate for all months
-- note: A month without a rate of its own has that of the month before it; months before the first rate have
-- note: the first. A currency without any dated rate has its one rate in every month.
-- column currency | text | ISO code
-- column month | month | the month
-- column rate | rate | one unit of it in the reporting currency
-- column rate_before | rate | the same in the month before
create or replace table month_rates as
with
    bounds as (
        select
            cast(date_trunc('month', min(p.starts_on)) as date) as first_month,
            cast(date_trunc('month', max(c.as_of)) as date) as last_month
        from stretches as p
        cross join conventions as c
        where c.fx = 'monthly' and p.starts_on <= c.as_of
    ),
    days as (
        select unnest(generate_series(first_month, last_month, interval '1' month)) as day
        from bounds
        where first_month is not null
    ),
    calendar as (select cast(day as date) as month from days),
    dated as (
        select f.currency, f.month, f.rate
        from fx_rates as f
        cross join conventions as c
        where
            c.fx = 'monthly'
            and f.month is not null
            and f.month <= c.as_of
            and f.currency <> c.reporting_currency
        qualify
            row_number() over (
                partition by f.currency, f.month order by f.source_id desc, f.source_row desc
            )
            = 1
    ),
    spans as (
        select
            currency,
            rate,
            case
                when row_number() over (partition by currency order by month) = 1
                then date '1900-01-01'
                else month
            end as valid_from,
            lead(month) over (partition by currency order by month) as valid_to
        from dated
    ),
    filled as (
        select r.currency, m.month, coalesce(s.rate, r.rate) as rate
        from rates as r
        cross join calendar as m
        left join
            spans as s
            on s.currency = r.currency
            and m.month >= s.valid_from
            and (s.valid_to is null or m.month < s.valid_to)
    )
select
    currency,
    month,
    rate,
    coalesce(lag(rate) over (partition by currency order by month), rate) as rate_before
from filled
