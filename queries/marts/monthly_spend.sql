-- title: Monthly spend
-- question: What was spent in each month on which channel and segment, in the reporting currency?
-- grain: one row per month, channel, segment and kind
-- note: Each currency at its one rate. A line without an amount is no spend.
-- column month | month | the month
-- column channel_key | text | the channel without regard to capitals; empty when the line names none
-- column segment_key | text | the segment likewise
-- column channel | text | the channel as written
-- column segment | text | the segment as written
-- column kind | text | program, agency, salaries, tools, commission; program when the line does not say
-- column amount | money | what was spent
create or replace table monthly_spend as
select
    cast(date_trunc('month', s.month) as date) as month,
    lower(trim(s.channel)) as channel_key,
    lower(trim(s.segment)) as segment_key,
    min(trim(s.channel)) as channel,
    min(trim(s.segment)) as segment,
    coalesce(s.kind, 'program') as kind,
    sum(cast(s.amount as double) * r.rate) as amount
from spend as s
join rates as r on r.currency = s.currency
where s.amount is not null
group by
    cast(date_trunc('month', s.month) as date), lower(trim(s.channel)), lower(trim(s.segment)), coalesce(s.kind, 'program')
