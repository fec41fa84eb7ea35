-- title: Deals without account
-- question: Which deals name no account?
-- grain: one row per row that breaks the rule
-- note: They count in totals of deals, and in no account's.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_deal_without_account as
select
    'deal_without_account' as "check",
    source_id,
    source_row,
    account_id,
    'deal ' || coalesce(deal_id, 'without id') || ' (' || coalesce(stage, 'no stage') || ') names no account' as message,
    amount
from deals
where account_id is null
