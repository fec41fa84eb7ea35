-- title: Ends before it starts
-- question: Which charges end before they start?
-- grain: one row per row that breaks the rule
-- note: They do not count. Correct the dates in the export.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_ends_before_start as
select
    'ends_before_start' as "check",
    source_id,
    source_row,
    account_id,
    'ends ' || ends_on || ', before it starts on ' || starts_on as message,
    amount
from charges
where ends_on < starts_on
