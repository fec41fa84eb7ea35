-- title: Deals by stage, and what does not match
-- question: How many deals are there, for how much, and which name no account or no listed product?
-- grain: one row per outcome and stage
-- note: Rows that do not match stay in the totals, with their money. A product that the price list does not
-- note: have is often one spelled two ways; nothing is said without a price list.
-- column outcome | text | won, lost or open
-- column stage | text | stage, as written
-- column deals | count | deals
-- column amount | money | their sum
-- column without_account | count | deals that name no account
-- column without_account_amount | money | their sum
-- column without_product | count | deals whose product is not in the price list
-- column without_product_amount | money | their sum
-- column without_amount | count | deals without an amount
-- column below_zero | count | deals with a negative amount
with
    everyone as (
        select
            (select count(*) from accounts_in_scope($scope)) = (select count(*) from account_facts)
            and not $scope['big_logos_only'] as is_everyone
    ),
    listed as (select distinct product from products where product is not null),
    held as (select count(*) > 0 as has_prices from listed),
    counted as (
        select
            case when d.is_won then 'won' when d.is_closed then 'lost' else 'open' end as outcome,
            coalesce(d.stage, '(none)') as stage,
            cast(d.amount as double) * r.rate as amount,
            d.account_id is null as is_unnamed,
            d.product is not null and l.product is null and h.has_prices as is_unlisted
        from deals as d
        left join rates as r on r.currency = d.currency
        cross join everyone as e
        cross join held as h
        left join product_links as p on p.alias = d.product
        left join listed as l on l.product = coalesce(p.product, d.product)
        left join account_ids as i on i.alias_id = d.account_id
        left join accounts_in_scope($scope) as s on s.account_id = i.account_id
        where
            (s.account_id is not null or (d.account_id is null and e.is_everyone))
            and (cast($from_month as date) is null or coalesce(d.closed_on, d.created_on) >= $from_month)
            and (
                cast($to_month as date) is null
                or coalesce(d.closed_on, d.created_on) < cast($to_month as date) + interval '1' month
            )
    )
select
    outcome,
    stage,
    count(*) as deals,
    sum(amount) as amount,
    count(*) filter (where is_unnamed) as without_account,
    sum(amount) filter (where is_unnamed) as without_account_amount,
    count(*) filter (where is_unlisted) as without_product,
    sum(amount) filter (where is_unlisted) as without_product_amount,
    count(*) filter (where amount is null) as without_amount,
    count(*) filter (where amount < 0) as below_zero
from counted
group by outcome, stage
order by case outcome when 'won' then 1 when 'lost' then 2 else 3 end, amount desc nulls last, stage
