-- title: Ends of discounts
-- question: From which charge on does a subscription no longer have the discount it had?
-- grain: one row per account and subscription (plan, where a charge names none) that had one and lost it
-- note: Exports seldom say for how long a discount runs. One that a later charge no longer has was temporary.
-- column account_id | text | the account, as the file wrote it
-- column chain | text | the subscription, or the plan where none is named
-- column undiscounted_from | date | start of the latest charge without a discount
create or replace table discount_ends as
with
    discounted as (
        select distinct account_id, coalesce(subscription_id, plan, '') as chain
        from charges
        where discount <> 0
    ),
    priced as (
        select h.account_id, d.chain, h.starts_on, coalesce(h.discount, 0) as discount
        from charges as h
        join
            discounted as d
            on d.account_id = h.account_id
            and d.chain = coalesce(h.subscription_id, h.plan, '')
        where
            h.starts_on is not null
            and h.amount <> 0
            and coalesce(h.is_recurring, true)
            and coalesce(h.status, '') not in ('trialing', 'draft', 'void', 'incomplete', 'future')
    )
select account_id, chain, max(starts_on) filter (where discount = 0) as undiscounted_from
from priced
group by account_id, chain
having
    min(starts_on) filter (where discount <> 0) < max(starts_on) filter (where discount = 0)
