-- title: Gaps of 32 to 92 days
-- question: Where is an account charged for nothing between 32 and 92 days?
-- grain: one row per row that breaks the rule
-- note: Ask whether the customer really left and came back, or whether an invoice is missing from the export.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_gap_of_months as
select
    'gap_of_months' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    account_id,
    message,
    amount
from gaps_between(32, 92)
