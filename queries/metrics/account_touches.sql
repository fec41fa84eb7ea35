-- title: Touches with an account
-- question: When did we speak with an account, how, and with whom?
-- grain: one row per touch
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column occurred_on | date | day of the touch
-- column kind | text | meeting, visit, call, email, qbr or support
-- column person | text | with whom, when known
-- column by | text | who of ours
-- column file_name | text | the imported file
-- column source_row | count | line in that file
with
    people as (
        select contact_id, min(name) as name from contacts where contact_id is not null group by contact_id
    )
select i.account_id, a.occurred_on, a.kind, p.name as person, a."by", o.file_name, a.source_row
from activities as a
join account_ids as i on i.alias_id = a.account_id
left join people as p on p.contact_id = a.contact_id
left join sources as o on o.source_id = a.source_id
where i.account_id = cast($account_id as varchar)
order by a.occurred_on desc nulls last, a.source_id, a.source_row
