-- title: Sales efficiency
-- question: How much revenue does a unit of sales and marketing, or of burnt cash, add?
-- grain: one row per complete quarter
-- formula: magic number = 4 x (revenue - revenue of the quarter before) / spend of the quarter before
-- formula: burn multiple = net burn / net new ARR
-- formula: rule of 40 = growth of ARR over four quarters - net burn / revenue of four quarters
-- note: Revenue of a quarter is the MRR at the ends of its months. Spend is every kind, without lag. Net burn
-- note: (cash out less cash in) is in no export: it is typed by hand, a quarter each.
-- column period | text | quarter
-- column revenue | money | MRR summed over its months
-- column revenue_before | money | the same of the quarter before
-- column spend | money | sales and marketing of the quarter, every kind
-- column spend_before | money | the same of the quarter before
-- column magic_number | ratio | four times the growth of revenue / spend before; empty when either is missing
-- column net_new_arr | money | 12 x (MRR at the end - MRR at the beginning)
-- column net_burn | money | cash out less cash in, as typed
-- column burn_multiple | ratio | net burn / net new ARR; empty when ARR did not grow or burn is not known
-- column rule_of_40 | rate | growth of ARR over four quarters plus the free cash flow margin
-- column first_month | month | first month of the quarter
with
    spent as (
        select period, spend
        from acquisition_spend($scope, 'none', 'fully_loaded', 'quarter', [0], 'accounts', $to_month)
    ),
    deltas as (
        select g.month, sum(g.delta::double) as delta
        from changes as g
        semi join accounts_in_scope($scope) as s on s.account_id = g.account_id
        group by g.month
    ),
    levels as (
        select
            m.month,
            coalesce(d.delta, 0) as delta,
            sum(coalesce(d.delta, 0)) over (
                order by m.month rows between unbounded preceding and current row
            ) as mrr
        from months as m
        left join deltas as d on d.month = m.month
    ),
    quarters as (
        select p.period, min(p.month) as first_month, sum(l.mrr) as revenue, 12 * sum(l.delta) as net_new_arr
        from acquisition_months('quarter', $to_month) as p
        join levels as l on l.month = p.month
        group by p.period
    ),
    burns as (
        select b.burn.quarter as period, max(b.burn.amount) as net_burn
        from
            (
                select unnest(from_json(value, '[{"quarter": "VARCHAR", "amount": "DOUBLE"}]')) as burn
                from settings
                where name = 'net_burn'
            ) as b
        group by 1
    ),
    joined as (
        select
            q.period,
            q.first_month,
            q.revenue,
            lag(q.revenue) over in_order as revenue_before,
            s.spend,
            lag(s.spend) over in_order as spend_before,
            q.net_new_arr,
            b.net_burn,
            sum(q.revenue) over year_long as year_revenue,
            case
                when count(b.net_burn) over year_long = 4 then sum(b.net_burn) over year_long
            end as year_burn,
            sum(q.net_new_arr) over in_order as arr,
            sum(q.net_new_arr) over year_long as year_arr
        from quarters as q
        left join spent as s on s.period = q.period
        left join burns as b on b.period = q.period
        window
            in_order as (order by q.first_month),
            year_long as (order by q.first_month rows between 3 preceding and current row)
    )
select
    period,
    revenue,
    revenue_before,
    spend,
    spend_before,
    4 * (revenue - revenue_before) / nullif(spend_before, 0) as magic_number,
    net_new_arr,
    net_burn,
    case when net_new_arr > 0 then net_burn / net_new_arr end as burn_multiple,
    case
        when arr > year_arr then year_arr / (arr - year_arr) - year_burn / nullif(year_revenue, 0)
    end as rule_of_40,
    first_month
from joined
where cast($from_month as date) is null or first_month >= $from_month
order by first_month
