-- title: Starts and ends
-- question: On which days does an account's MRR go up or down, and by how much?
-- grain: one row per start or end of a stretch; two more where a charge counts beyond its own end
-- note: Their sum up to a day is the MRR on that day. A renewal at the same price leaves nothing.
-- column account_id | text | the account
-- column day | date | the day
-- column currency | text | ISO code of its own currency
-- column amount | money | what is added to MRR; an end is negative
-- column original | money | the same in its own currency
-- column covered | count | 1 for a start, -1 for an end
create or replace view starts_and_ends as
-- What is covered is counted in doubles, which are exact for whole numbers and take the least room.
select account_id, starts_on as day, currency, mrr as amount, original_mrr as original, cast(1 as double) as covered
from stretches
union all
select
    account_id,
    ends_on as day,
    currency,
    (0 - mrr) as amount,
    (0 - original_mrr) as original,
    cast(-1 as double) as covered
from stretches
where ends_on is not null
union all
select account_id, charged_to as day, currency, mrr as amount, original_mrr as original, cast(1 as double) as covered
from extended_ends
union all
select
    account_id,
    ends_on as day,
    currency,
    (0 - mrr) as amount,
    (0 - original_mrr) as original,
    cast(-1 as double) as covered
from extended_ends
where ends_on is not null
