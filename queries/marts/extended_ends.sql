-- title: Extended ends
-- question: Which charges count beyond their own end, because a short gap is bridged or a renewal is pending?
-- grain: one row per such charge; all others count as long as they run
-- note: A period that ended less than grace_days before as_of, was not cancelled and has no successor is
-- note: renewal pending: it stays open. A successor is a later charge of the same subscription, or the first
-- note: charge of another (or one that names none) from bridge_days before the end on.
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column starts_on | date | first day
-- column charged_to | date | the day after the last day charged for
-- column mrr | money | a month's worth, after discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
-- column ends_on | date | the day after the last day that counts; empty while pending
-- column is_pending | flag | true when the renewal is pending
create or replace table extended_ends as
with
    bridges as (
        select g.account_id, g.chain, g.gap_from, g.gap_to
        from gaps as g
        cross join conventions as c
        where g.days <= c.bridge_days
    ),
    -- Within a stretch the next charge begins where one ends: only its last can count beyond its end.
    placed as (
        select
            e.source_id,
            e.source_row,
            e.account_id,
            e.subscription_id,
            coalesce(e.subscription_id, e.plan, '') as chain,
            e.latest_start as starts_on,
            e.ends_on as charged_to,
            e.mrr,
            e.currency,
            e.original_mrr,
            coalesce(of_subscription.gap_to, of_account.gap_to, e.ends_on) as ends_on,
            e.is_cancelled
        from stretches as e
        left join
            bridges as of_account
            on of_account.account_id = e.account_id
            and of_account.chain = ''
            and of_account.gap_from = e.ends_on
        left join
            bridges as of_subscription
            on of_subscription.account_id = e.account_id
            and of_subscription.chain = e.subscription_id
            and of_subscription.gap_from = e.ends_on
        where e.ends_on is not null
    ),
    moved as (
        select
            p.source_id,
            p.source_row,
            p.account_id,
            p.subscription_id,
            p.chain,
            p.starts_on,
            p.charged_to,
            p.mrr,
            p.currency,
            p.original_mrr,
            p.ends_on,
            not p.is_cancelled
            and p.ends_on <= c.as_of
            and date_diff('day', p.ends_on, c.as_of) < c.grace_days as is_expiring,
            c.bridge_days
        from placed as p
        cross join conventions as c
        where
            p.ends_on <> p.charged_to
            or (
                not p.is_cancelled
                and p.ends_on <= c.as_of
                and date_diff('day', p.ends_on, c.as_of) < c.grace_days
            )
    ),
    -- Only for what ends shortly before as_of is it asked what follows.
    expiring as (select distinct account_id from moved where is_expiring),
    subscriptions as (
        select
            e.account_id,
            e.subscription_id,
            min(e.starts_on) as first_start,
            max(e.latest_start) as latest_start
        from stretches as e
        join expiring as x on x.account_id = e.account_id
        group by e.account_id, e.subscription_id
    ),
    -- A charge worth 0 is what follows as well.
    zeros as (
        select
            z.account_id, coalesce(z.subscription_id, z.plan, '') as chain, max(z.starts_on) as latest_start
        from charge_mrr as z
        join expiring as x on x.account_id = z.account_id
        where z.why_not = 'worth 0'
        group by z.account_id, coalesce(z.subscription_id, z.plan, '')
    ),
    fresh_starts as (
        select
            account_id,
            max(case when subscription_id is null then latest_start else first_start end) as latest_fresh_start
        from subscriptions
        group by account_id
    ),
    judged as (
        select
            m.source_id,
            m.source_row,
            m.account_id,
            m.starts_on,
            m.charged_to,
            m.mrr,
            m.currency,
            m.original_mrr,
            m.ends_on,
            coalesce(
                m.is_expiring
                and (
                    f.latest_fresh_start <= m.starts_on
                    or date_diff('day', f.latest_fresh_start, m.ends_on) > m.bridge_days
                )
                and (m.subscription_id is null or s.latest_start = m.starts_on)
                and (z.latest_start is null or date_diff('day', z.latest_start, m.ends_on) > m.bridge_days),
                false
            ) as is_pending
        from moved as m
        left join fresh_starts as f on f.account_id = m.account_id
        left join
            subscriptions as s
            on s.account_id = m.account_id
            and s.subscription_id = m.subscription_id
        left join zeros as z on z.account_id = m.account_id and z.chain = m.chain
    )
-- A line of a sheet with a column for each month is several charges, of different days.
select distinct
    source_id,
    source_row,
    account_id,
    starts_on,
    charged_to,
    mrr,
    currency,
    original_mrr,
    case when is_pending then cast(null as date) else ends_on end as ends_on,
    is_pending
from judged
where is_pending or ends_on <> charged_to
