-- title: Billed, but not in the CRM
-- question: Which billed accounts does no CRM file name?
-- grain: one row per row that breaks the rule
-- note: Asked only when a CRM file was imported. Add the billing id in the CRM, or link the two below.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_billed_but_not_in_crm as
select
    'billed_but_not_in_crm' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    f.account_id,
    'is billed, but no CRM record names its billing id' as message,
    f.mrr as amount
from account_facts as f
left join
    (select distinct i.account_id from accounts as a join account_ids as i on i.alias_id = a.account_id
     where a.billing_account_id is not null
        or a.account_id in (select alias_id from account_links)) as r
    on r.account_id = f.account_id
where
    f.is_in_billing
    and r.account_id is null
    and exists (select 1 from accounts where billing_account_id is not null)
