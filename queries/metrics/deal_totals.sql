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
    scoped as materialized(select account_id from accounts_in_scope($scope)),
    everyone as (
        select
            (select count(*) from scoped) = (select count(*) from account_facts)
            and not $scope['big_logos_only'] as is_everyone
    ),
    counted as (
        select d.outcome, d.stage, d.amount, d.is_unnamed, d.is_unlisted
        from known_deals as d
        cross join everyone as e
        left join scoped as s on s.account_id = d.account_id
        where
            (s.account_id is not null or (d.is_unnamed and e.is_everyone))
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
