-- title: Currencies without a rate
-- question: Which currencies are used, how much is in them, and is there a rate?
-- grain: one row per currency and money column
-- column currency | text | ISO code
-- column column_name | text | table and column that holds it
-- column row_count | count | rows
-- column amount | money | the money in it, in that currency
-- column rate | rate | one unit of it in the reporting currency; empty when unknown
with
    used as (
        select currency, 'charges.amount' as column_name, amount
        from charges
        where amount is not null
        union all
        select currency, 'deals.amount' as column_name, amount
        from deals
        where amount is not null
        union all
        select currency, 'spend.amount' as column_name, amount
        from spend
        where amount is not null
        union all
        select currency, 'costs.amount' as column_name, amount
        from costs
        where amount is not null
    )
select u.currency, u.column_name, count(*) as row_count, sum(u.amount) as amount, max(r.rate) as rate
from used as u
left join rates as r on r.currency = u.currency
group by u.currency, u.column_name
order by row_count desc, u.currency, u.column_name
