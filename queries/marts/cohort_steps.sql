-- title: Cohort steps
-- question: How do each account's MRR and presence change with its age?
-- grain: one row per account, age and reason (an event, or the end of what can be observed)
-- note: Age is counted from the account's own first month. Rows with is_end take the account out again after
-- note: the last age that the last full month lets us see; cohorts by start month do not use them.
-- column account_id | text | the account
-- column age | months | age in months
-- column is_end | flag | true for the row that ends observation
-- column d_accounts | count | change of accounts observed
-- column d_base | money | change of MRR at start, of accounts observed
-- column d_active | count | change of active accounts
-- column d_mrr | money | change of MRR
-- column d_capped | money | change of the lesser of MRR and MRR at start
create or replace table cohort_steps as
with
    limits as (select max(month) as last_full from months where is_full),
    aged as (
        select
            f.account_id,
            (year(g.month) - year(f.origin_month)) * 12 + month(g.month) - month(f.origin_month) as age,
            f.entry_age,
            f.first_mrr,
            greatest(g.opening, 0) as opening,
            greatest(g.closing, 0) as closing,
            g.is_active_before,
            g.is_active,
            g.month,
            f.first_month
        from changes as g
        join account_facts as f on f.account_id = g.account_id
        cross join limits as l
        where f.origin_month is not null and g.month >= f.first_month and g.month <= l.last_full
    ),
    events as (
        select
            account_id,
            age,
            case when month = first_month then 1 else 0 end as d_accounts,
            case when month = first_month then first_mrr else cast(0 as decimal(18, 6)) end as d_base,
            case when is_active then 1 else 0 end - case when is_active_before then 1 else 0 end as d_active,
            closing - opening as d_mrr,
            least(closing, first_mrr) - least(opening, first_mrr) as d_capped
        from aged
    ),
    totals as (
        select
            account_id,
            sum(d_accounts) as d_accounts,
            sum(d_base) as d_base,
            sum(d_active) as d_active,
            sum(d_mrr) as d_mrr,
            sum(d_capped) as d_capped
        from events
        group by account_id
    ),
    ends as (
        select
            t.account_id,
            (year(l.last_full) - year(f.origin_month)) * 12
            + month(l.last_full)
            - month(f.origin_month)
            + 1 as age,
            0 - t.d_accounts as d_accounts,
            0 - t.d_base as d_base,
            0 - t.d_active as d_active,
            0 - t.d_mrr as d_mrr,
            0 - t.d_capped as d_capped
        from totals as t
        join account_facts as f on f.account_id = t.account_id
        cross join limits as l
    )
select
    account_id,
    age,
    false as is_end,
    d_accounts,
    cast(d_base as decimal(18, 6)) as d_base,
    d_active,
    cast(d_mrr as decimal(18, 6)) as d_mrr,
    cast(d_capped as decimal(18, 6)) as d_capped
from events
where d_accounts <> 0 or d_active <> 0 or d_mrr <> 0
union all
select
    account_id,
    age,
    true as is_end,
    cast(d_accounts as integer) as d_accounts,
    cast(d_base as decimal(18, 6)) as d_base,
    cast(d_active as integer) as d_active,
    cast(d_mrr as decimal(18, 6)) as d_mrr,
    cast(d_capped as decimal(18, 6)) as d_capped
from ends
