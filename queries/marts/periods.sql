-- title: Periods
-- question: From when to when does each charge count, once short gaps are bridged and pending renewals kept?
-- grain: one row per charge that counts
-- note: A period that ended less than grace_days before as_of, was not cancelled and has no successor is
-- note: renewal pending: it stays open. A successor is a later charge of the same subscription, or the first
-- note: charge of another (or one that names none) from bridge_days before the end on.
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column subscription_id | text | the subscription
-- column plan | text | plan, as written
-- column starts_on | date | first day
-- column ends_on | date | the day after the last day; empty while open or pending
-- column charged_to | date | the day after the last day charged for
-- column months | months | length of the interval that the amount pays for
-- column mrr | money | a month's worth, after discount
-- column list_mrr | money | a month's worth, before discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
-- column is_pending | flag | true when the renewal is pending
create or replace table periods as
with
    bridges as (
        select g.account_id, g.chain, g.gap_from, g.gap_to
        from gaps as g
        cross join conventions as c
        where g.days <= c.bridge_days
    ),
    -- Only what ends shortly before as_of can be pending, so only for these accounts is it asked what
    -- follows.
    expiring as (
        select distinct e.account_id
        from effective_charges as e
        cross join conventions as c
        where
            not e.is_cancelled
            and e.ends_on <= c.as_of
            and date_diff('day', e.ends_on, c.as_of) < c.grace_days + greatest(c.bridge_days, 0)
    ),
    subscriptions as (
        select
            e.account_id,
            e.subscription_id,
            min(e.starts_on) as first_start,
            max(e.starts_on) as latest_start
        from effective_charges as e
        join expiring as x on x.account_id = e.account_id
        group by e.account_id, e.subscription_id
    ),
    fresh_starts as (
        select
            account_id,
            max(case when subscription_id is null then latest_start else first_start end) as latest_fresh_start
        from subscriptions
        group by account_id
    ),
    placed as (
        select
            e.source_id,
            e.source_row,
            e.account_id,
            e.subscription_id,
            e.plan,
            e.starts_on,
            e.ends_on as charged_to,
            coalesce(of_subscription.gap_to, of_account.gap_to, e.ends_on) as ends_on,
            e.is_cancelled,
            e.months,
            e.mrr,
            e.list_mrr,
            e.currency,
            e.original_mrr,
            s.latest_start as latest_start_here,
            f.latest_fresh_start
        from effective_charges as e
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
        left join fresh_starts as f on f.account_id = e.account_id
        left join
            subscriptions as s
            on s.account_id = e.account_id
            and s.subscription_id = e.subscription_id
    ),
    judged as (
        select
            p.source_id,
            p.source_row,
            p.account_id,
            p.subscription_id,
            p.plan,
            p.starts_on,
            p.charged_to,
            p.ends_on,
            p.months,
            p.mrr,
            p.list_mrr,
            p.currency,
            p.original_mrr,
            coalesce(
                not p.is_cancelled
                and p.ends_on <= c.as_of
                and date_diff('day', p.ends_on, c.as_of) < c.grace_days
                and (
                    p.latest_fresh_start <= p.starts_on
                    or date_diff('day', p.latest_fresh_start, p.ends_on) > c.bridge_days
                )
                and (p.subscription_id is null or p.latest_start_here = p.starts_on),
                false
            ) as is_pending
        from placed as p
        cross join conventions as c
    )
select
    source_id,
    source_row,
    account_id,
    subscription_id,
    plan,
    starts_on,
    case when is_pending then null else ends_on end as ends_on,
    charged_to,
    months,
    mrr,
    list_mrr,
    currency,
    original_mrr,
    is_pending
from judged
