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
select
    'gap_of_weeks' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    account_id,
    message,
    amount
from gaps_between(4, 31)
