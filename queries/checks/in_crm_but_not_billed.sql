-- title: Won, but not billed
-- question: Which accounts of the CRM have a won deal and no charge?
-- grain: one row per row that breaks the rule
-- note: Asked only when there is billing. Link the account to its billing twin below, or find out why it is
-- not invoiced.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_in_crm_but_not_billed as
with
    won as (
        select i.account_id, sum(cast(d.amount as double) * r.rate) as amount
        from deals as d
        join account_ids as i on i.alias_id = d.account_id
        left join rates as r on r.currency = d.currency
        where d.is_won
        group by i.account_id
    )
select
    'in_crm_but_not_billed' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    f.account_id,
    'has a won deal, and no charge names it' as message,
    cast(w.amount as decimal(18, 2)) as amount
from account_facts as f
join won as w on w.account_id = f.account_id
where not f.is_in_billing and exists (select 1 from charges)
