-- title: Channels
-- question: By which channels are accounts won, and which of them are paid for?
-- grain: one row per channel of an account won or of a line of spend
-- note: Channels are matched without regard to capitals and spaces at the ends.
-- column channel | text | the channel
-- column is_paid | flag | true when it counts as paid
-- column accounts | count | accounts won
-- column program_spend | money | programme spend booked to it
with
    won as (
        select channel_key, min(channel) as channel, count(*) as accounts
        from acquired
        where channel is not null
        group by channel_key
    ),
    spent as (
        select
            lower(trim(s.channel)) as channel_key,
            min(trim(s.channel)) as channel,
            sum(cast(s.amount as double) * r.rate) filter (
                where coalesce(s.kind, 'program') = 'program'
            ) as program_spend
        from spend as s
        join rates as r on r.currency = s.currency
        where s.channel is not null
        group by 1
    )
select
    coalesce(w.channel, s.channel) as channel,
    coalesce(w.channel_key, s.channel_key) in (select channel_key from paid_channels) as is_paid,
    coalesce(w.accounts, 0) as accounts,
    s.program_spend
from won as w
full join spent as s on s.channel_key = w.channel_key
order by is_paid desc, s.program_spend desc nulls last, w.accounts desc nulls last, channel
