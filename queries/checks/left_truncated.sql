-- title: Customers older than the data
-- question: Which accounts were active in the data's first month, so that nobody knows since when?
-- grain: one row per row that breaks the rule
-- note: Their age is unknown, and they are in no cohort. Import customer_since, or billing from further back.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_left_truncated as
select
    'left_truncated' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    account_id,
    'was active in ' || strftime(first_month, '%Y-%m') || ', the first month of the data, and has no customer_since'
        as message,
    first_mrr as amount
from account_facts
where is_left_truncated and origin_month is null
