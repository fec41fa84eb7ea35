-- title: Won together
-- question: Among how many accounts won in a period is a line of spend shared, by what it names?
-- grain: one row per period, channel and segment; empty for a line that does not name it
-- note: All accounts, whatever the filter: a filtered page gets the share of its own.
-- column kind | text | month, quarter, year or twelve_months
-- column last_number | count | last month of the period counted from year 0
-- column channel_key | text | the channel that the line names; empty when it names none
-- column segment_key | text | the segment likewise
-- column accounts | count | accounts won
-- column mrr | money | their first MRR
-- column paid_accounts | count | those of them won through a paid channel
-- column paid_mrr | money | their first MRR
create or replace table won_together as
with
    monthly as (
        select
            month,
            channel_key,
            segment_key,
            count(*) as accounts,
            sum(cast(mrr as double)) as mrr,
            sum(case when is_paid then 1 else 0 end) as paid_accounts,
            sum(case when is_paid then cast(mrr as double) else 0 end) as paid_mrr
        from acquired
        group by month, channel_key, segment_key
    ),
    every as (
        select
            p.kind,
            p.last_number,
            m.channel_key,
            m.segment_key,
            grouping(m.channel_key) as any_channel,
            grouping(m.segment_key) as any_segment,
            sum(m.accounts) as accounts,
            sum(m.mrr) as mrr,
            sum(m.paid_accounts) as paid_accounts,
            sum(m.paid_mrr) as paid_mrr
        from monthly as m
        join acquisition_periods as p on p.month = m.month
        group by
            grouping sets (
                (p.kind, p.last_number),
                (p.kind, p.last_number, m.channel_key),
                (p.kind, p.last_number, m.segment_key),
                (p.kind, p.last_number, m.channel_key, m.segment_key)
            )
    )
select kind, last_number, channel_key, segment_key, accounts, mrr, paid_accounts, paid_mrr
from every
where
    (any_channel = 1 or channel_key is not null)
    and (any_segment = 1 or segment_key is not null)
