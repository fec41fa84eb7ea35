-- title: Renewal dates
-- question: When does each account decide again, who buys there, and is it used?
-- grain: one row per account with a contract at as_of
-- note: Of several contracts the next one to end counts; those of three months and more come first.
-- column account_id | text | the account
-- column renewal_on | date | the day on which it decides; empty for an open contract without a term
-- column talks_start_on | date | two calendar months before
-- column renewing_mrr | money | MRR of the contracts that end that day
-- column is_rolling | flag | true for contracts of less than three months, which renew by themselves
-- column is_pending | flag | true when the period has ended without a successor and counts as active
-- column is_buyer_gone | flag | true when everyone known as buyer or champion has left
-- column active_users | count | most active users in a month of the last four; empty when not known
-- column fiscal_year_start_month | count | the month in which the customer's budget year begins
create or replace table renewal_dates as
with
    terms as (
        select source_id, source_row, starts_on, term_ends_on, auto_renew
        from charges
        where term_ends_on is not null or auto_renew is not null
    ),
    held as (
        select
            p.account_id,
            p.mrr,
            p.is_pending,
            coalesce(greatest(h.term_ends_on, p.charged_to), h.term_ends_on, p.charged_to) as renewal_on,
            p.months < 3
            and (h.term_ends_on is null or h.term_ends_on <= p.charged_to)
            and h.auto_renew is distinct from false as is_rolling
        from latest_periods as p
        left join terms as h on h.source_id = p.source_id and h.source_row = p.source_row and h.starts_on = p.starts_on
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
    budget_years as (
        select i.account_id, max(a.fiscal_year_start_month) as fiscal_year_start_month
        from account_ids as i
        join accounts as a on a.account_id = i.alias_id and i.own_id = i.account_id
        where a.fiscal_year_start_month is not null
        group by i.account_id
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
    )
select
    d.account_id,
    d.renewal_on,
    d.talks_start_on,
    d.renewing_mrr,
    d.is_rolling,
    d.is_pending,
    b.account_id is not null as is_buyer_gone,
    u.active_users,
    a.fiscal_year_start_month
from decisions as d
left join budget_years as a on a.account_id = d.account_id
left join buyers as b on b.account_id = d.account_id
left join used as u on u.account_id = d.account_id
