-- title: Gaps of one to three days
-- question: Where is an account charged for nothing between one and three days?
-- grain: one row per row that breaks the rule
-- note: Mostly dates that are a last day in one file and the day after in another. They are bridged by the
-- convention bridge_days.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_gap_of_days as
select
    'gap_of_days' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    account_id,
    message,
    amount
from gaps_between(1, 3)
