-- title: Products not in the price list
-- question: Which deals name a product that the price list does not have?
-- grain: one row per row that breaks the rule
-- note: Often one product spelled two ways. Correct one of them, or say at the next import that they are
-- the same.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_product_not_in_price_list as
with
    listed as (
        select product, lower(replace(replace(product, ' ', ''), '-', '')) as plain
        from products
        where product is not null
    ),
    known as (select distinct product from listed),
    twins as (select plain, min(product) as product from listed group by plain)
select
    'product_not_in_price_list' as "check",
    d.source_id,
    d.source_row,
    d.account_id,
    'product "'
    || d.product
    || '" is not in the price list'
    || coalesce('; it may be "' || t.product || '"', '') as message,
    d.amount
from deals as d
left join product_links as p on p.alias = d.product
left join known as k on k.product = coalesce(p.product, d.product)
left join twins as t on t.plain = lower(replace(replace(d.product, ' ', ''), '-', ''))
where d.product is not null and k.product is null and exists (select 1 from listed)
