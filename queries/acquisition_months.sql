-- title: Periods of acquisition
-- question: Which complete months, quarters or years up to a month is acquisition counted in?
-- grain: one row per period and month in it
-- column period | text | 2026-07, 2026-Q3, 2026, or the last twelve full months
-- column month | month | a month of the period
-- column month_count | count | months in the period
-- column first_month | month | its first month
-- column last_month | month | its last month
-- column last_number | count | its last month counted from year 0
-- column full_months | count | full months of the data up to its last one
create or replace macro acquisition_months(wanted, until) as table
    select period, month, month_count, first_month, last_month, last_number, full_months
    from acquisition_periods
    where
        kind = wanted
        and last_month <= coalesce(cast(until as date), latest_month)
        and (wanted <> 'twelve_months' or last_month = least(cast(date_trunc('month', cast(until as date)) as date), latest_month))
