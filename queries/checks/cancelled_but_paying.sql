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
    cancelled as (
        select i.account_id, h.subscription_id, min(h.cancelled_on) as first_cancelled_on
        from charges as h
        join account_ids as i on i.alias_id = h.account_id
        where h.cancelled_on is not null and h.subscription_id is not null
        group by i.account_id, h.subscription_id
    ),
    -- Only where a charge begins after a cancellation does it matter what came before it.
    charged_again as (
        select distinct e.account_id, e.subscription_id
        from stretches as e
        join cancelled as c on c.account_id = e.account_id and c.subscription_id = e.subscription_id
        where e.latest_start >= c.first_cancelled_on
    ),
    ordered as (
        select
            m.source_id,
            m.source_row,
            m.account_id,
            m.subscription_id,
            m.starts_on,
            m.mrr,
            min(m.cancelled_on) over (partition by m.account_id, m.subscription_id) as first_cancelled_on,
            lag(m.ends_on) over (
                partition by m.account_id, m.subscription_id order by m.starts_on, m.source_id, m.source_row
            ) as previous_ends_on
        from charge_mrr as m
        join charged_again as c on c.account_id = m.account_id and c.subscription_id = m.subscription_id
        where m.why_not is null
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
