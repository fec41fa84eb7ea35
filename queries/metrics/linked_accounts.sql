-- title: Links made by hand
-- question: Which ids were linked to which account by hand?
-- grain: one row per linked id
-- column account_id | text | the account that the id is counted under
-- column account | text | its name
-- column alias_id | text | the id that was linked to it
select i.account_id, f.account, l.alias_id
from account_links as l
join account_ids as i on i.alias_id = l.alias_id
left join account_facts as f on f.account_id = i.account_id
order by i.account_id, l.alias_id
