-- title: Accounts of a cohort
-- question: Who began in a cohort, and what had become of each at an age?
-- grain: one row per account of the cohort (of every cohort when none is chosen)
-- parameter grain | month, quarter, year | year | length of a cohort and of an age
-- parameter by | start, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- start | what makes a cohort
-- parameter cohort | text | none | only this cohort
-- parameter age | count | 1 | age in months, quarters or years
-- note: Accounts already active in the data's first month, and without customer_since, are in the cohort
-- note: "before" that month; their age is not known.
-- note: By an attribute, an account older than the data is named and not counted: not reached.
-- column cohort | text | first month, quarter or year; or the value of the attribute
-- column age | count | the age
-- column account_id | text | the account
-- column account | text | its name
-- column mrr_at_start | money | MRR at the end of its first month
-- column mrr_at_age | money | MRR at that age; empty when the age is not reached yet
-- column status | text | left, shrank, stayed, grew, not reached or age not known
-- column first_month | month | its first month with MRR
with
    limits as (select max(month) as last_full from months where is_full),
    sizes as (
        select case $grain when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months_each
    ),
    members as (
        select
            f.account_id,
            f.account,
            f.first_month,
            f.first_mrr,
            f.entry_age,
            case
                when $by <> 'start'
                then f.slice
                when f.origin_month is null
                then 'before ' || strftime(f.first_month, '%Y-%m')
                when $grain = 'month'
                then strftime(f.origin_month, '%Y-%m')
                when $grain = 'quarter'
                then strftime(f.origin_month, '%Y') || '-Q' || quarter(f.origin_month)
                else strftime(f.origin_month, '%Y')
            end as cohort,
            cast($age as integer) * z.months_each as age_months,
            (
                year(f.origin_month) * 12 + month(f.origin_month) - 1 + cast($age as integer) * z.months_each
            ) as month_number,
            (year(l.last_full) * 12 + month(l.last_full) - 1) as last_number
        from slices_in_scope($scope, case $by when 'start' then 'none' else $by end) as f
        cross join limits as l
        cross join sizes as z
        where
            f.first_month <= l.last_full
            and (f.origin_month is not null or $by = 'start')
            and (cast($from_month as date) is null or coalesce(f.origin_month, f.first_month) >= $from_month)
            and (cast($to_month as date) is null or coalesce(f.origin_month, f.first_month) <= $to_month)
    ),
    levels as (
        select
            m.account_id,
            m.account,
            m.first_month,
            m.first_mrr,
            m.cohort,
            m.month_number is not null as is_age_known,
            coalesce(
                m.month_number <= m.last_number
                and m.age_months >= m.entry_age
                and ($by = 'start' or m.entry_age = 0),
                false
            ) as is_reached,
            greatest(coalesce(g.closing, 0), 0) as closing,
            coalesce(g.is_active, false) as is_active
        from members as m
        left join
            changes as g
            on g.account_id = m.account_id
            and year(g.month) * 12 + month(g.month) - 1 <= m.month_number
            and (g.next_month is null or year(g.next_month) * 12 + month(g.next_month) - 1 > m.month_number)
        where cast($cohort as varchar) is null or m.cohort = $cohort
    )
select
    cohort,
    cast($age as integer) as age,
    account_id,
    account,
    first_mrr as mrr_at_start,
    case when is_reached then closing end as mrr_at_age,
    case
        when not is_age_known
        then 'age not known'
        when not is_reached
        then 'not reached'
        when not is_active
        then 'left'
        when closing < first_mrr
        then 'shrank'
        when closing > first_mrr
        then 'grew'
        else 'stayed'
    end as status,
    first_month
from levels
order by cohort, abs(coalesce(mrr_at_age, 0) - mrr_at_start) desc, account_id
