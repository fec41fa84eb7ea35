-- title: Known deals
-- question: What is known of each deal, in one currency and by the account that it belongs to?
-- grain: one row per deal as imported
-- column account_id | text | the account; empty when the deal names none, or one that is not held
-- column outcome | text | won, lost or open
-- column stage | text | stage in the CRM
-- column amount | money | amount in the reporting currency; empty when it is missing or has no rate
-- column is_won | flag | true when it was won
-- column created_on | date | day on which it was opened
-- column closed_on | date | day on which it was won or lost
-- column is_unnamed | flag | true when it names no account
-- column deal_id | text | the deal, as the CRM calls it
-- column is_closed | flag | true when it was won or lost
-- column is_rated | flag | true when its currency has a rate
-- column lost_reason | text | why it was lost
-- column competitor | text | to whom it was lost
-- column owner | text | the seller
-- column is_unlisted | flag | true when its product is not in the price list, where there is one
create or replace table known_deals as
with
    listed as (select distinct product from products where product is not null),
    held as (select count(*) as prices from listed)
select
    i.account_id,
    case when d.is_won then 'won' when d.is_closed then 'lost' else 'open' end as outcome,
    coalesce(d.stage, '(none)') as stage,
    cast(d.amount as double) * r.rate as amount,
    d.is_won,
    d.created_on,
    d.closed_on,
    d.account_id is null as is_unnamed,
    d.deal_id,
    d.is_closed,
    r.rate is not null as is_rated,
    d.lost_reason,
    d.competitor,
    d.owner,
    d.product is not null and l.product is null and h.prices > 0 as is_unlisted
from deals as d
cross join held as h
left join rates as r on r.currency = d.currency
left join product_links as p on p.alias = d.product
left join listed as l on l.product = coalesce(p.product, d.product)
left join account_ids as i on i.alias_id = d.account_id
