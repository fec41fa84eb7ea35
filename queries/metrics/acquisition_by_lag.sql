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
-- column spend_lines | count | lines of spend held, of every kind and month
select
    l.lag_months,
    a.spend,
    a.new_accounts,
    a.spend / nullif(a.new_accounts, 0) as cac,
    l.lag_months = c.lag_months as is_sales_cycle,
    c.deal_count,
    c.cycle_days,
    (select count(*) from spend where amount is not null) as spend_lines
from (select unnest(range(0, 13)) as lag_months) as l
cross join sales_cycle(null) as c
left join
    acquisition_spend($scope, 'none', $basis, 'twelve_months', range(0, 13), 'accounts', $to_month) as a
    on a.lag_months = l.lag_months
order by l.lag_months
