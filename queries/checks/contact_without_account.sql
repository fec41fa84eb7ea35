-- title: Contacts without account
-- question: Which contacts name no account?
-- grain: one row per row that breaks the rule
-- note: They count in no account's coverage. Give each its account, or leave them out.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_contact_without_account as
select
    'contact_without_account' as "check",
    source_id,
    source_row,
    account_id,
    'contact ' || coalesce(contact_id, 'without id') || ' names no account' as message,
    cast(null as decimal(18, 4)) as amount
from contacts
where account_id is null
