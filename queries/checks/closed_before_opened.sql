-- title: Deals closed before they were opened
-- question: Which deals have a closing day before the day on which they were opened?
-- grain: one row per row that breaks the rule
-- note: Cycle times leave them out. Correct one of the dates in the CRM.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_closed_before_opened as
select
    'closed_before_opened' as "check",
    source_id,
    source_row,
    account_id,
    'was opened on ' || created_on || ' and closed on ' || closed_on as message,
    amount
from deals
where closed_on < created_on
