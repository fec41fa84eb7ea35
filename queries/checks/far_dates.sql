-- title: Dates far away
-- question: Which charges start before 1980 or end more than thirty years after as_of?
-- grain: one row per row that breaks the rule
-- note: A year such as 2090 or 1900 is usually a typing error.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_far_dates as
select
    'far_dates' as "check",
    h.source_id,
    h.source_row,
    h.account_id,
    'runs from ' || h.starts_on || ' to ' || coalesce(cast(h.ends_on as varchar), 'open') as message,
    h.amount
from charges as h
cross join conventions as c
where h.starts_on < date '1980-01-01' or h.ends_on > c.as_of + interval '30' year
