-- title: Spend of acquired accounts
-- question: Which spend belongs to the accounts won in a period, in a slice and a scope?
-- grain: one row per lag, period and slice with spend or new accounts; without slices, per lag and period
-- note: A line of spend belongs to the accounts won lag months later that it could have won: those of its
-- note: channel and of its segment, where it names one. It is shared among them, by number or by first MRR. A
-- note: line with which nobody was won stays with the slice that it names.
-- note: blended: program and agency. paid: program spend of a paid channel, and the accounts of paid
-- note: channels. fully_loaded: every kind.
-- column lag_months | count | months by which the spend comes first
-- column period | text | the period
-- column first_month | month | its first month
-- column last_month | month | its last month
-- column slice | text | value of the attribute, or All
-- column spend | money | spend that belongs to the slice; empty when a month of its window has none at all
-- column shared_spend | money | the part of it that names no slice
-- column new_accounts | count | accounts won
-- column new_mrr | money | their first MRR
-- column new_margin | money | their first MRR after the cost of serving it; empty when a margin is missing
create or replace macro acquisition_spend(scope, slice_by, basis, grain, lags, shared, until) as table
    with
        -- What was spent on each channel and segment; and a row for each period, whether anything was or not.
        lines as (
            select
                d.lag_months,
                p.period,
                p.first_month,
                p.last_month,
                coalesce(s.is_whole, true) as is_whole,
                coalesce(s.is_complete, false) as is_known,
                s.channel_key,
                s.segment_key,
                case basis when 'blended' then s.blended when 'paid' then s.paid else s.fully_loaded end as amount,
                case
                    when basis = 'paid'
                    then case shared when 'mrr' then w.paid_mrr else w.paid_accounts end
                    else case shared when 'mrr' then w.mrr else w.accounts end
                end as whole,
                case
                    slice_by when 'none' then 'All' when 'channel' then s.channel when 'segment' then s.segment
                end as names,
                (len(scope['channel']) = 0 or list_contains(cast(scope['channel'] as varchar[]), s.channel))
                and (len(scope['segment']) = 0 or list_contains(cast(scope['segment'] as varchar[]), s.segment))
                and len(scope['lane']) + len(scope['region']) + len(scope['plan']) + len(scope['owner']) = 0
                and not scope['big_logos_only'] as is_in_scope
            from acquisition_months(grain, until) as p
            cross join (select unnest(lags) as lag_months) as d
            left join
                spend_spans as s
                on s.month_count = p.month_count
                and s.last_number = p.last_number - d.lag_months
            left join
                won_together as w
                on w.kind = grain
                and w.last_number = p.last_number
                and w.channel_key is not distinct from s.channel_key
                and w.segment_key is not distinct from s.segment_key
            where p.month = p.last_month
        ),
        won as (
            select
                p.last_month,
                s.slice,
                a.channel_key,
                a.segment_key,
                count(*) as accounts,
                sum(cast(a.mrr as double)) as mrr,
                sum(cast(a.mrr as double) * a.gross_margin) as margin
            from acquired as a
            join acquisition_months(grain, until) as p on p.month = a.month
            join slices_in_scope(scope, slice_by) as s on s.account_id = a.account_id
            where basis <> 'paid' or a.is_paid
            group by p.last_month, s.slice, a.channel_key, a.segment_key
        ),
        placed as (
            select
                l.lag_months,
                l.period,
                l.first_month,
                l.last_month,
                l.is_known,
                case
                    when w.slice is not null
                    then w.slice
                    when l.is_whole
                    then case slice_by when 'none' then 'All' end
                    when coalesce(l.whole, 0) <= 0 and l.is_in_scope
                    then coalesce(l.names, '(names none)')
                end as slice,
                l.names is null as is_shared,
                case
                    when l.is_whole
                    then 0
                    when w.slice is null
                    then l.amount
                    else l.amount * case shared when 'mrr' then w.mrr else w.accounts end / l.whole
                end as spend,
                case when l.is_whole then w.accounts end as accounts,
                case when l.is_whole then w.mrr end as mrr,
                case when l.is_whole then w.margin end as margin
            from lines as l
            left join
                won as w
                on w.last_month = l.last_month
                and (l.is_whole or l.whole > 0)
                and (l.channel_key is null or w.channel_key = l.channel_key)
                and (l.segment_key is null or w.segment_key = l.segment_key)
            where l.is_whole or l.amount is not null
        )
    select
        lag_months,
        period,
        first_month,
        last_month,
        slice,
        case when is_known then sum(spend) end as spend,
        case when is_known then coalesce(sum(spend) filter (where is_shared), 0) end as shared_spend,
        coalesce(sum(accounts), 0) as new_accounts,
        coalesce(sum(mrr), 0) as new_mrr,
        case when count(margin) = count(accounts) then sum(margin) end as new_margin
    from placed
    where slice is not null
    group by lag_months, period, first_month, last_month, is_known, slice
