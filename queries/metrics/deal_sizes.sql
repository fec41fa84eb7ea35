-- title: Deal sizes
-- question: How large are our deals with big logos, and with the rest?
-- grain: one row per log bin (four a decade) and side
-- formula: bin = 10 ^ (floor(4 x log10(amount)) / 4)
-- note: Won deals, in the reporting currency; where no deals are known, the ACV with which each account
-- landed.
-- note: A won deal without an account is with the rest.
-- column size_from | money | smallest size of the bin
-- column size_to | money | the next bin's smallest size
-- column is_big_logo | flag | true for big logos
-- column deals | count | deals in the bin
-- column amount | money | their sum
with
    won as (
        select d.account_id, d.closed_on as day, d.amount, coalesce(f.is_big_logo, false) as is_big_logo
        from known_deals as d
        cross join conventions as c
        left join account_facts as f on f.account_id = d.account_id
        where d.is_won and d.amount > 0 and (d.closed_on is null or d.closed_on <= c.as_of)
    ),
    scoped_deals as (
        select w.day, w.amount, w.is_big_logo
        from won as w
        where
            w.account_id in (select account_id from accounts_in_scope($scope))
            or (
                w.account_id is null
                and (select count(*) from accounts_in_scope($scope)) = (select count(*) from account_facts)
                and not $scope['big_logos_only']
            )
    ),
    used as (
        select day, amount, is_big_logo
        from scoped_deals
        union all
        select first_month as day, landing_acv::double as amount, is_big_logo
        from accounts_in_scope($scope)
        where landing_acv > 0 and not exists (select 1 from won)
    ),
    sized as (
        select floor(4 * log10(amount) + 1e-9) as bin, is_big_logo, amount
        from used
        where
            (cast($from_month as date) is null or day >= $from_month)
            and (cast($to_month as date) is null or day < cast($to_month as date) + interval '1' month)
    )
select
    power(10, bin / 4) as size_from,
    power(10, (bin + 1) / 4) as size_to,
    is_big_logo,
    count(*) as deals,
    sum(amount) as amount
from sized
group by bin, is_big_logo
order by bin, is_big_logo
