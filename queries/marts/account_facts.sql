-- title: Account facts
-- question: Who is each account, since when, and how much is it worth?
-- grain: one row per account
-- note: ACV is 12 x MRR at as_of; for an account without billing, its won deals of the twelve months before.
-- note: Potential: as given, else employees x the P90 of ACV per employee among own accounts of its segment.
-- note: An account already active in the data's first month is left-truncated: its age is known only from
-- note: customer_since.
-- column account_id | text | the account
-- column account | text | its name
-- column segment | text | segment
-- column lane | text | industry, vertical or market
-- column region | text | sales region
-- column country | text | country
-- column plan | text | plan of its largest latest charge
-- column plan_at_start | text | plan of its largest first charge
-- column term_months | months | length of the contract of that first charge, at least 1
-- column channel | text | how it was won
-- column owner | text | the person responsible
-- column employees | count | number of employees
-- column annual_revenue | money | its own yearly revenue
-- column project_cost | money | the customer's budget for the project
-- column is_big_logo | flag | true for a big logo
-- column is_in_crm | flag | true when an accounts file names it
-- column is_in_billing | flag | true when a charge names it
-- column first_month | month | first month with MRR at its end
-- column origin_month | month | month from which its age is counted; empty when its age is unknown
-- column entry_age | months | age at its first month with MRR; 0 unless it is older than the data
-- column is_left_truncated | flag | true when it was already active in the data's first month
-- column first_mrr | money | MRR at the end of its first month
-- column mrr | money | MRR at as_of
-- column lost_month | month | month of its last churn; empty while active
-- column pending_mrr | money | MRR whose renewal is pending
-- column acv | money | yearly contract value now
-- column acv_from | text | billing, deals, or empty
-- column landing_acv | money | yearly contract value at the start
-- column deal_size_band | text | band of the landing ACV
-- column potential_acv | money | yearly contract value if everything were bought
-- column potential_from | text | given, employees or unknown
-- column potential_low | money | the same with P75
-- column potential_high | money | the same with P95
create or replace table account_facts as
with
    first_closings as (
        select account_id, month as first_month, closing as first_mrr
        from changes
        where closing > 0
        qualify row_number() over (partition by account_id order by month) = 1
    ),
    last_closings as (
        select account_id, month, closing, is_active
        from changes
        where next_month is null
    ),
    bounds as (select min(month) as data_from from months),
    outer_days as (
        select account_id, coalesce(ends_on, date '9999-12-31') as ends_on, case when mrr <> 0 then starts_on end as starts_on
        from stretches
        union all
        select account_id, coalesce(ends_on, date '9999-12-31') as ends_on, cast(null as date) as starts_on
        from extended_ends
    ),
    ends as (
        select account_id, max(ends_on) as last_end, min(starts_on) as first_start
        from outer_days
        group by account_id
    ),
    plans_now as (
        select p.account_id, p.plan
        from latest_periods as p
        join ends as e on e.account_id = p.account_id and e.last_end = coalesce(p.ends_on, date '9999-12-31')
        qualify
            row_number() over (
                partition by p.account_id
                order by p.ends_on desc nulls first, p.mrr desc, p.starts_on desc, p.source_id, p.source_row
            )
            = 1
    ),
    plans_then as (
        select p.account_id, p.plan, greatest(1, cast(round(p.months) as integer)) as term_months
        from stretches as p
        join ends as e on e.account_id = p.account_id and e.first_start = p.starts_on
        where p.mrr <> 0
        qualify
            row_number() over (
                partition by p.account_id order by p.starts_on, p.mrr desc, p.first_place
            )
            = 1
    ),
    pending as (
        select account_id, sum(mrr) as pending_mrr
        from extended_ends
        where is_pending
        group by account_id
    ),
    billed as (select distinct account_id from account_ids where is_charged),
    won as (
        select
            i.account_id,
            d.closed_on,
            cast(cast(d.amount as double) * r.rate as decimal(18, 6)) as amount,
            row_number() over (
                partition by i.account_id order by d.closed_on, d.source_id, d.source_row
            ) as nth
        from deals as d
        join account_ids as i on i.alias_id = d.account_id
        join rates as r on r.currency = d.currency
        cross join conventions as c
        where d.is_won and d.closed_on <= c.as_of
    ),
    dealt as (
        select
            w.account_id,
            sum(w.amount) filter (where w.closed_on > c.as_of - interval '12' month) as year_amount,
            max(w.amount) filter (where w.nth = 1) as first_amount
        from won as w
        cross join conventions as c
        group by w.account_id
    ),
    hands as (
        select distinct i.account_id
        from named_big_logos as n
        join account_ids as i on i.alias_id = n.account_id
    ),
    joined as (
        select
            d.account_id,
            d.account,
            d.segment,
            d.lane,
            d.region,
            d.country,
            d.channel,
            d.owner,
            d.employees,
            d.annual_revenue,
            d.project_cost,
            d.potential_acv as given_potential,
            d.is_in_crm,
            pn.plan,
            pt.plan as plan_at_start,
            pt.term_months,
            b.account_id is not null as is_in_billing,
            h.account_id is not null
            or coalesce(d.employees >= c.big_logo_employees, false)
            or coalesce(d.annual_revenue >= c.big_logo_revenue, false) as is_big_logo,
            f.first_month,
            f.first_mrr,
            coalesce(f.first_month = bo.data_from, false) as is_left_truncated,
            case
                when not coalesce(f.first_month = bo.data_from, false)
                then f.first_month
                when d.customer_since is not null and date_trunc('month', d.customer_since) <= f.first_month
                then cast(date_trunc('month', d.customer_since) as date)
            end as origin_month,
            coalesce(l.closing, 0) as mrr,
            case when not l.is_active then l.month end as lost_month,
            p.pending_mrr,
            case
                when l.closing > 0
                then cast(12 * l.closing as decimal(18, 6))
                when b.account_id is null
                then cast(w.year_amount as decimal(18, 6))
            end as acv,
            case
                when l.closing > 0 then 'billing' when b.account_id is null and w.year_amount > 0 then 'deals'
            end as acv_from,
            case
                when f.first_mrr > 0
                then cast(12 * f.first_mrr as decimal(18, 6))
                when b.account_id is null
                then cast(w.first_amount as decimal(18, 6))
            end as landing_acv
        from account_details as d
        cross join conventions as c
        cross join bounds as bo
        left join plans_now as pn on pn.account_id = d.account_id
        left join plans_then as pt on pt.account_id = d.account_id
        left join billed as b on b.account_id = d.account_id
        left join hands as h on h.account_id = d.account_id
        left join first_closings as f on f.account_id = d.account_id
        left join last_closings as l on l.account_id = d.account_id
        left join pending as p on p.account_id = d.account_id
        left join dealt as w on w.account_id = d.account_id
    ),
    per_head as (
        select
            coalesce(segment, '') as segment,
            cast(acv as double) / nullif(cast(employees as double), 0) as acv_per_employee
        from joined
        where acv > 0 and employees > 0
    ),
    percentiles as (
        select
            segment,
            percentile_cont(0.75) within group (order by acv_per_employee) as p75,
            percentile_cont(0.9) within group (order by acv_per_employee) as p90,
            percentile_cont(0.95) within group (order by acv_per_employee) as p95
        from per_head
        group by segment
    )
select
    j.account_id,
    j.account,
    j.segment,
    j.lane,
    j.region,
    j.country,
    j.plan,
    j.plan_at_start,
    j.term_months,
    j.channel,
    j.owner,
    j.employees,
    j.annual_revenue,
    j.project_cost,
    j.is_big_logo,
    j.is_in_crm,
    j.is_in_billing,
    j.first_month,
    j.origin_month,
    (year(j.first_month) - year(j.origin_month)) * 12
    + month(j.first_month)
    - month(j.origin_month) as entry_age,
    j.is_left_truncated,
    j.first_mrr,
    j.mrr,
    j.lost_month,
    j.pending_mrr,
    j.acv,
    j.acv_from,
    j.landing_acv,
    case
        when j.landing_acv is null
        then null
        when j.landing_acv < 1000
        then 'under 1k'
        when j.landing_acv < 5000
        then '1k to 5k'
        when j.landing_acv < 25000
        then '5k to 25k'
        when j.landing_acv < 100000
        then '25k to 100k'
        else '100k and over'
    end as deal_size_band,
    case
        when j.given_potential is not null
        then cast(j.given_potential as decimal(18, 2))
        when j.employees > 0
        then cast(cast(j.employees as double) * q.p90 as decimal(18, 2))
    end as potential_acv,
    case
        when j.given_potential is not null
        then 'given'
        when j.employees > 0 and q.p90 is not null
        then 'employees'
        else 'unknown'
    end as potential_from,
    case
        when j.given_potential is not null
        then cast(j.given_potential as decimal(18, 2))
        when j.employees > 0
        then cast(cast(j.employees as double) * q.p75 as decimal(18, 2))
    end as potential_low,
    case
        when j.given_potential is not null
        then cast(j.given_potential as decimal(18, 2))
        when j.employees > 0
        then cast(cast(j.employees as double) * q.p95 as decimal(18, 2))
    end as potential_high
from joined as j
left join percentiles as q on q.segment = coalesce(j.segment, '')
