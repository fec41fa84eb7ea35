-- Every charge spread over its months, in cents: one row per account and month with MRR.
create or replace temp table levels as
with
    spans as (
        select
            customer_id as account,
            (year(service_period_start) - 2016) * 12 + month(service_period_start) - 1 as begins,
            (year(service_period_end) - 2016) * 12 + month(service_period_end) - 1 as ends,
            amount
        from charges
    ),
    spread as (
        select account, unnest(range(begins, least(ends, 120))) as month, amount // (ends - begins) as mrr
        from spans
    )
select account, cast(month as integer) as month, sum(mrr)::bigint as mrr
from spread
group by account, month
