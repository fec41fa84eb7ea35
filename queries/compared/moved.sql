-- title: What accounts alike moved
-- question: How did recurring revenue of accounts alike move in each month?
-- grain: one row per number of those alike, month and kind of movement
-- column alike | count | the number of those alike
-- column month | month | the month
-- column kind | text | new, reactivation, expansion, contraction, churn or fx
-- column amount | money | the movements; losses are negative
-- column accounts | count | how many movements
select a.alike, m.month, m.kind, sum(m.amount) as amount, count(*) as accounts
from movements as m
join accounts_alike() as a on a.account_id = m.account_id
group by a.alike, m.month, m.kind
