-- title: Monthly spend
-- question: What was spent in each month on which channel and segment, in the reporting currency?
-- grain: one row per month, channel, segment and kind
-- note: Each currency at its one rate. A line without an amount is no spend.
-- column month | month | the month
-- column channel_key | text | the channel without regard to capitals; empty when the line names none
-- column segment_key | text | the segment likewise
-- column channel | text | the channel as it is written for the accounts won through it, else with the spend
-- column segment | text | the segment likewise
-- column kind | text | program, agency, salaries, tools, commission; program when the line does not say
-- column amount | money | what was spent
-- column is_paid | flag | true when the channel is paid for
create or replace table monthly_spend as
with
    lines as (
        select
            cast(date_trunc('month', s.month) as date) as month,
            lower(trim(s.channel)) as channel_key,
            lower(trim(s.segment)) as segment_key,
            trim(s.channel) as channel,
            trim(s.segment) as segment,
            coalesce(s.kind, 'program') as kind,
            cast(s.amount as double) * r.rate as amount
        from spend as s
        join rates as r on r.currency = s.currency
        where s.amount is not null
    ),
    channels as (
        select l.channel_key, coalesce(min(a.channel), min(l.channel)) as channel
        from (select distinct channel_key, channel from lines where channel_key is not null) as l
        left join
            (select distinct channel_key, channel from acquired) as a on a.channel_key = l.channel_key
        group by l.channel_key
    ),
    segments as (
        select l.segment_key, coalesce(min(a.segment), min(l.segment)) as segment
        from (select distinct segment_key, segment from lines where segment_key is not null) as l
        left join
            (select distinct segment_key, segment from acquired) as a on a.segment_key = l.segment_key
        group by l.segment_key
    ),
    sums as (
        select month, channel_key, segment_key, kind, sum(amount) as amount
        from lines
        group by month, channel_key, segment_key, kind
    )
select
    l.month,
    l.channel_key,
    l.segment_key,
    c.channel,
    s.segment,
    l.kind,
    l.amount,
    p.channel_key is not null as is_paid
from sums as l
left join channels as c on c.channel_key = l.channel_key
left join segments as s on s.segment_key = l.segment_key
left join paid_channels as p on p.channel_key = l.channel_key
