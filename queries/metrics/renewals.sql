-- title: Renewals
-- question: When does each account decide again, and have we begun to talk?
-- grain: one row per account with MRR at as_of
-- formula: renewal = end of the term, else end of the last charge; talks start two calendar months before
-- note: Of several contracts the next one to end counts; those of three months and more come first.
-- note: State: critical inside 14 days (or past); late when talks should have begun and no touch is known
-- note: since; start now when they should have begun and there was one; else not due. Stage: end from the
-- note: start of talks; pilot in an account's first three months; implementation up to the sixth; else
-- note: mid-term. Touches are activities and last contacts; what no file says raises no flag but "no touch".
-- column account_id | text | the account
-- column account | text | its name
-- column mrr | money | MRR at as_of
-- column renewal_on | date | the day on which it decides; empty for an open contract without a term
-- column talks_start_on | date | two calendar months before
-- column state | text | not due, start now, late, critical, or no date
-- column stage | text | pilot, implementation, mid-term or end
-- column flags | text | not used; buyer left; budget already set; no touch; ended, not renewed
-- column renewing_mrr | money | MRR of the contracts that end that day
-- column days_left | days | from as_of to the renewal; negative when it is past
-- column is_rolling | flag | true for contracts of less than three months, which renew by themselves
-- column last_touch_on | date | latest touch known
-- column segment | text | segment
-- column owner | text | the person responsible
-- column is_big_logo | flag | true for a big logo
with
    held as (
        select
            p.account_id,
            p.mrr,
            p.is_pending,
            coalesce(greatest(h.term_ends_on, p.charged_to), h.term_ends_on, p.charged_to) as renewal_on,
            p.months < 3
            and (h.term_ends_on is null or h.term_ends_on <= p.charged_to)
            and h.auto_renew is distinct from false as is_rolling
        from periods as p
        join charges as h on h.source_id = p.source_id and h.source_row = p.source_row
        cross join conventions as c
        where p.starts_on <= c.as_of and (p.ends_on is null or p.ends_on > c.as_of)
    ),
    dated as (
        select account_id, mrr, is_pending, renewal_on, coalesce(is_rolling, false) as is_rolling
        from held
        qualify
            rank() over (
                partition by account_id order by (renewal_on is null), coalesce(is_rolling, false), renewal_on
            )
            = 1
    ),
    decisions as (
        select
            account_id,
            min(renewal_on) as renewal_on,
            cast(min(renewal_on) - interval '2' month as date) as talks_start_on,
            sum(mrr) as renewing_mrr,
            bool_or(is_rolling) as is_rolling,
            bool_or(is_pending) as is_pending
        from dated
        group by account_id
    ),
    buyers as (
        select i.account_id
        from contacts as t
        join account_ids as i on i.alias_id = t.account_id
        where t.role in ('economic_buyer', 'champion')
        group by i.account_id
        having bool_and(t.is_active is not distinct from false)
    ),
    used as (
        select i.account_id, max(u.active_users) as active_users
        from usage as u
        join account_ids as i on i.alias_id = u.account_id
        cross join conventions as c
        where u.month <= c.as_of and u.month > c.as_of - interval '4' month
        group by i.account_id
    ),
    judged as (
        select
            f.account_id,
            f.account,
            f.mrr,
            d.renewal_on,
            d.talks_start_on,
            case
                when d.renewal_on is null
                then 'no date'
                when date_diff('day', c.as_of, d.renewal_on) <= 14
                then 'critical'
                when c.as_of < d.talks_start_on
                then 'not due'
                when t.last_touch_on >= d.talks_start_on or c.as_of = d.talks_start_on
                then 'start now'
                else 'late'
            end as state,
            case
                when c.as_of >= d.talks_start_on and not d.is_rolling
                then 'end'
                when c.as_of < coalesce(f.origin_month, f.first_month) + interval '3' month
                then 'pilot'
                when c.as_of < coalesce(f.origin_month, f.first_month) + interval '6' month
                then 'implementation'
                else 'mid-term'
            end as stage,
            d.renewing_mrr,
            date_diff('day', c.as_of, d.renewal_on) as days_left,
            d.is_rolling,
            d.is_pending,
            t.last_touch_on,
            t.last_touch_on is null or t.last_touch_on <= c.as_of - interval '2' month as is_untouched,
            b.account_id is not null as is_buyer_gone,
            u.active_users = 0 as is_unused,
            (month(d.renewal_on) - a.fiscal_year_start_month + 12) % 12 < 3 as is_after_budget,
            f.segment,
            f.owner,
            f.is_big_logo
        from account_facts as f
        join decisions as d on d.account_id = f.account_id
        join account_details as a on a.account_id = f.account_id
        cross join conventions as c
        semi join accounts_in_scope($scope) as s on s.account_id = f.account_id
        left join account_touches as t on t.account_id = f.account_id
        left join buyers as b on b.account_id = f.account_id
        left join used as u on u.account_id = f.account_id
        where f.mrr > 0
    )
select
    account_id,
    account,
    mrr,
    renewal_on,
    talks_start_on,
    state,
    stage,
    nullif(
        concat_ws(
            ', ',
            case when is_pending then 'ended, not renewed' end,
            case when is_unused then 'not used' end,
            case when is_buyer_gone then 'buyer left' end,
            case when is_after_budget and not is_rolling then 'budget already set' end,
            case when is_untouched then 'no touch' end
        ),
        ''
    ) as flags,
    renewing_mrr,
    days_left,
    is_rolling,
    last_touch_on,
    segment,
    owner,
    is_big_logo
from judged
order by is_rolling, renewal_on nulls last, mrr desc, account_id
