-- title: Renewal lost, but paying
-- question: Which accounts pay at as_of though their latest renewal was lost more than two months before?
-- grain: one row per row that breaks the rule
-- note: Either the CRM is wrong about the renewal, or billing goes on for a customer who has left.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_renewal_lost_but_paying as
with
    latest as (
        select d.source_id, d.source_row, i.account_id, d.is_won, d.closed_on
        from deals as d
        join account_ids as i on i.alias_id = d.account_id
        cross join conventions as c
        where d.kind = 'renewal' and d.is_closed and d.closed_on <= c.as_of
        qualify
            row_number() over (
                partition by i.account_id order by d.closed_on desc, d.source_id desc, d.source_row desc
            )
            = 1
    )
select
    'renewal_lost_but_paying' as "check",
    l.source_id,
    l.source_row,
    l.account_id,
    'lost its renewal on ' || l.closed_on || ', and pays' as message,
    f.mrr as amount
from latest as l
join account_facts as f on f.account_id = l.account_id
cross join conventions as c
where not l.is_won and f.mrr > 0 and date_diff('day', l.closed_on, c.as_of) > 62
