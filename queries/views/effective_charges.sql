-- title: Effective charges
-- question: From when to when does each counted charge run, once cancellations and plan changes are heard?
-- grain: one row per charge that counts
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column subscription_id | text | the subscription
-- column plan | text | plan, as written
-- column starts_on | date | first day
-- column ends_on | date | the day after the last day; empty while open
-- column is_cancelled | flag | true when known by as_of to be cancelled, or to have stopped counting
-- column months | months | length of the interval that the amount pays for
-- column mrr | money | a month's worth, after discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
create or replace view effective_charges as
with
    counted as (
        select
            m.source_id,
            m.source_row,
            m.account_id,
            m.subscription_id,
            m.plan,
            m.starts_on,
            case
                when
                    c.churn_recognised = 'cancellation_date'
                    and m.cancelled_on > m.starts_on
                    and (m.ends_on is null or m.cancelled_on < m.ends_on)
                then m.cancelled_on
                else m.ends_on
            end as ends_on,
            m.is_cancelled and (m.cancelled_on is null or m.cancelled_on > m.starts_on) as is_cancelled,
            m.supersedes and m.subscription_id is not null as supersedes,
            m.months,
            m.mrr,
            m.currency,
            m.original_mrr
        from charge_mrr as m
        cross join conventions as c
        where m.why_not is null
    ),
    starts as (
        select distinct account_id, subscription_id, starts_on
        from charge_mrr
        where supersedes and subscription_id is not null and (why_not is null or why_not = 'worth 0')
    ),
    successors as (
        select
            account_id,
            subscription_id,
            starts_on,
            lead(starts_on) over (
                partition by account_id, subscription_id order by starts_on
            ) as next_starts_on
        from starts
    )
select
    k.source_id,
    k.source_row,
    k.account_id,
    k.subscription_id,
    k.plan,
    k.starts_on,
    case
        when s.next_starts_on is not null and (k.ends_on is null or s.next_starts_on < k.ends_on)
        then s.next_starts_on
        else k.ends_on
    end as ends_on,
    k.is_cancelled,
    k.months,
    k.mrr,
    k.currency,
    k.original_mrr
from counted as k
left join
    successors as s
    on k.supersedes
    and s.account_id = k.account_id
    and s.subscription_id = k.subscription_id
    and s.starts_on = k.starts_on
