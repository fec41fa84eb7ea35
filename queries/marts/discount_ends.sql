-- title: Ends of discounts
-- question: From which charge on does a subscription no longer have the discount it had?
-- grain: one row per account and subscription (plan, where a charge names none) that had one and lost it
-- note: Exports seldom say for how long a discount runs. One that a later charge no longer has was temporary.
-- column account_id | text | the account, as the file wrote it
-- column chain | text | the subscription, or the plan where none is named
-- column undiscounted_from | date | start of the latest charge without a discount
create or replace table discount_ends as
with
    priced as (
        select
            account_id,
            coalesce(subscription_id, plan, '') as chain,
            starts_on,
            coalesce(discount, 0) as discount
        from charges
        where
            account_id is not null
            and starts_on is not null
            and amount <> 0
            and coalesce(is_recurring, true)
            and coalesce(status, '') not in ('trialing', 'draft', 'void', 'incomplete', 'future')
    )
select account_id, chain, max(starts_on) filter (where discount = 0) as undiscounted_from
from priced
group by account_id, chain
having
    min(starts_on) filter (where discount <> 0) < max(starts_on) filter (where discount = 0)
