-- title: Cancelled, but paying
-- question: Which accounts are charged after their subscription's cancellation took effect?
-- grain: one row per row that breaks the rule
-- note: Either the cancellation or the charge is wrong. A subscription that pauses and comes back is not
-- meant.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_cancelled_but_paying as
with
    ordered as (
        select
            source_id,
            source_row,
            account_id,
            subscription_id,
            starts_on,
            mrr,
            min(cancelled_on) over (partition by account_id, subscription_id) as first_cancelled_on,
            lag(ends_on) over (
                partition by account_id, subscription_id order by starts_on, source_id, source_row
            ) as previous_ends_on
        from charge_mrr
        where why_not is null and subscription_id is not null
    )
select
    'cancelled_but_paying' as "check",
    source_id,
    source_row,
    account_id,
    'charged from ' || starts_on || ' without a break, though cancelled on ' || first_cancelled_on as message,
    mrr as amount
from ordered
where first_cancelled_on <= starts_on and date_diff('day', previous_ends_on, starts_on) <= 3
