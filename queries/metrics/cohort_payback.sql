-- title: Cohort payback
-- question: When has the margin of the accounts won together paid for winning them?
-- grain: one row per cohort and age that all of its accounts have reached
-- formula: cumulative margin at an age = sum of MRR x gross margin over the months before it / accounts won
-- note: Age counts months from each account's own first month; at age 1 the first month has been paid. CAC is
-- note: that of the period in which the accounts were won. Who leaves stays in the number of accounts.
-- note: Accounts already there in the data's first month are left out: nothing says when they were won.
-- parameter grain | month, quarter, year | quarter | length of a cohort
-- parameter basis | blended, paid, fully_loaded | blended | which spend, over which accounts
-- parameter lag_months | count | none | months between spend and customer; the median sales cycle when empty
-- column cohort | text | period in which the accounts were won
-- column age | months | months paid so far
-- column cac | money | spend / accounts won; empty when spend is not known
-- column cumulative_margin | money | gross margin so far, for each account won
-- column is_paid_back | flag | true when it has reached CAC
-- column accounts | count | accounts won
-- column month_margin | money | gross margin of the month that ends this age, for each account won
-- column month_mrr | money | MRR of that month, for each account won
-- column payback_age | months | first age at which CAC is reached; empty while it is not
-- column spend | money | spend that belongs to them
-- column lag_months | count | months between spend and customer
-- column first_month | month | first month of the cohort
with
    lagged as (select lag_months from sales_cycle($lag_months)),
    costs_of as (
        select period, spend, new_accounts, lag_months
        from
            acquisition_spend(
                $scope, 'none', $basis, $grain, (select list(lag_months) from lagged), 'accounts', null
            )
        where new_accounts > 0
    ),
    members as (
        select p.period, a.account_id, a.month as won_month, a.mrr, a.gross_margin
        from acquired as a
        join acquisition_months($grain, null) as p on p.month = a.month
        semi join accounts_in_scope($scope) as s on s.account_id = a.account_id
        where a.is_first and ($basis <> 'paid' or a.is_paid)
    ),
    limits as (select max(month) as last_full from months where is_full),
    reached as (
        select
            m.period,
            min(m.won_month) as first_month,
            count(*) = count(m.gross_margin) as is_margin_known,
            least(120, date_diff('month', max(m.won_month), max(l.last_full)) + 1) as last_age
        from members as m
        cross join limits as l
        group by m.period
    ),
    steps as (
        select
            m.period,
            date_diff('month', m.won_month, g.month) + 1 as age,
            sum(g.delta::double) as mrr,
            sum(g.delta::double * m.gross_margin) as margin
        from members as m
        join changes as g on g.account_id = m.account_id and g.month >= m.won_month
        group by m.period, date_diff('month', m.won_month, g.month) + 1
    ),
    grid as (
        select period, first_month, is_margin_known, unnest(generate_series(0, last_age)) as age from reached
    ),
    -- A change of MRR is paid once by its own age, and once more in each month after it.
    levels as (
        select
            g.period,
            g.first_month,
            g.is_margin_known,
            g.age,
            coalesce(sum(s.mrr), 0) as mrr,
            coalesce(sum(s.margin), 0) as margin,
            coalesce(sum(s.margin * (g.age - s.age + 1)), 0) as paid
        from grid as g
        left join steps as s on s.period = g.period and s.age <= g.age
        group by g.period, g.first_month, g.is_margin_known, g.age
    ),
    summed as (
        select
            l.period,
            l.first_month,
            l.age,
            c.spend / c.new_accounts as cac,
            c.new_accounts,
            c.spend,
            c.lag_months,
            l.mrr / c.new_accounts as month_mrr,
            case when l.is_margin_known then l.margin / c.new_accounts end as month_margin,
            case when l.is_margin_known then l.paid / c.new_accounts end as cumulative_margin
        from levels as l
        join costs_of as c on c.period = l.period
    )
select
    period as cohort,
    age,
    cac,
    cumulative_margin,
    cumulative_margin >= cac - 1e-9 as is_paid_back,
    new_accounts as accounts,
    month_margin,
    month_mrr,
    min(age) filter (where cumulative_margin >= cac - 1e-9) over (partition by period) as payback_age,
    spend,
    lag_months,
    first_month
from summed
where
    (cast($from_month as date) is null or first_month >= $from_month)
    and (cast($to_month as date) is null or first_month <= $to_month)
order by first_month, cohort, age
