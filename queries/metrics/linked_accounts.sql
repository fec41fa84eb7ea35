-- title: Links made by hand
-- question: Which ids were linked to which account or product by hand, and which were kept apart?
-- grain: one row per linked id, and per id and what it is not
-- column account_id | text | the account that the id is counted under, or is not
-- column account | text | its name; of a product, the product
-- column alias_id | text | the id that was linked to it, or kept apart from it
-- column is_same | flag | true for a link, false for a pair that was kept apart
select i.account_id, f.account, l.alias_id, true as is_same
from account_links as l
join account_ids as i on i.alias_id = l.alias_id
left join account_facts as f on f.account_id = i.account_id
union all
select null as account_id, product as account, alias as alias_id, true as is_same
from product_links
union all
select i.account_id, coalesce(f.account, k.twin) as account, k.alias as alias_id, false as is_same
from kept_apart as k
left join account_ids as i on i.alias_id = k.twin and k.kind = 'account'
left join account_facts as f on f.account_id = i.account_id
order by 4 desc, 1 nulls last, 3
