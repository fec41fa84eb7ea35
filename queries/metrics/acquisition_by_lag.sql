-- title: CAC by lag
-- question: How much does CAC depend on how many months before the customer the spend is looked for?
-- grain: one row per lag, over the last twelve full months
-- parameter basis | blended, paid, fully_loaded | blended | which spend, over which accounts
-- column lag_months | count | months between spend and customer
-- column spend | money | spend of the twelve months, so many months before
-- column new_accounts | count | accounts won in the last twelve full months
-- column cac | money | spend / new accounts
-- column is_sales_cycle | flag | true for the lag that the deals themselves show (one quarter without deals)
-- column deal_count | count | deals that the sales cycle comes from
-- column cycle_days | days | their median days from created to won
select
    a.lag_months,
    a.spend,
    a.new_accounts,
    a.spend / nullif(a.new_accounts, 0) as cac,
    a.lag_months = c.lag_months as is_sales_cycle,
    c.deal_count,
    c.cycle_days
from acquisition_spend($scope, 'none', $basis, 'twelve_months', range(0, 13), 'accounts', $to_month) as a
cross join sales_cycle(null) as c
order by a.lag_months
