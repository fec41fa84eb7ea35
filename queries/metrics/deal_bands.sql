-- title: Deals by size of the account
-- question: How large are won deals with our largest accounts, and with the smallest?
-- grain: one row per quarter of the accounts by size, and band of the deal
-- note: Quarters of the accounts with a won deal, by their size; an edge belongs to the lower quarter.
-- Accounts
-- note: whose size is not known and deals without an account are rows of their own. Amounts at or below zero
-- note: are a band of their own.
-- parameter size_by | employees, revenue | employees | what makes an account large
-- column account_size | text | quarter of the accounts, from Q1 (smallest) to Q4
-- column deal_band | text | band of the deal's amount
-- column deals | count | won deals
-- column amount | money | their sum
-- column accounts | count | accounts with such a deal
with
    everyone as (
        select
            (select count(*) from accounts_in_scope($scope)) = (select count(*) from account_facts)
            and not $scope['big_logos_only'] as is_everyone
    ),
    won as (
        select
            i.account_id,
            cast(d.amount as double) * r.rate as amount,
            case
                $size_by
                when 'employees'
                then f.employees::double
                when 'revenue'
                then f.annual_revenue::double
            end as size
        from deals as d
        join rates as r on r.currency = d.currency
        cross join conventions as c
        cross join everyone as e
        left join account_ids as i on i.alias_id = d.account_id
        left join account_facts as f on f.account_id = i.account_id
        left join accounts_in_scope($scope) as s on s.account_id = i.account_id
        where
            d.is_won
            and (d.closed_on is null or d.closed_on <= c.as_of)
            and (s.account_id is not null or (i.account_id is null and e.is_everyone))
            and (cast($from_month as date) is null or d.closed_on >= $from_month)
            and (
                cast($to_month as date) is null or d.closed_on < cast($to_month as date) + interval '1' month
            )
    ),
    sizes as (select account_id, max(size) as size from won where account_id is not null group by account_id),
    edges as (
        select
            quantile_cont(size, 0.25) as first_edge,
            quantile_cont(size, 0.5) as second_edge,
            quantile_cont(size, 0.75) as third_edge
        from sizes
    )
select
    case
        when w.account_id is null
        then 'no account'
        when w.size is null
        then 'not known'
        when w.size <= e.first_edge
        then 'Q1'
        when w.size <= e.second_edge
        then 'Q2'
        when w.size <= e.third_edge
        then 'Q3'
        else 'Q4'
    end as account_size,
    case
        when w.amount is null
        then 'no amount'
        when w.amount <= 0
        then 'zero or less'
        when w.amount < 1000
        then 'under 1k'
        when w.amount < 5000
        then '1k to 5k'
        when w.amount < 25000
        then '5k to 25k'
        when w.amount < 100000
        then '25k to 100k'
        else '100k and over'
    end as deal_band,
    count(*) as deals,
    sum(w.amount) as amount,
    count(distinct w.account_id) as accounts
from won as w
cross join edges as e
group by 1, 2
order by 1, min(w.amount) nulls last
