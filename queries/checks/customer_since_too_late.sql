-- title: Customer since, after the first charge
-- question: Which accounts were charged more than a month before the day since when they are said to be
-- customers?
-- grain: one row per row that breaks the rule
-- note: One of the two dates is wrong; ages count from the first charge.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_customer_since_too_late as
with
    first_charges as (
        select account_id, min(starts_on) as starts_on from stretches group by account_id
    )
select
    'customer_since_too_late' as "check",
    cast(null as integer) as source_id,
    cast(null as bigint) as source_row,
    d.account_id,
    'is a customer since ' || d.customer_since || ', and was charged from ' || e.starts_on as message,
    f.mrr as amount
from account_details as d
join first_charges as e on e.account_id = d.account_id
join account_facts as f on f.account_id = d.account_id
where date_diff('day', e.starts_on, d.customer_since) > 31
