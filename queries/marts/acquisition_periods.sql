-- title: Periods of acquisition
-- question: Which complete months, quarters, years and spans of twelve months is acquisition counted in?
-- grain: one row per period and month in it
-- note: Twelve months end with every full month, so that those up to any month can be asked for.
-- column kind | text | month, quarter, year or twelve_months
-- column period | text | 2026-07, 2026-Q3, 2026, or 2025-08 to 2026-07
-- column month | month | a month of the period
-- column month_count | count | months in the period
-- column first_month | month | its first month
-- column last_month | month | its last month
-- column last_number | count | its last month counted from year 0
-- column full_months | count | full months of the data up to its last one
-- column latest_month | month | the last full month of the data
create or replace table acquisition_periods as
with
    numbered as (
        select
            month,
            year(month) * 12 + month(month) as number,
            strftime(month, '%Y-%m') as name,
            strftime(month, '%Y') as year,
            month(month) as month_of_year
        from months
        where is_full
    ),
    limits as (
        select max(month) as latest_month, min(number) as first_number
        from numbered
    ),
    -- A period is its last month and how many there are up to it.
    ends as (
        select 'month' as kind, name as period, month, number, 1 as month_count
        from numbered
        union all
        select
            'quarter' as kind,
            year || '-Q' || quarter(month) as period,
            month,
            number,
            3 as month_count
        from numbered
        where month_of_year in (3, 6, 9, 12)
        union all
        select 'year' as kind, year as period, month, number, 12 as month_count
        from numbered
        where month_of_year = 12
        union all
        select
            'twelve_months' as kind,
            strftime(cast(month - interval '11' month as date), '%Y-%m') || ' to ' || name as period,
            month,
            number,
            12 as month_count
        from numbered
    )
select
    e.kind,
    e.period,
    n.month,
    e.month_count,
    f.month as first_month,
    e.month as last_month,
    e.number as last_number,
    e.number - l.first_number + 1 as full_months,
    l.latest_month
from ends as e
cross join limits as l
join numbered as f on f.number = e.number - e.month_count + 1
join numbered as n on n.number > e.number - e.month_count and n.number <= e.number
