-- title: Accounts behind a retention rate
-- question: Whose revenue stands behind trailing-twelve-month retention at the end of a month?
-- grain: one row per account active twelve months before
-- parameter month | month | none | the month at whose end the rate stands; the last full month when empty
-- column account_id | text | the account
-- column account | text | its name
-- column segment | text | segment
-- column mrr_then | money | MRR twelve months before
-- column mrr_now | money | MRR at the end of the month
-- column change | money | now less then
-- column kept | money | the lesser of the two, as gross retention counts it
-- column status | text | left, shrank, stayed or grew
with
    chosen as (select coalesce(cast($month as date), max(month)) as month from months where is_full),
    levels as (
        select
            g.account_id,
            max(g.closing) filter (
                where
                    g.month <= c.month - interval '12' month
                    and (g.next_month is null or g.next_month > c.month - interval '12' month)
            ) as mrr_then,
            max(g.closing) filter (
                where g.month <= c.month and (g.next_month is null or g.next_month > c.month)
            ) as mrr_now,
            bool_or(g.is_active) filter (
                where
                    g.month <= c.month - interval '12' month
                    and (g.next_month is null or g.next_month > c.month - interval '12' month)
            ) as was_active,
            bool_or(g.is_active) filter (
                where g.month <= c.month and (g.next_month is null or g.next_month > c.month)
            ) as is_active
        from changes as g
        cross join chosen as c
        semi join accounts_in_scope($scope) as s on s.account_id = g.account_id
        group by g.account_id
    )
select
    l.account_id,
    f.account,
    f.segment,
    l.mrr_then,
    greatest(coalesce(l.mrr_now, 0), 0) as mrr_now,
    greatest(coalesce(l.mrr_now, 0), 0) - l.mrr_then as change,
    least(greatest(coalesce(l.mrr_now, 0), 0), l.mrr_then) as kept,
    case
        when not coalesce(l.is_active, false)
        then 'left'
        when l.mrr_now < l.mrr_then
        then 'shrank'
        when l.mrr_now > l.mrr_then
        then 'grew'
        else 'stayed'
    end as status
from levels as l
join account_facts as f on f.account_id = l.account_id
where l.was_active
order by abs(greatest(coalesce(l.mrr_now, 0), 0) - l.mrr_then) desc, l.account_id
