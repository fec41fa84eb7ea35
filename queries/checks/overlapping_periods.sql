-- title: Overlapping periods
-- question: Which charges of one account and plan overlap by more than a week?
-- grain: one row per row that breaks the rule
-- note: Both count, unless the vendor's subscriptions have one price at a time. Two subscriptions of one
-- plan may
-- note: be meant; a renewal invoiced early is not.
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
            starts_on,
            mrr,
            max(coalesce(ends_on, date '9999-12-31')) over (
                partition by account_id, plan
                order by starts_on, source_id, source_row
                rows between unbounded preceding and 1 preceding
            ) as covered_to
        from effective_charges
        where mrr > 0
    )
select
    'overlapping_periods' as "check",
    source_id,
    source_row,
    account_id,
    'starts on ' || starts_on || ', while an earlier charge for the plan runs to ' || covered_to as message,
    mrr as amount
from ordered
where date_diff('day', starts_on, covered_to) > 7
