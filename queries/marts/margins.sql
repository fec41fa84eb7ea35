-- title: Gross margins
-- question: What is left of a month's revenue after the cost of serving it, by segment?
-- grain: one row per segment with revenue in the window, and one for all of them
-- formula: gross margin = 1 - (cogs + support) / revenue, over the last twelve months that have costs
-- note: Revenue is the sum of MRR at the ends of those months. Costs that name no segment with revenue are
-- note: shared by revenue; a segment that they leave out while they name others has no margin of its own.
-- note: Success is a cost to retain, kept apart. Empty without costs.
-- column segment | text | segment; "(all)" for the company
-- column month_count | count | months with costs in the window
-- column first_month | month | first of them
-- column last_month | month | last of them
-- column revenue | money | MRR summed over these months
-- column cogs | money | cost of goods
-- column support | money | cost of support
-- column success | money | cost of customer success
-- column gross_margin | rate | 1 - (cogs + support) / revenue
create or replace table margins as
with
    limits as (select max(month) as last_full from months where is_full),
    costed as (
        select distinct cast(date_trunc('month', c.month) as date) as month
        from costs as c
        cross join limits as l
        where c.amount is not null and c.month <= last_day(l.last_full)
    ),
    latest as (select max(month) as last_month from costed),
    used as (
        select c.month
        from costed as c
        cross join latest as l
        where c.month > cast(l.last_month - interval '12' month as date)
    ),
    span as (
        select count(*) as month_count, min(month) as first_month, max(month) as last_month
        from used
    ),
    deltas as (
        select coalesce(f.segment, '(not known)') as segment, g.month, cast(sum(g.delta) as double) as delta
        from changes as g
        join account_facts as f on f.account_id = g.account_id
        group by coalesce(f.segment, '(not known)'), g.month
    ),
    revenues as (
        select d.segment, sum(d.delta) as revenue
        from used as u
        join deltas as d on d.month <= u.month
        group by d.segment
        having sum(d.delta) > 0
    ),
    whole as (select sum(revenue) as revenue from revenues),
    lines as (
        select
            r.segment,
            sum(case when c.kind in ('support', 'success') then 0 else cast(c.amount as double) * x.rate end) as cogs,
            sum(case when c.kind = 'support' then cast(c.amount as double) * x.rate else 0 end) as support,
            sum(case when c.kind = 'success' then cast(c.amount as double) * x.rate else 0 end) as success
        from costs as c
        join used as u on u.month = cast(date_trunc('month', c.month) as date)
        join rates as x on x.currency = c.currency
        left join revenues as r on lower(trim(r.segment)) = lower(trim(c.segment))
        group by r.segment
    ),
    shared as (
        select
            coalesce(sum(cogs), 0) as cogs, coalesce(sum(support), 0) as support, coalesce(sum(success), 0) as success
        from lines
        where segment is null
    ),
    named as (select count(segment) as segments from lines),
    by_segment as (
        select
            r.segment,
            r.revenue,
            l.segment is not null or n.segments = 0 as is_known,
            coalesce(l.cogs, 0) + s.cogs * r.revenue / nullif(w.revenue, 0) as cogs,
            coalesce(l.support, 0) + s.support * r.revenue / nullif(w.revenue, 0) as support,
            coalesce(l.success, 0) + s.success * r.revenue / nullif(w.revenue, 0) as success
        from revenues as r
        cross join whole as w
        cross join shared as s
        cross join named as n
        left join lines as l on l.segment = r.segment
    ),
    every as (
        select segment, is_known, revenue, cogs, support, success
        from by_segment
        union all
        select
            '(all)' as segment,
            true as is_known,
            sum(revenue) as revenue,
            sum(cogs) as cogs,
            sum(support) as support,
            sum(success) as success
        from by_segment
        having count(*) > 0
    )
select
    e.segment,
    s.month_count,
    s.first_month,
    s.last_month,
    e.revenue,
    e.cogs,
    e.support,
    e.success,
    case when e.is_known then 1 - (e.cogs + e.support) / nullif(e.revenue, 0) end as gross_margin
from every as e
cross join span as s
