-- title: Periods of acquisition
-- question: Which complete months, quarters or years is acquisition counted in?
-- grain: one row per period and month in it
-- column period | text | 2026-07, 2026-Q3, 2026, or the last twelve full months
-- column month | month | a month of the period
-- column month_count | count | months in the period
create or replace macro acquisition_months(grain, until) as table
    with
        full_months as (
            select
                month,
                max(month) over () as last_month,
                count(*) over () as month_count,
                row_number() over (order by month desc) as nth_last
            from months
            where is_full and (cast(until as date) is null or month <= until)
        ),
        named as (
            select
                month,
                case
                    grain
                    when 'month'
                    then strftime(month, '%Y-%m')
                    when 'quarter'
                    then strftime(month, '%Y') || '-Q' || quarter(month)
                    when 'year'
                    then strftime(month, '%Y')
                    else
                        strftime(last_month - interval '11' month, '%Y-%m')
                        || ' to '
                        || strftime(last_month, '%Y-%m')
                end as period
            from full_months
            where grain <> 'twelve_months' or nth_last <= 12
        )
    select period, month, count(*) over (partition by period) as month_count
    from named
    qualify month_count = case grain when 'month' then 1 when 'quarter' then 3 else 12 end
