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
    terms as (select lag_months, lag_from, margin_from from sales_cycle($lag_months)),
    parts as (
        select last_month, slice, spend, shared_spend, new_accounts, new_mrr, new_margin
        from
            acquisition_spend(
                $scope, $by, $basis, $grain, (select list(lag_months) from terms), $shared, $to_month
            )
    ),
    periods as (
        select p.period, p.first_month, p.last_month, p.last_number, p.full_months, s.is_complete
        from acquisition_months($grain, $to_month) as p
        cross join terms as t
        left join
            spend_spans as s
            on s.month_count = p.month_count
            and s.last_number = p.last_number - t.lag_months
            and s.is_whole
        where p.month = p.last_month
    ),
    moves as (
        select c.number, s.slice, sum(c.net) as net, sum(c.lost) as lost
        from comings as c
        join slices_in_scope($scope, $by) as s on s.account_id = c.account_id
        group by c.number, s.slice
    ),
    -- Who came in a month is there at the beginning of each later one.
    churned as (
        select
            p.last_month,
            m.slice,
            coalesce(sum(m.lost) filter (where m.number > p.last_number - 12), 0)::double as lost,
            sum(m.net * least(12, p.last_number - m.number))::double as there
        from periods as p
        join moves as m on m.number <= p.last_number
        where p.full_months >= 12
        group by p.last_month, m.slice
    ),
    rated as (
        select
            p.period,
            s.slice,
            coalesce(f.spend, case when p.is_complete then 0 end) as spend,
            coalesce(f.new_accounts, 0) as new_accounts,
            f.spend / nullif(f.new_accounts, 0) as cac,
            coalesce(f.new_mrr, 0) as new_mrr,
            f.new_margin / nullif(f.new_accounts, 0) as margin,
            case when c.there > 0 then least(1.0, c.lost / c.there) end as churn,
            f.new_margin / nullif(f.new_mrr, 0) as gross_margin,
            t.margin_from,
            coalesce(f.shared_spend, case when p.is_complete then 0 end) as shared_spend,
            t.lag_months,
            t.lag_from,
            p.first_month,
            p.last_month
        from periods as p
        cross join terms as t
        cross join (select distinct slice from parts) as s
        left join parts as f on f.last_month = p.last_month and f.slice = s.slice
        left join churned as c on c.last_month = p.last_month and c.slice = s.slice
    ),
    valued as (
        select
            *,
            (1 - churn) / power(1 + $discount_rate, 1.0 / 12) as kept,
            case when margin > 0 then cac / margin end as payback_months
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
    case
        when kept = 1
        then margin * $horizon_months
        else margin * (1 - power(kept, $horizon_months)) / (1 - kept)
    end as ltv,
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
