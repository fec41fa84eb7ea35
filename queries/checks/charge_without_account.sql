-- title: Charges without account
-- question: Which charges name no account?
-- grain: one row per row that breaks the rule
-- note: They do not count. Add the account id to the export.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_charge_without_account as
select
    'charge_without_account' as "check",
    source_id,
    source_row,
    account_id,
    'names no account' as message,
    amount
from charges
where account_id is null
