-- title: People at an account
-- question: Whom do we know at an account, and when did we last speak to them?
-- grain: one row per person
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column name | text | the person's name
-- column title | text | job title
-- column role | text | role in buying
-- column is_active | flag | false when the person has left
-- column last_touch_on | date | latest activity with them, or last contact as the file says
-- column file_name | text | the imported file
-- column source_row | count | line in that file
with
    touched as (
        select contact_id, max(occurred_on) as day
        from activities
        where contact_id is not null
        group by contact_id
    )
select
    i.account_id,
    t.name,
    t.title,
    t.role,
    t.is_active,
    greatest(a.day, t.last_contacted_on) as last_touch_on,
    o.file_name,
    t.source_row
from contacts as t
join account_ids as i on i.alias_id = t.account_id
left join touched as a on a.contact_id = t.contact_id
left join sources as o on o.source_id = t.source_id
where i.account_id = cast($account_id as varchar)
order by t.is_active is false, last_touch_on desc nulls last, t.name, t.source_row
