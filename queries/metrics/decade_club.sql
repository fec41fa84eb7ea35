-- title: Decade club
-- question: Which customers have stayed ten years, and which are about to?
-- grain: one row per account that is active and at least as old as asked
-- note: Age counts from the account's own first month, or from customer_since where it is older than the
-- data; an
-- note: account of unknown age cannot be counted in. Time away is not taken off: returned_on says who came
-- back.
-- parameter from_age | count | 9 | only accounts of at least so many years
-- column account_id | text | the account
-- column account | text | its name
-- column segment | text | segment
-- column is_member | flag | true when it has been a customer for ten years
-- column origin_month | month | the month from which its age is counted
-- column age_years | ratio | its age at the last full month, in years
-- column months_to_go | months | months until it has been a customer for ten years; 0 for members
-- column mrr | money | MRR at as_of
-- column first_mrr | money | MRR at the end of its first month that the data shows
-- column returned_on | date | the month of its latest return; empty when it never left
with
    limits as (select max(year(month) * 12 + month(month)) as last_number from months where is_full),
    returns as (
        select account_id, max(month) as returned_on
        from movements
        where kind = 'reactivation'
        group by account_id
    ),
    aged as (
        select
            f.account_id,
            f.account,
            f.segment,
            f.origin_month,
            l.last_number - year(f.origin_month) * 12 - month(f.origin_month) as months,
            f.mrr,
            f.first_mrr,
            r.returned_on
        from accounts_in_scope($scope) as f
        left join returns as r on r.account_id = f.account_id
        cross join limits as l
        where f.mrr > 0 and f.origin_month is not null
    )
select
    account_id,
    account,
    segment,
    months >= 120 as is_member,
    origin_month,
    cast(months as double) / 12 as age_years,
    greatest(0, 120 - months)::double as months_to_go,
    mrr,
    first_mrr,
    returned_on
from aged
where
    months >= 12 * cast($from_age as integer)
    and (cast($from_month as date) is null or origin_month >= $from_month)
    and (cast($to_month as date) is null or origin_month <= $to_month)
order by months desc, mrr desc, account_id
