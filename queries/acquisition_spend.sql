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
-- column first_month | month | its first month
-- column last_month | month | its last month
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
                channel,
                segment,
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
            group by month, channel_key, segment_key, channel, segment
        ),
        looked_at as (
            select
                d.lag_months,
                p.period,
                p.month,
                p.month_count,
                s.channel_key,
                s.segment_key,
                s.channel,
                s.segment,
                s.amount
            from periods as p
            cross join delays as d
            join spent as s on s.month = cast(p.month - to_months(d.lag_months) as date)
        ),
        known as (
            select lag_months, period
            from looked_at
            group by lag_months, period
            having list_unique(list(month)) = max(month_count)
        ),
        lines as (
            select lag_months, period, channel_key, segment_key, channel, segment, sum(amount) as amount
            from looked_at
            where amount is not null
            group by lag_months, period, channel_key, segment_key, channel, segment
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
                l.channel,
                l.segment,
                l.amount,
                c.slice,
                case shared when 'mrr' then c.mrr else c.accounts end as weight,
                sum(case shared when 'mrr' then c.mrr else c.accounts end) over line as whole,
                row_number() over line as nth,
                case
                    slice_by
                    when 'none'
                    then 'All'
                    when 'channel'
                    then l.channel
                    when 'segment'
                    then l.segment
                end as names
            from lines as l
            left join
                cells as c
                on c.period = l.period
                and (l.channel_key is null or c.channel_key = l.channel_key)
                and (l.segment_key is null or c.segment_key = l.segment_key)
            window line as (partition by l.lag_months, l.period, l.channel_key, l.segment_key)
        ),
        placed as (
            select
                lag_months,
                period,
                case when whole > 0 then slice else coalesce(names, '(names none)') end as slice,
                case when whole > 0 then amount * weight / whole else amount end as spend,
                names is null as is_shared
            from matched
            where
                (whole > 0 and slice is not null)
                or (
                    coalesce(whole, 0) <= 0
                    and nth = 1
                    and (
                        len(scope['channel']) = 0
                        or list_contains(cast(scope['channel'] as varchar[]), channel)
                    )
                    and (
                        len(scope['segment']) = 0
                        or list_contains(cast(scope['segment'] as varchar[]), segment)
                    )
                    and len(scope['lane']) + len(scope['region']) + len(scope['plan']) + len(scope['owner']) = 0
                    and not scope['big_logos_only']
                )
        ),
        sums as (
            select
                lag_months,
                period,
                slice,
                sum(spend) as spend,
                sum(spend) filter (where is_shared) as shared_spend,
                sum(accounts) as new_accounts,
                sum(mrr) as new_mrr,
                case when count(margin) = count(accounts) then sum(margin) end as new_margin
            from
                (
                    select
                        lag_months,
                        period,
                        slice,
                        spend,
                        is_shared,
                        cast(null as bigint) as accounts,
                        cast(null as double) as mrr,
                        cast(null as double) as margin
                    from placed
                    union all
                    select
                        d.lag_months, c.period, c.slice, cast(null as double), false, c.accounts, c.mrr, c.margin
                    from cells as c
                    cross join delays as d
                    where c.slice is not null
                ) as pieces
            group by lag_months, period, slice
        ),
        slices as (
            select slice
            from sums
            union
            select 'All'
            where slice_by = 'none'
        ),
        grid as (
            select d.lag_months, p.period, p.first_month, p.last_month, s.slice
            from
                (
                    select period, min(month) as first_month, max(month) as last_month
                    from periods
                    group by period
                ) as p
            cross join delays as d
            cross join slices as s
        )
    select
        g.lag_months,
        g.period,
        g.first_month,
        g.last_month,
        g.slice,
        case when k.period is not null then coalesce(s.spend, 0) end as spend,
        case when k.period is not null then coalesce(s.shared_spend, 0) end as shared_spend,
        coalesce(s.new_accounts, 0) as new_accounts,
        coalesce(s.new_mrr, 0) as new_mrr,
        s.new_margin
    from grid as g
    left join known as k on k.lag_months = g.lag_months and k.period = g.period
    left join sums as s on s.lag_months = g.lag_months and s.period = g.period and s.slice = g.slice
