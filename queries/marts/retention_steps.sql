-- title: Retention steps
-- question: How do "MRR now" and "MRR twelve months ago" of the same accounts change from month to month?
-- grain: one row per account and month in which either changes
-- note: Sums of these steps up to a month give the trailing-twelve-month numerators and denominators.
-- column account_id | text | the account
-- column month | month | the month
-- column d_base | money | change of MRR twelve months ago
-- column d_kept | money | change of MRR now, of accounts active twelve months ago
-- column d_capped | money | change of the lesser of the two
-- column d_base_accounts | count | change of accounts active twelve months ago
-- column d_kept_accounts | count | change of those of them still active
create or replace table retention_steps as
with
    points as (
        select
            account_id,
            month,
            delta as d_now,
            cast(0 as decimal(18, 6)) as d_then,
            cast(
                case when is_active then 1 else 0 end
                - case when is_active_before then 1 else 0 end as double
            ) as d_active_now,
            cast(0 as double) as d_active_then
        from changes
        union all
        select
            account_id,
            cast(month + interval '12' month as date) as month,
            cast(0 as decimal(18, 6)) as d_now,
            delta as d_then,
            cast(0 as double) as d_active_now,
            cast(
                case when is_active then 1 else 0 end
                - case when is_active_before then 1 else 0 end as double
            ) as d_active_then
        from changes
    ),
    merged as (
        select
            p.account_id,
            p.month,
            sum(p.d_now) as d_now,
            sum(p.d_then) as d_then,
            sum(p.d_active_now) as d_active_now,
            sum(p.d_active_then) as d_active_then
        from points as p
        cross join conventions as c
        where p.month <= c.as_of
        group by p.account_id, p.month
    ),
    levels as (
        select
            account_id,
            month,
            d_now,
            d_then,
            d_active_now,
            d_active_then,
            sum(d_now) over so_far as mrr_now,
            sum(d_then) over so_far as mrr_then,
            sum(d_active_now) over so_far as active_now,
            sum(d_active_then) over so_far as active_then
        from merged
        window
            so_far as (
                partition by account_id
                order by month
                rows between unbounded preceding and current row
            )
    ),
    states as (
        select
            account_id,
            month,
            greatest(mrr_now, 0) as now_after,
            greatest(mrr_then, 0) as then_after,
            greatest(mrr_now - d_now, 0) as now_before,
            greatest(mrr_then - d_then, 0) as then_before,
            active_now,
            active_then,
            active_now - d_active_now as active_now_before,
            active_then - d_active_then as active_then_before
        from levels
    )
select
    account_id,
    month,
    cast(then_after - then_before as decimal(18, 6)) as d_base,
    cast(
        case when active_then > 0 then now_after else 0 end
        - case when active_then_before > 0 then now_before else 0 end as decimal(18, 6)
    ) as d_kept,
    cast(least(now_after, then_after) - least(now_before, then_before) as decimal(18, 6)) as d_capped,
    cast(round(active_then - active_then_before) as integer) as d_base_accounts,
    case when active_then > 0 and active_now > 0 then 1 else 0 end
    - case when active_then_before > 0 and active_now_before > 0 then 1 else 0 end as d_kept_accounts
from states
