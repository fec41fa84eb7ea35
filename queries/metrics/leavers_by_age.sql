-- title: Who left at an age
-- question: Which accounts left at this age, and what did they pay?
-- grain: one row per account that left, first stays only
-- parameter grain | month, quarter, year | year | length of an age
-- parameter by | none, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- none | slices
-- parameter slice | text | none | only this slice
-- parameter age | count | none | only this age
-- column account_id | text | the account
-- column account | text | its name
-- column slice | text | value of the attribute, or All
-- column age | count | age in months, quarters or years by which it had left
-- column lost_month | month | the month in which it left
-- column lost_mrr | money | MRR that went with it
-- column first_month | month | its first month with MRR
-- column is_back | flag | true when it is a customer again
with
    limits as (
        select
            max(year(month) * 12 + month(month)) as last_number,
            case $grain when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months_each
        from months
        where is_full
    ),
    first_churns as (
        select account_id, month as lost_month, opening as lost_mrr
        from movements
        where kind = 'churn' and not is_same_month
        qualify row_number() over (partition by account_id order by month) = 1
    ),
    left_at as (
        select
            f.account_id,
            f.account,
            s.slice,
            year(c.lost_month) * 12
            + month(c.lost_month)
            - year(f.origin_month) * 12
            - month(f.origin_month) as months,
            l.last_number - year(f.origin_month) * 12 - month(f.origin_month) as months_seen,
            l.months_each,
            f.entry_age,
            c.lost_month,
            c.lost_mrr,
            f.first_month,
            f.mrr > 0 as is_back
        from account_facts as f
        join slices_in_scope($scope, $by) as s on s.account_id = f.account_id
        join first_churns as c on c.account_id = f.account_id
        cross join limits as l
        where
            f.origin_month is not null
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    )
select
    account_id,
    account,
    slice,
    cast(ceil(months / months_each) as integer) as age,
    lost_month,
    lost_mrr,
    first_month,
    is_back
from left_at
where
    ceil(months / months_each) <= floor(months_seen / months_each)
    and ceil(months / months_each) > ceil(entry_age / months_each)
    and (cast($slice as varchar) is null or slice = $slice)
    and (cast($age as integer) is null or ceil(months / months_each) = $age)
order by lost_mrr desc, account_id
