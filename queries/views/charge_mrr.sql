-- title: MRR of each charge
-- question: What is each charge worth a month, and does it count?
-- grain: one row per charge
-- formula: (amount - discount) x rate / months of its interval; week x 52/12, day x 365/12
-- note: A status speaks about as_of, not about history: what is unpaid, paused or (by convention) past due
-- note: now stops counting at as_of. A discount that a later charge of the same subscription no longer has is
-- note: temporary: with discounts = forever_only it does not lower MRR.
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account that pays
-- column subscription_id | text | the subscription
-- column plan | text | plan, as written
-- column starts_on | date | first day of the service period
-- column ends_on | date | the day after its last day; empty while open
-- column cancelled_on | date | day on which a cancellation takes effect
-- column term_ends_on | date | end of the contract term
-- column is_cancelled | flag | true when known by as_of to be cancelled, or to have stopped counting
-- column supersedes | flag | true when a later charge of the same subscription ends this one
-- column months | months | length of the interval that the amount pays for
-- column mrr | money | a month's worth, after discount
-- column list_mrr | money | a month's worth, before discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
-- column why_not | text | why it does not count; empty when it counts
create or replace view charge_mrr as
with
    -- Most ids stand for themselves, and need not be looked up.
    aliases as (select alias_id, account_id from account_ids where account_id <> alias_id),
    dated as (
        select
            h.source_id,
            h.source_row,
            coalesce(i.account_id, h.account_id) as account_id,
            h.subscription_id,
            h.plan,
            h.starts_on,
            case
                when
                    (h.status in ('unpaid', 'paused') or (h.status = 'past_due' and not c.past_due_counts))
                    and coalesce(h.ends_on, h.cancelled_on, c.as_of) >= c.as_of
                then c.as_of
                when h.ends_on is not null
                then h.ends_on
                when h.cancelled_on is not null
                then greatest(coalesce(h.term_ends_on, h.cancelled_on), h.cancelled_on)
                when h.status in ('cancelled', 'expired')
                then c.as_of
            end as ends_on,
            h.cancelled_on,
            h.term_ends_on,
            coalesce(h.cancelled_on <= c.as_of, false)
            or coalesce(h.status in ('unpaid', 'paused', 'cancelled', 'expired'), false)
            or coalesce(h.status = 'past_due' and not c.past_due_counts, false) as is_cancelled,
            coalesce(h.supersedes, false) as supersedes,
            h.amount,
            case
                when
                    c.discounts = 'never'
                    or (c.discounts = 'forever_only' and h.starts_on < d.undiscounted_from)
                then cast(0 as decimal(18, 4))
                else coalesce(h.discount, 0)
            end as discount,
            h.interval_unit,
            coalesce(h.interval_count, 1) as interval_count,
            coalesce(h.is_recurring, true) as is_recurring,
            h.status,
            h.currency,
            r.rate,
            c.as_of,
            c.zero_is_active,
            (year(h.ends_on) - year(h.starts_on)) * 12 + month(h.ends_on) - month(h.starts_on) as calendar_months,
            case
                when day(h.starts_on) = day(h.ends_on)
                then true
                when h.ends_on = last_day(h.ends_on)
                then day(h.starts_on) > day(h.ends_on) or h.starts_on = last_day(h.starts_on)
                else false
            end as is_whole_months,
            date_diff('day', h.starts_on, h.ends_on) as days
        from charges as h
        cross join conventions as c
        left join aliases as i on i.alias_id = h.account_id
        left join rates as r on r.currency = h.currency
        left join
            discount_ends as d
            on d.account_id = h.account_id
            and d.chain = coalesce(h.subscription_id, h.plan, '')
    ),
    spread as (
        select
            source_id,
            source_row,
            account_id,
            subscription_id,
            plan,
            starts_on,
            ends_on,
            cancelled_on,
            term_ends_on,
            is_cancelled,
            supersedes,
            amount,
            discount,
            is_recurring,
            status,
            currency,
            rate,
            as_of,
            zero_is_active,
            case
                when interval_unit = 'month'
                then cast(interval_count as double)
                when interval_unit = 'quarter'
                then cast(3 * interval_count as double)
                when interval_unit = 'half_year'
                then cast(6 * interval_count as double)
                when interval_unit = 'year'
                then cast(12 * interval_count as double)
                when interval_unit = 'week'
                then cast(interval_count as double) * 12 / 52
                when interval_unit = 'day'
                then cast(interval_count as double) * 12 / 365
                when is_whole_months and calendar_months > 0
                then cast(calendar_months as double)
                else cast(days as double) * 12 / 365.25
            end as months
        from dated
    )
select
    source_id,
    source_row,
    account_id,
    subscription_id,
    plan,
    starts_on,
    ends_on,
    cancelled_on,
    term_ends_on,
    is_cancelled,
    supersedes,
    months,
    cast(cast(amount - discount as double) * rate / nullif(months, 0) as decimal(18, 6)) as mrr,
    cast(cast(amount as double) * rate / nullif(months, 0) as decimal(18, 6)) as list_mrr,
    currency,
    cast(cast(amount - discount as double) / nullif(months, 0) as decimal(18, 6)) as original_mrr,
    case
        when account_id is null
        then 'no account'
        when not is_recurring
        then 'one-time, usage or proration'
        when status in ('trialing', 'draft', 'void', 'incomplete', 'future')
        then status
        when starts_on is null
        then 'no start'
        when starts_on > as_of
        then 'starts after as_of'
        when ends_on <= starts_on
        then 'period without a day'
        when amount is null
        then 'no amount'
        when rate is null
        then 'no rate for its currency'
        when months is null
        then 'no interval and no end'
        when amount - discount = 0 and not zero_is_active
        then 'worth 0'
    end as why_not
from spread
