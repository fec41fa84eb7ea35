-- title: Spend of acquired accounts
-- question: Which spend belongs to the accounts won in a period, in a slice and a scope?
-- grain: one row per lag, period and slice that has spend or new accounts
-- note: A line of spend belongs to the accounts won lag months later that it could have won: those of its
-- note: channel and of its segment, where it names one. It is shared among them, by number or by first MRR. A
-- note: line with which nobody was won stays with the slice that it names.
-- note: blended: program and agency. paid: program spend of a paid channel, and the accounts of paid
-- channels.
-- note: fully_loaded: every kind. Paid channels are those of paid_channels.
-- column lag_months | count | months by which the spend comes first
-- column period | text | the period
-- column slice | text | value of the attribute, or All
-- column spend | money | spend that belongs to the slice; empty when a month of the window has no spend at
-- all
-- column shared_spend | money | the part of it that names no slice
-- column new_accounts | count | accounts won
-- column new_mrr | money | their first MRR
-- column new_margin | money | their first MRR after the cost of serving it; empty when a margin is missing
create or replace macro acquisition_spend(scope, slice_by, basis, grain, lags, shared, until) as table
    with
        decided as (
            select max(try_cast(value as double)) as gross_margin from settings where name = 'gross_margin'
        ),
        paid as (select channel_key from paid_channels()),
        periods as (select period, month, month_count from acquisition_months(grain, until)),
        delays as (select unnest(lags) as lag_months),
        spent as (
            select
                month,
                channel_key,
                segment_key,
                min(channel) as channel,
                min(segment) as segment,
                sum(amount) filter (
                    where
                        basis = 'fully_loaded'
                        or (basis = 'blended' and kind in ('program', 'agency'))
                        or (
                            basis = 'paid'
                            and kind = 'program'
                            and channel_key in (select channel_key from paid)
                        )
                ) as amount
            from monthly_spend
            group by month, channel_key, segment_key
        ),
        known as (
            select d.lag_months, p.period
            from periods as p
            cross join delays as d
            join
                (select distinct month from spent) as s
                on s.month = cast(p.month - to_months(d.lag_months) as date)
            group by d.lag_months, p.period
            having count(*) = max(p.month_count)
        ),
        lines as (
            select
                d.lag_months,
                p.period,
                s.channel_key,
                s.segment_key,
                min(s.channel) as channel,
                min(s.segment) as segment,
                sum(s.amount) as amount
            from periods as p
            cross join delays as d
            join spent as s on s.month = cast(p.month - to_months(d.lag_months) as date)
            where s.amount is not null
            group by 1, 2, 3, 4
        ),
        cells as (
            select
                p.period,
                s.slice,
                a.channel_key,
                a.segment_key,
                count(*) as accounts,
                sum(cast(a.mrr as double)) as mrr,
                sum(cast(a.mrr as double) * coalesce(d.gross_margin, a.cost_margin)) as margin
            from acquired as a
            join periods as p on p.month = a.month
            cross join decided as d
            left join slices_in_scope(scope, slice_by) as s on s.account_id = a.account_id
            where basis <> 'paid' or a.channel_key in (select channel_key from paid)
            group by 1, 2, 3, 4
        ),
        matched as (
            select
                l.lag_months,
                l.period,
                c.slice,
                l.amount,
                case
                    slice_by
                    when 'none'
                    then false
                    when 'channel'
                    then l.channel_key is null
                    when 'segment'
                    then l.segment_key is null
                    else true
                end as is_shared,
                l.channel_key,
                l.segment_key,
                case shared when 'mrr' then c.mrr else c.accounts end as weight,
                sum(case shared when 'mrr' then c.mrr else c.accounts end) over (
                    partition by l.lag_months, l.period, l.channel_key, l.segment_key
                ) as whole
            from lines as l
            join
                cells as c
                on c.period = l.period
                and (l.channel_key is null or c.channel_key = l.channel_key)
                and (l.segment_key is null or c.segment_key = l.segment_key)
        ),
        placed as (
            select
                lag_months,
                period,
                slice,
                amount * weight / whole as spend,
                case when is_shared then amount * weight / whole else 0 end as shared_spend
            from matched
            where whole > 0 and slice is not null
            union all
            select
                l.lag_months,
                l.period,
                case
                    when slice_by = 'none'
                    then 'All'
                    when slice_by = 'channel' and l.channel_key is not null
                    then coalesce(n.channel, l.channel)
                    when slice_by = 'segment' and l.segment_key is not null
                    then coalesce(g.segment, l.segment)
                    else '(names none)'
                end as slice,
                l.amount as spend,
                case
                    when
                        slice_by = 'none'
                        or (slice_by = 'channel' and l.channel_key is not null)
                        or (slice_by = 'segment' and l.segment_key is not null)
                    then 0
                    else l.amount
                end as shared_spend
            from lines as l
            left join
                (select channel_key, min(channel) as channel from acquired group by channel_key) as n
                on n.channel_key = l.channel_key
            left join
                (select segment_key, min(segment) as segment from acquired group by segment_key) as g
                on g.segment_key = l.segment_key
            where
                not exists (
                    select 1
                    from matched as m
                    where
                        m.lag_months = l.lag_months
                        and m.period = l.period
                        and m.channel_key is not distinct from l.channel_key
                        and m.segment_key is not distinct from l.segment_key
                        and m.whole > 0
                )
                and (
                    len(scope['channel']) = 0
                    or list_contains(cast(scope['channel'] as varchar[]), coalesce(n.channel, l.channel))
                )
                and (
                    len(scope['segment']) = 0
                    or list_contains(cast(scope['segment'] as varchar[]), coalesce(g.segment, l.segment))
                )
                and len(scope['lane']) + len(scope['region']) + len(scope['plan']) + len(scope['owner']) = 0
                and not scope['big_logos_only']
        ),
        money as (
            select lag_months, period, slice, sum(spend) as spend, sum(shared_spend) as shared_spend
            from placed
            group by 1, 2, 3
        ),
        won as (
            select
                period,
                slice,
                sum(accounts) as new_accounts,
                sum(mrr) as new_mrr,
                case when count(margin) = count(*) then sum(margin) end as new_margin
            from cells
            where slice is not null
            group by period, slice
        ),
        slices as (
            select slice
            from money
            union
            select slice
            from won
            union
            select 'All'
            where slice_by = 'none'
        ),
        grid as (
            select d.lag_months, p.period, s.slice
            from (select distinct period from periods) as p
            cross join delays as d
            cross join slices as s
        )
    select
        g.lag_months,
        g.period,
        g.slice,
        case when k.period is not null then coalesce(m.spend, 0) end as spend,
        case when k.period is not null then coalesce(m.shared_spend, 0) end as shared_spend,
        coalesce(w.new_accounts, 0) as new_accounts,
        coalesce(w.new_mrr, 0) as new_mrr,
        w.new_margin
    from grid as g
    left join known as k on k.lag_months = g.lag_months and k.period = g.period
    left join money as m on m.lag_months = g.lag_months and m.period = g.period and m.slice = g.slice
    left join won as w on w.period = g.period and w.slice = g.slice
