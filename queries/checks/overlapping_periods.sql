-- title: Overlapping periods
-- question: Which charges of one subscription and plan overlap?
-- grain: one row per row that breaks the rule
-- note: Both count, unless the vendor's subscriptions have one price at a time. Correct the export if one is a mistake.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_overlapping_periods as
with
    ordered as (
        select
            source_id,
            source_row,
            account_id,
            subscription_id,
            plan,
            starts_on,
            mrr,
            max(coalesce(ends_on, date '9999-12-31')) over (
                partition by account_id, subscription_id, plan
                order by starts_on, source_id, source_row
                rows between unbounded preceding and 1 preceding
            ) as covered_to
        from effective_charges
        where subscription_id is not null and mrr > 0
    )
select
    'overlapping_periods' as "check",
    source_id,
    source_row,
    account_id,
    'starts ' || starts_on || ' while an earlier charge of the subscription runs to ' || covered_to as message,
    mrr as amount
from ordered
where starts_on < covered_to
