-- title: Revenue retention
-- question: What became of the revenue that was there twelve months (or one month) ago?
-- grain: one row per full month and slice
-- formula: TTM NRR = MRR now of accounts active 12 months ago / their MRR then; GRR takes the lesser of the
-- two
-- note: ttm: the accounts of twelve months ago, returns counted at today's MRR. monthly: opening plus
-- expansion,
-- note: contraction and churn over opening; reactivation is out. compounded: the product of twelve monthly
-- rates.
-- note: Exchange rates: ttm compares two months at their own rates, monthly and compounded leave fx out.
-- note: A rate is empty while the history is shorter than its window or nothing was there at its start.
-- parameter form | ttm, monthly, compounded | ttm | which of the three rates
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | slices
-- column month | month | the month at whose end the rate stands
-- column slice | text | value of the attribute, or All
-- column nrr | rate | net revenue retention
-- column grr | rate | gross revenue retention, never above 1
-- column logo_retention | rate | share of accounts kept
-- column base_mrr | money | MRR at the start of the window
-- column base_accounts | count | accounts at the start of the window
-- column kept_mrr | money | MRR now of those accounts
-- column kept_accounts | count | those of them still active
with
    sliced as (select account_id, slice from slices_in_scope($scope, $by)),
    named as (select distinct slice from sliced),
    calendar as (select c.month, n.slice, c.is_full from months as c cross join named as n),
    window_steps as (
        select
            t.month,
            s.slice,
            sum(t.d_base) as d_base,
            sum(t.d_kept) as d_kept,
            sum(t.d_capped) as d_capped,
            sum(t.d_base_accounts) as d_base_accounts,
            sum(t.d_kept_accounts) as d_kept_accounts
        from retention_steps as t
        join sliced as s on s.account_id = t.account_id
        where $form = 'ttm'
        group by t.month, s.slice
    ),
    window_levels as (
        select
            c.month,
            c.slice,
            c.is_full,
            sum(coalesce(w.d_base, 0)) over so_far as base_mrr,
            sum(coalesce(w.d_kept, 0)) over so_far as kept_mrr,
            sum(coalesce(w.d_capped, 0)) over so_far as capped_mrr,
            sum(coalesce(w.d_base_accounts, 0)) over so_far as base_accounts,
            sum(coalesce(w.d_kept_accounts, 0)) over so_far as kept_accounts
        from calendar as c
        left join window_steps as w on w.month = c.month and w.slice = c.slice
        where $form = 'ttm'
        window
            so_far as (partition by c.slice order by c.month rows between unbounded preceding and current row)
    ),
    month_kinds as (
        select m.month, s.slice, m.kind, m.is_same_month, sum(m.amount) as amount, count(*) as accounts
        from movements as m
        join sliced as s on s.account_id = m.account_id
        where $form <> 'ttm'
        group by m.month, s.slice, m.kind, m.is_same_month
    ),
    month_steps as (
        select
            month,
            slice,
            sum(amount) as net,
            sum(amount) filter (
                where kind in ('expansion', 'contraction', 'churn') and not is_same_month
            ) as moved,
            sum(amount) filter (where kind in ('contraction', 'churn') and not is_same_month) as lost,
            coalesce(sum(accounts) filter (where kind in ('new', 'reactivation')), 0)
            - coalesce(sum(accounts) filter (where kind = 'churn'), 0) as net_accounts,
            sum(accounts) filter (where kind = 'churn' and not is_same_month) as lost_accounts
        from month_kinds
        group by month, slice
    ),
    month_levels as (
        select
            c.month,
            c.slice,
            c.is_full,
            sum(coalesce(m.net, 0)) over so_far - coalesce(m.net, 0) as opening,
            sum(coalesce(m.net_accounts, 0)) over so_far - coalesce(m.net_accounts, 0) as opening_accounts,
            coalesce(m.moved, 0) as moved,
            coalesce(m.lost, 0) as lost,
            coalesce(m.lost_accounts, 0) as lost_accounts
        from calendar as c
        left join month_steps as m on m.month = c.month and m.slice = c.slice
        where $form <> 'ttm'
        window
            so_far as (partition by c.slice order by c.month rows between unbounded preceding and current row)
    ),
    monthly as (
        select
            month,
            slice,
            is_full,
            opening,
            opening_accounts,
            opening + moved as kept_mrr,
            opening_accounts - lost_accounts as kept_accounts,
            case when opening > 0 then (opening + moved)::double / opening::double end as nrr,
            case when opening > 0 then (opening + lost)::double / opening::double end as grr,
            (opening_accounts - lost_accounts)::double / nullif(opening_accounts, 0)::double as logo_retention
        from month_levels
    ),
    compounded as (
        select
            month,
            slice,
            is_full,
            lag(opening, 11) over in_order as opening,
            lag(opening_accounts, 11) over in_order as opening_accounts,
            case when count(nrr) over year_long = 12 then product(nrr) over year_long end as nrr,
            case when count(grr) over year_long = 12 then product(grr) over year_long end as grr,
            case
                when count(logo_retention) over year_long = 12 then product(logo_retention) over year_long
            end as logo_retention
        from monthly
        where $form = 'compounded'
        window
            in_order as (partition by slice order by month),
            year_long as (partition by slice order by month rows between 11 preceding and current row)
    ),
    answers as (
        select
            month,
            slice,
            is_full,
            kept_mrr::double / nullif(base_mrr, 0)::double as nrr,
            capped_mrr::double / nullif(base_mrr, 0)::double as grr,
            kept_accounts::double / nullif(base_accounts, 0)::double as logo_retention,
            nullif(base_mrr, 0) as base_mrr,
            nullif(base_accounts, 0) as base_accounts,
            case when base_accounts > 0 then kept_mrr end as kept_mrr,
            case when base_accounts > 0 then kept_accounts end as kept_accounts
        from window_levels
        union all
        select
            month,
            slice,
            is_full,
            nrr,
            grr,
            logo_retention,
            nullif(opening, 0) as base_mrr,
            nullif(opening_accounts, 0) as base_accounts,
            case when opening > 0 then kept_mrr end as kept_mrr,
            case when opening > 0 then kept_accounts end as kept_accounts
        from monthly
        where $form = 'monthly'
        union all
        select
            month,
            slice,
            is_full,
            nrr,
            grr,
            logo_retention,
            case when nrr is not null then opening end as base_mrr,
            case when nrr is not null then opening_accounts end as base_accounts,
            null as kept_mrr,
            null as kept_accounts
        from compounded
    )
select month, slice, nrr, grr, logo_retention, base_mrr, base_accounts, kept_mrr, kept_accounts
from answers
where
    is_full
    and (cast($from_month as date) is null or month >= $from_month)
    and (cast($to_month as date) is null or month <= $to_month)
order by month, slice
