-- title: Gaps of 4 to 31 days
-- question: Where is an account charged for nothing between 4 and 31 days?
-- grain: one row per row that breaks the rule
-- note: Often a late renewal or a missing invoice. Longer than bridge_days it counts as churn and
-- reactivation: complete the
-- note: export, or choose a convention that bridges it.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_gap_of_weeks as
with
    ended as (
        select account_id, ends_on, sum(mrr) as mrr from effective_charges group by account_id, ends_on
    )
select
    'gap_of_weeks' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    g.account_id,
    'nothing is charged for '
    || g.days
    || case when g.days = 1 then ' day' else ' days' end
    || ', from '
    || g.gap_from
    || ' to '
    || g.gap_to as message,
    e.mrr as amount
from gaps as g
left join ended as e on e.account_id = g.account_id and e.ends_on = g.gap_from
where g.chain = '' and g.days between 4 and 31
