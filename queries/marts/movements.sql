-- title: Movements
-- question: Was each change new business, a reactivation, a loss, an expansion, a contraction or a rate?
-- grain: one row per account, month and kind
-- note: Tested in this order: new, reactivation, churn, expansion, contraction. An account that starts and
-- note: ends between two month ends is a pair (is_same_month) of its highest MRR there, when the convention
-- note: says both. A return after a longer or shorter gap than the convention's reactivation window is new.
-- note: The effect of exchange rates (fx) comes first in its month; what follows opens where it ends.
-- column account_id | text | the account
-- column month | month | the month
-- column kind | text | new, reactivation, churn, expansion, contraction or fx
-- column opening | money | MRR at the end of the month before
-- column amount | money | the movement; losses are negative
-- column closing | money | MRR at the end of the month
-- column is_same_month | flag | true for a start and an end between two month ends
create or replace table movements as
with
    short_periods as (
        select
            p.account_id,
            cast(date_trunc('month', p.starts_on) as date) as month,
            p.starts_on,
            p.ends_on,
            coalesce(cast(cast(p.original_mrr as double) * r.rate as decimal(18, 6)), p.mrr) as mrr
        from periods as p
        cross join conventions as c
        left join
            month_rates as r
            on r.currency = p.currency
            and r.month = cast(date_trunc('month', p.starts_on) as date)
        where
            c.same_month_new_and_churn = 'both'
            and p.mrr <> 0
            and p.ends_on <= c.as_of
            and date_trunc('month', p.starts_on) = date_trunc('month', p.ends_on)
    ),
    short_deltas as (
        select account_id, month, starts_on as day, mrr as amount
        from short_periods
        union all
        select account_id, month, ends_on as day, (0 - mrr) as amount
        from short_periods
    ),
    short_days as (
        select account_id, month, day, sum(amount) as delta
        from short_deltas
        group by account_id, month, day
    ),
    short_levels as (
        select
            account_id,
            month,
            sum(delta) over (
                partition by account_id, month
                order by day
                rows between unbounded preceding and current row
            ) as mrr
        from short_days
    ),
    short_stays as (
        select account_id, month, cast(max(mrr) as decimal(18, 6)) as amount
        from short_levels
        where mrr > 0
        group by account_id, month
    ),
    pairs as (
        select s.account_id, s.month, s.amount
        from short_stays as s
        left join
            changes as g
            on g.account_id = s.account_id
            and g.is_active
            and g.month <= s.month
            and (g.next_month is null or g.next_month >= s.month)
        where g.account_id is null
    ),
    first_actives as (
        select account_id, min(month) as first_month
        from changes
        where is_active
        group by account_id
    ),
    first_pairs as (select account_id, min(month) as first_month from pairs group by account_id),
    -- At most one gap of an account reaches over the end of a month.
    returns as (
        select
            account_id,
            cast(date_trunc('month', gap_to) as date) as month,
            days,
            (year(gap_to) - year(gap_from)) * 12
            + month(gap_to)
            - month(gap_from)
            - case
                when day(gap_to) < day(gap_from) and gap_to <> last_day(gap_to) then 1 else 0
            end as whole_months
        from gaps
        where chain = '' and gap_from < date_trunc('month', gap_to)
    ),
    histories as (
        select
            g.account_id,
            g.month,
            g.fx,
            cast(g.opening + g.fx as decimal(18, 6)) as opening,
            cast(g.delta - g.fx as decimal(18, 6)) as amount,
            g.closing,
            g.is_active_before,
            g.is_active,
            coalesce(a.first_month < g.month, false)
            or coalesce(s.first_month < g.month, false) as was_ever_active,
            coalesce(r.days > c.reactivation_window_days, false)
            or coalesce(r.whole_months < c.reactivation_after_months, false) as is_new_again
        from changes as g
        cross join conventions as c
        left join first_actives as a on a.account_id = g.account_id
        left join first_pairs as s on s.account_id = g.account_id
        left join returns as r on r.account_id = g.account_id and r.month = g.month
    ),
    judged as (
        select
            account_id,
            month,
            case
                when is_active and not is_active_before and (is_new_again or not was_ever_active)
                then 'new'
                when is_active and not is_active_before
                then 'reactivation'
                when is_active_before and not is_active
                then 'churn'
                when amount > 0
                then 'expansion'
                when amount < 0
                then 'contraction'
            end as kind,
            opening,
            amount,
            closing
        from histories
    ),
    seen_pairs as (
        select
            p.account_id,
            p.month,
            p.amount,
            coalesce(a.first_month < p.month, false) or s.first_month < p.month as was_active
        from pairs as p
        left join first_actives as a on a.account_id = p.account_id
        left join first_pairs as s on s.account_id = p.account_id
    )
select account_id, month, kind, opening, amount, closing, false as is_same_month
from judged
where kind is not null
union all
select
    account_id,
    month,
    'fx' as kind,
    cast(opening - fx as decimal(18, 6)) as opening,
    fx as amount,
    opening as closing,
    false as is_same_month
from histories
where fx <> 0
union all
select
    account_id,
    month,
    case when was_active then 'reactivation' else 'new' end as kind,
    cast(0 as decimal(18, 6)) as opening,
    amount,
    amount as closing,
    true as is_same_month
from seen_pairs
union all
select
    account_id,
    month,
    'churn' as kind,
    amount as opening,
    cast(0 - amount as decimal(18, 6)) as amount,
    cast(0 as decimal(18, 6)) as closing,
    true as is_same_month
from seen_pairs
