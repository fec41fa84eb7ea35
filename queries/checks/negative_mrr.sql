-- title: Negative MRR
-- question: In which months is an account's MRR below zero?
-- grain: one row per row that breaks the rule
-- note: Credits exceed charges. Such an account is not active.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_negative_mrr as
select
    'negative_mrr' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    account_id,
    'MRR falls to ' || cast(closing as decimal(18, 2)) || ' in ' || strftime(month, '%Y-%m') as message,
    closing as amount
from changes
where closing < 0
