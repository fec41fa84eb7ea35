-- title: Gaps
-- question: For how many days was nothing charged between two periods?
-- grain: one row per gap of an account (chain empty) or of one of its subscriptions (chain = subscription)
-- column account_id | text | the account
-- column chain | text | empty for the whole account, else the subscription
-- column gap_from | date | first day without a charge
-- column gap_to | date | first day with a charge again
-- column days | days | length
create or replace table gaps as
with
    -- Where something of the same subscription begins on the day after, there is no gap: few ends are left.
    loose_ends as (
        select e.account_id, e.ends_on
        from stretches as e
        anti join
            stretches as n
            on n.account_id = e.account_id
            and coalesce(n.subscription_id, '') = coalesce(e.subscription_id, '')
            and n.starts_on = e.ends_on
        where e.ends_on is not null
    ),
    last_ends as (
        select account_id, max(coalesce(ends_on, date '9999-12-31')) as last_end
        from stretches
        group by account_id
    ),
    interrupted as (
        select distinct o.account_id
        from loose_ends as o
        join last_ends as l on l.account_id = o.account_id
        where o.ends_on < l.last_end
    ),
    charged as (
        select e.account_id, e.subscription_id, e.starts_on, e.ends_on
        from stretches as e
        join interrupted as i on i.account_id = e.account_id
    ),
    chains as (
        select account_id, '' as chain, starts_on, ends_on
        from charged
        union all
        select account_id, subscription_id as chain, starts_on, ends_on
        from charged
        where subscription_id is not null
    ),
    covered as (
        select
            account_id,
            chain,
            max(coalesce(ends_on, date '9999-12-31')) over running as covered_to,
            lead(starts_on) over ordered as next_starts_on
        from chains
        window
            ordered as (partition by account_id, chain order by starts_on, ends_on nulls last),
            running as (
                partition by account_id, chain
                order by starts_on, ends_on nulls last
                rows between unbounded preceding and current row
            )
    )
select
    account_id,
    chain,
    covered_to as gap_from,
    next_starts_on as gap_to,
    date_diff('day', covered_to, next_starts_on) as days
from covered
where next_starts_on > covered_to
