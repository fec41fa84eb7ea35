-- title: Comings and goings
-- question: Which accounts came, came back or left in each month?
-- grain: one row per account and month in which it came or left
-- column account_id | text | the account
-- column number | count | the month counted from year 0
-- column net | count | 1 for who came, -1 for who left, 0 for both
-- column lost | count | 1 for who left, having been there at the beginning of the month
create or replace table comings as
select
    account_id,
    year(month) * 12 + month(month) as number,
    sum(case when kind = 'churn' then -1 else 1 end) as net,
    sum(case when kind = 'churn' and not is_same_month then 1 else 0 end) as lost
from movements
where kind in ('new', 'reactivation', 'churn')
group by account_id, year(month) * 12 + month(month)
