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
            d.is_buyer_gone,
            d.active_users = 0 as is_unused,
            (month(d.renewal_on) - d.fiscal_year_start_month + 12) % 12 < 3 as is_after_budget,
            f.segment,
            f.owner,
            f.is_big_logo
        from account_facts as f
        join renewal_dates as d on d.account_id = f.account_id
        cross join conventions as c
        semi join accounts_in_scope($scope) as s on s.account_id = f.account_id
        left join account_touches as t on t.account_id = f.account_id
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
