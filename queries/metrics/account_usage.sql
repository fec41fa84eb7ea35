-- title: Usage of an account
-- question: How many of its licences does an account use?
-- grain: one row per month
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column month | month | the month
-- column licences | count | licences paid for
-- column active_users | count | people who used it
-- column used_rate | rate | active users / licences
-- column file_name | text | the imported file
-- column source_row | count | line in that file
select
    i.account_id,
    u.month,
    u.licences,
    u.active_users,
    u.active_users::double / nullif(u.licences, 0)::double as used_rate,
    o.file_name,
    u.source_row
from usage as u
join account_ids as i on i.alias_id = u.account_id
left join sources as o on o.source_id = u.source_id
where i.account_id = cast($account_id as varchar)
order by u.month desc, u.source_id, u.source_row
