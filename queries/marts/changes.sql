-- title: Changes of MRR
-- question: In which months does an account's MRR change, and to what?
-- grain: one row per account and month in which its closing MRR differs from the month before
-- column account_id | text | the account
-- column month | month | the month
-- column delta | money | change of the closing MRR
-- column opening | money | MRR at the end of the month before
-- column closing | money | MRR at the end of the month
-- column next_month | month | the month of the account's next change; empty for the last
create or replace table changes as
with
    deltas as (
        select account_id, cast(date_trunc('month', starts_on) as date) as month, mrr as amount
        from periods
        union all
        select p.account_id, cast(date_trunc('month', p.ends_on) as date) as month, (0 - p.mrr) as amount
        from periods as p
        cross join conventions as c
        where p.ends_on <= c.as_of
    ),
    net as (
        select account_id, month, cast(sum(amount) as decimal(18, 6)) as delta
        from deltas
        group by account_id, month
        having sum(amount) <> 0
    ),
    running as (
        select
            account_id,
            month,
            delta,
            cast(sum(delta) over so_far as decimal(18, 6)) as closing,
            lead(month) over in_order as next_month
        from net
        window
            in_order as (partition by account_id order by month),
            so_far as (
                partition by account_id
                order by month
                rows between unbounded preceding and current row
            )
    )
select
    account_id,
    month,
    delta,
    cast(closing - delta as decimal(18, 6)) as opening,
    closing,
    next_month
from running
