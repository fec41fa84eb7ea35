-- title: Data health
-- question: How many rows break each rule, and how much money is in them?
-- grain: one row per rule that rows in scope break
-- note: Each rule is a file in queries/checks; its note says what to do. Rows without an account count
-- always.
-- column check | text | the rule
-- column row_count | count | rows that break it
-- column account_count | count | accounts that they belong to
-- column amount | money | the money in the rows
select
    f."check",
    count(*) as row_count,
    count(distinct f.account_id) as account_count,
    sum(abs(cast(f.amount as double))) as amount
from broken_rules as f
left join accounts_in_scope($scope) as s on s.account_id = f.account_id
where f.account_id is null or s.account_id is not null
group by f."check"
order by f."check"
