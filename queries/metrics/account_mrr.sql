-- title: MRR of an account
-- question: How did an account's MRR develop?
-- grain: one row per month in which it changed
-- parameter account_id | text | none | the account
-- column month | month | the month
-- column opening | money | MRR at the end of the month before
-- column delta | money | the change
-- column closing | money | MRR at the end of the month
select month, opening, delta, closing
from changes
where account_id = cast($account_id as varchar)
order by month
