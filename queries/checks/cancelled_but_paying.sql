-- title: Cancelled, but paying
-- question: Which accounts are charged after their subscription's cancellation took effect?
-- grain: one row per row that breaks the rule
-- note: Either the cancellation or the charge is wrong.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_cancelled_but_paying as
select
    'cancelled_but_paying' as "check",
    source_id,
    source_row,
    account_id,
    'charged from ' || starts_on || ', though cancelled on ' || cancelled_on as message,
    mrr as amount
from charge_mrr
where why_not is null and cancelled_on <= starts_on
