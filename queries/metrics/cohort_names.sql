-- title: Cohorts
-- question: Which cohorts are there, and how many accounts are seen in each?
-- grain: one row per cohort that cohort_retention knows
-- note: An account is seen when it was there at one of the cohort's ages, within ten years. It counts whether
-- or not it is still active.
-- parameter grain | month, quarter, year | year | length of a cohort and of an age
-- parameter by | start, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- start | what makes a cohort
-- column cohort | text | first month, quarter or year; or the value of the attribute
-- column accounts | count | accounts seen
with
    limits as (select max(month) as last_full from months where is_full),
    sizes as (
        select case $grain when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months_each
    ),
    members as (
        select
            f.origin_month,
            cast(ceil(f.entry_age / z.months_each) as integer) * z.months_each as first_age,
            case
                when $by <> 'start'
                then f.slice
                when $grain = 'month'
                then strftime(f.origin_month, '%Y-%m')
                when $grain = 'quarter'
                then strftime(f.origin_month, '%Y') || '-Q' || quarter(f.origin_month)
                else strftime(f.origin_month, '%Y')
            end as cohort
        from slices_in_scope($scope, case $by when 'start' then 'none' else $by end) as f
        cross join limits as l
        cross join sizes as z
        where
            f.origin_month is not null
            and f.first_month <= l.last_full
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    begun as (select cohort, min(origin_month) as first_origin from members group by cohort),
    seen as (
        select
            m.cohort,
            m.first_age,
            case when $by = 'start' then b.first_origin else m.origin_month end as counted_from
        from members as m
        join begun as b on b.cohort = m.cohort
    )
select s.cohort, count(*) as accounts
from seen as s
cross join limits as l
where
    s.first_age <= 120
    and s.first_age
    <= (year(l.last_full) - year(s.counted_from)) * 12 + month(l.last_full) - month(s.counted_from)
group by s.cohort
order by s.cohort
