-- title: Spend of months in a row
-- question: What was spent in one, three and twelve months in a row, on which channel and segment?
-- grain: one row per span, channel and segment with spend in it, and one for the span itself
-- note: A span may end with any month: spend is looked for any number of months before a customer.
-- column month_count | count | 1, 3 or 12 months
-- column last_number | count | its last month counted from year 0
-- column is_whole | flag | true for the row of the span itself
-- column is_complete | flag | true when each of its months has spend of any kind
-- column channel_key | text | the channel without regard to capitals; empty when the lines name none
-- column segment_key | text | the segment likewise
-- column channel | text | the channel as it is written
-- column segment | text | the segment likewise
-- column blended | money | program and agency spend; empty when there are no lines of it
-- column paid | money | program spend of paid channels likewise
-- column fully_loaded | money | every kind
create or replace table spend_spans as
with
    monthly as (
        select
            year(month) * 12 + month(month) as number,
            channel_key,
            segment_key,
            channel,
            segment,
            sum(amount) filter (where kind in ('program', 'agency')) as blended,
            sum(amount) filter (where kind = 'program' and is_paid) as paid,
            sum(amount) as fully_loaded
        from monthly_spend
        group by month, channel_key, segment_key, channel, segment
    ),
    steps as (select unnest(generate_series(0, 11)) as step),
    spans as (
        select l.month_count, s.step
        from (select 1 as month_count union all select 3 union all select 12) as l
        join steps as s on s.step < l.month_count
    ),
    looked_at as (
        select
            p.month_count,
            m.number + p.step as last_number,
            m.number,
            m.channel_key,
            m.segment_key,
            m.channel,
            m.segment,
            m.blended,
            m.paid,
            m.fully_loaded
        from monthly as m
        cross join spans as p
    ),
    wholes as (
        select month_count, last_number, count(distinct number) = month_count as is_complete
        from looked_at
        group by month_count, last_number
    )
select
    month_count,
    last_number,
    true as is_whole,
    is_complete,
    cast(null as varchar) as channel_key,
    cast(null as varchar) as segment_key,
    cast(null as varchar) as channel,
    cast(null as varchar) as segment,
    cast(null as double) as blended,
    cast(null as double) as paid,
    cast(null as double) as fully_loaded
from wholes
union all
select
    l.month_count,
    l.last_number,
    false as is_whole,
    w.is_complete,
    l.channel_key,
    l.segment_key,
    l.channel,
    l.segment,
    sum(l.blended) as blended,
    sum(l.paid) as paid,
    sum(l.fully_loaded) as fully_loaded
from looked_at as l
join wholes as w on w.month_count = l.month_count and w.last_number = l.last_number
group by l.month_count, l.last_number, w.is_complete, l.channel_key, l.segment_key, l.channel, l.segment
