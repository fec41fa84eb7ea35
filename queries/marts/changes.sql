-- title: Changes of MRR
-- question: In which months does an account's MRR change, and to what?
-- grain: one row per account and month in which its closing MRR differs from the month before
-- note: With monthly rates, the effect of the rate is that on what stays: what comes counts at the new rate,
-- note: what goes at the old one. With zero_is_active, an account that has paid is active while a charge
-- worth
-- note: 0 goes on, and rows are added where such charges start and end.
-- column account_id | text | the account
-- column month | month | the month
-- column delta | money | change of the closing MRR
-- column opening | money | MRR at the end of the month before
-- column closing | money | MRR at the end of the month
-- column next_month | month | the month of the account's next change; empty for the last
-- column fx | money | part of delta that comes from exchange rates
-- column is_active_before | flag | true when the account was active at the end of the month before
-- column is_active | flag | true when it is active at the end of the month
create or replace table changes as
with
    deltas as (
        select d.account_id, cast(date_trunc('month', d.day) as date) as month, d.amount, d.covered
        from starts_and_ends as d
        cross join conventions as c
        where c.fx = 'one_rate' and d.day <= c.as_of
    ),
    -- What is renewed leaves nothing.
    at_one_rate as (
        select
            account_id,
            month,
            sum(amount) as delta,
            cast(0 as decimal(18, 6)) as fx,
            sum(covered) as d_covered
        from deltas
        group by account_id, month
        having sum(amount) <> 0 or sum(covered) <> 0
    ),
    original_deltas as (
        select d.account_id, d.currency, cast(date_trunc('month', d.day) as date) as month, d.original, d.covered
        from starts_and_ends as d
        cross join conventions as c
        where c.fx = 'monthly' and d.currency is not null and d.day <= c.as_of
    ),
    volumes as (
        select account_id, currency, month, sum(original) as d_original, sum(covered) as d_covered
        from original_deltas
        group by account_id, currency, month
        having sum(original) <> 0 or sum(covered) <> 0
    ),
    levels as (
        select
            account_id,
            currency,
            month,
            d_original,
            d_covered,
            sum(d_original) over (
                partition by account_id, currency
                order by month
                rows between unbounded preceding and current row
            ) as original,
            lead(month) over (partition by account_id, currency order by month) as next_month
        from volumes
    ),
    -- A month in which the volume changes, or only the rate of what is held.
    valued as (
        select
            l.account_id,
            m.month,
            case when m.month = l.month then l.d_covered else 0 end as d_covered,
            case when m.month = l.month then l.original - l.d_original else l.original end as held_before,
            l.original as held,
            m.rate_before,
            m.rate
        from levels as l
        join
            month_rates as m
            on m.currency = l.currency
            and m.month >= l.month
            and (l.next_month is null or m.month < l.next_month)
            and (m.month = l.month or (m.rate <> m.rate_before and l.original <> 0))
    ),
    split as (
        select
            account_id,
            month,
            d_covered,
            held_before,
            held,
            case
                when held_before > 0 and held > 0
                then least(held_before, held)
                when held_before < 0 and held < 0
                then greatest(held_before, held)
                else cast(0 as decimal(18, 6))
            end as kept,
            rate_before,
            rate
        from valued
    ),
    at_monthly_rates as (
        select
            account_id,
            month,
            sum(
                cast(cast(held as double) * rate as decimal(18, 6))
                - cast(cast(held_before as double) * rate_before as decimal(18, 6))
            ) as delta,
            sum(
                cast(cast(kept as double) * rate as decimal(18, 6))
                - cast(cast(kept as double) * rate_before as decimal(18, 6))
            ) as fx,
            sum(d_covered) as d_covered
        from split
        group by account_id, month
    ),
    both_ways as (
        select account_id, month, delta, fx, d_covered
        from at_one_rate
        union all
        select account_id, month, delta, fx, d_covered
        from at_monthly_rates
    ),
    net as (
        select
            b.account_id,
            b.month,
            cast(b.delta as decimal(18, 6)) as delta,
            cast(b.fx as decimal(18, 6)) as fx,
            b.d_covered,
            c.zero_is_active
        from both_ways as b
        cross join conventions as c
        where b.delta <> 0 or b.fx <> 0 or (b.d_covered <> 0 and c.zero_is_active)
    ),
    running as (
        select
            account_id,
            month,
            delta,
            fx,
            d_covered,
            zero_is_active,
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
    ),
    -- Only where worth 0 can be active does it matter when an account last paid, and when it last had
    -- nothing.
    held as (
        select
            account_id,
            month,
            delta,
            fx,
            closing,
            d_covered,
            next_month,
            sum(d_covered) over (
                partition by account_id
                order by month
                rows between unbounded preceding and current row
            ) as covered
        from running
        where zero_is_active
    ),
    remembered as (
        select
            account_id,
            month,
            delta,
            fx,
            closing,
            covered,
            d_covered,
            next_month,
            max(case when closing > 0 then month end) over so_far as paid_month,
            max(case when covered <= 0 then month end) over so_far as bare_month,
            max(case when closing > 0 then month end) over until_then as paid_before,
            max(case when covered <= 0 then month end) over until_then as bare_before
        from held
        window
            so_far as (
                partition by account_id
                order by month
                rows between unbounded preceding and current row
            ),
            until_then as (
                partition by account_id
                order by month
                rows between unbounded preceding and 1 preceding
            )
    )
select
    account_id,
    month,
    delta,
    cast(closing - delta as decimal(18, 6)) as opening,
    closing,
    next_month,
    fx,
    closing - delta > 0 as is_active_before,
    closing > 0 as is_active
from running
where not zero_is_active
union all
select
    account_id,
    month,
    delta,
    cast(closing - delta as decimal(18, 6)) as opening,
    closing,
    next_month,
    fx,
    closing - delta > 0
    or (
        covered - d_covered > 0
        and coalesce(paid_before > coalesce(bare_before, date '1900-01-01'), false)
    ) as is_active_before,
    closing > 0
    or (
        covered > 0
        and coalesce(paid_month > coalesce(bare_month, date '1900-01-01'), false)
    ) as is_active
from remembered
