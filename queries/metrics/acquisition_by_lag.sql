-- title: CAC by lag
-- question: How much does CAC depend on how many months before the customer the spend is looked for?
-- grain: one row per lag, over the last twelve full months
-- note: Lags from none to two years, or to the sales cycle where that is longer.
-- parameter basis | blended, paid, fully_loaded | blended | which spend, over which accounts
-- column lag_months | count | months between spend and customer
-- column spend | money | spend of the twelve months, so many months before
-- column new_accounts | count | accounts won in the last twelve full months
-- column cac | money | spend / new accounts
-- column is_sales_cycle | flag | true for the lag that the deals themselves show (one quarter without deals)
-- column deal_count | count | deals that the sales cycle comes from
-- column cycle_days | days | their median days from created to won
-- column spend_lines | count | lines of spend held, of every kind and month
with
    cycle as (select lag_months, deal_count, cycle_days from sales_cycle(null)),
    lags as (select range(0, greatest(25, lag_months + 1)) as lag_months from cycle)
select
    l.lag_months,
    a.spend,
    a.new_accounts,
    a.spend / nullif(a.new_accounts, 0) as cac,
    l.lag_months = c.lag_months as is_sales_cycle,
    c.deal_count,
    c.cycle_days,
    (select count(*) from spend where amount is not null) as spend_lines
from (select unnest(lag_months) as lag_months from lags) as l
cross join cycle as c
left join
    acquisition_spend(
        $scope, 'none', $basis, 'twelve_months', (select lag_months from lags), 'accounts', $to_month
    ) as a
    on a.lag_months = l.lag_months
order by l.lag_months
