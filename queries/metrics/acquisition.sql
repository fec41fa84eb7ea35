-- title: Acquisition
-- question: What does a new customer cost, when is that paid back, and what is it worth?
-- grain: one row per complete period and slice
-- formula: CAC = spend of the period, lag months before / new accounts
-- formula: payback = CAC / (MRR of a new account x gross margin)
-- formula: LTV = MRR of a new account x gross margin x (1 - q^horizon) / (1 - q),
-- formula: q = (1 - monthly churn) / (1 + discount rate)^(1/12)
-- note: blended: program and agency spend, all new accounts. paid: program spend of paid channels, their
-- note: accounts. fully_loaded: salaries, tools and commission too. Spend belongs to the accounts won lag
-- note: months later that it could have won: those of its channel and segment, where it names one.
-- note: A period is empty when a month of its window has no spend at all. Gross margin: as typed, else from
-- note: costs by segment. Churn: accounts that left over accounts there, twelve months up to the period's
-- end.
-- parameter by | none, channel, segment, lane, deal_size_band | none | slices
-- parameter lag_months | count | none | months between spend and customer; the median sales cycle when empty
-- parameter basis | blended, paid, fully_loaded | blended | which spend, over which accounts
-- parameter grain | month, quarter, year, twelve_months | quarter | length of a period
-- parameter shared | accounts, mrr | accounts | how spend is shared among the accounts that it could have won
-- parameter horizon_months | count | 120 | months that LTV looks ahead
-- parameter discount_rate | rate | 0.1 | a year
-- column period | text | month, quarter, year, or the last twelve full months
-- column slice | text | value of the attribute, or All
-- column spend | money | sales and marketing spend that belongs to it
-- column new_accounts | count | accounts won
-- column cac | money | spend / new accounts; empty when nobody was won, or spend is not known
-- column new_mrr | money | their first MRR
-- column payback_months | months | CAC / (MRR of a new account x gross margin), if nobody left
-- column ltv | money | margin of a new account over the horizon, at constant churn, discounted, no expansion
-- column ltv_to_cac | ratio | LTV / CAC
-- column adjusted_payback_months | months | first month in which expected margin, with churn, reaches CAC
-- column is_paid_back | flag | false when churn takes the customers before CAC is reached
-- column monthly_churn | rate | accounts that left / accounts there, a month, over twelve months
-- column gross_margin | rate | share of their MRR left after the cost of serving it
-- column margin_from | text | typed, costs, or missing
-- column shared_spend | money | part of spend that names no slice and was shared
-- column lag_months | count | months between spend and customer
-- column lag_from | text | given, deals, or one quarter
-- column first_month | month | first month of the period
-- column last_month | month | last month of the period
with
    lagged as (select lag_months, lag_from from sales_cycle($lag_months)),
    found as (
        select *
        from
            acquisition_spend(
                $scope, $by, $basis, $grain, (select list(lag_months) from lagged), $shared, $to_month
            )
    ),
    moves as (
        select
            m.month,
            s.slice,
            count(*) filter (where m.kind in ('new', 'reactivation'))
            - count(*) filter (where m.kind = 'churn') as net,
            count(*) filter (where m.kind = 'churn' and not m.is_same_month) as lost
        from movements as m
        join slices_in_scope($scope, $by) as s on s.account_id = m.account_id
        group by m.month, s.slice
    ),
    levels as (
        select
            c.month,
            s.slice,
            coalesce(m.lost, 0) as lost,
            sum(coalesce(m.net, 0)) over (
                partition by s.slice order by c.month rows between unbounded preceding and current row
            )
            - coalesce(m.net, 0) as opening
        from months as c
        cross join (select distinct slice from moves) as s
        left join moves as m on m.month = c.month and m.slice = s.slice
        where c.is_full
    ),
    churned as (
        select
            month,
            slice,
            case
                when count(*) over year_long = 12
                then
                    least(
                        1.0, sum(lost) over year_long::double / nullif(sum(opening) over year_long, 0)::double
                    )
            end as monthly_churn
        from levels
        window year_long as (partition by slice order by month rows between 11 preceding and current row)
    ),
    rated as (
        select
            f.period,
            f.slice,
            f.spend,
            f.new_accounts,
            f.spend / nullif(f.new_accounts, 0) as cac,
            f.new_mrr,
            f.new_margin / nullif(f.new_accounts, 0) as margin,
            c.monthly_churn as churn,
            (1 - c.monthly_churn) / power(1 + $discount_rate, 1.0 / 12) as kept,
            f.new_margin / nullif(f.new_mrr, 0) as gross_margin,
            case
                when d.value is not null
                then 'typed'
                when exists (select 1 from margins where gross_margin is not null)
                then 'costs'
                else 'missing'
            end as margin_from,
            f.shared_spend,
            l.lag_months,
            l.lag_from,
            f.first_month,
            f.last_month
        from found as f
        cross join lagged as l
        left join churned as c on c.month = f.last_month and c.slice = f.slice
        left join settings as d on d.name = 'gross_margin'
    ),
    valued as (
        select
            *,
            case when margin > 0 then cac / margin end as payback_months,
            case
                when kept = 1
                then margin * $horizon_months
                else margin * (1 - power(kept, $horizon_months)) / (1 - kept)
            end as ltv
        from rated
    )
select
    period,
    slice,
    spend,
    new_accounts,
    cac,
    new_mrr,
    payback_months,
    ltv,
    ltv / nullif(cac, 0) as ltv_to_cac,
    case
        when payback_months = 0
        then 0
        when churn = 0
        then ceil(payback_months - 1e-9)
        when payback_months * churn < 1
        then ceil(ln(1 - payback_months * churn) / ln(1 - churn) - 1e-9)
    end as adjusted_payback_months,
    case when margin <= 0 and cac > 0 then false else payback_months * churn < 1 end as is_paid_back,
    churn as monthly_churn,
    gross_margin,
    margin_from,
    shared_spend,
    lag_months,
    lag_from,
    first_month,
    last_month
from valued
where (cast($from_month as date) is null or last_month >= $from_month)
order by first_month, slice
