-- title: Filter values
-- question: Which values can each filter take?
-- grain: one row per attribute and value
-- column attribute | text | segment, lane, region, plan, channel, owner or big_logo
-- column value | text | its value; "(not known)" where it is missing
-- column accounts | count | accounts that have it
select 'segment' as attribute, coalesce(segment, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'lane' as attribute, coalesce(lane, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'region' as attribute, coalesce(region, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'plan' as attribute, coalesce(plan, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'channel' as attribute, coalesce(channel, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'owner' as attribute, coalesce(owner, '(not known)') as value, count(*) as accounts
from account_facts
group by 1, 2
union all
select 'big_logo' as attribute, 'big logos' as value, count(*) as accounts
from account_facts
where is_big_logo
order by attribute, accounts desc, value
