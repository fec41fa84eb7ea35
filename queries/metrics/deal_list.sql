-- title: Deals of a size
-- question: Which deals stand behind a bar of the histogram?
-- grain: one row per won deal (or landing, where no deals are known)
-- parameter size_from | rate | none | smallest size
-- parameter size_to | rate | none | size below which
-- parameter is_big_logo | flag | none | only big logos, or only the rest
-- column deal_id | text | the deal
-- column account_id | text | the account
-- column account | text | its name
-- column is_big_logo | flag | true for big logos
-- column closed_on | date | day on which it was won
-- column amount | money | its size
with
    won as (
        select
            d.deal_id,
            d.account_id,
            f.account,
            coalesce(f.is_big_logo, false) as is_big_logo,
            d.closed_on,
            d.amount
        from known_deals as d
        cross join conventions as c
        left join account_facts as f on f.account_id = d.account_id
        where d.is_won and d.amount > 0 and (d.closed_on is null or d.closed_on <= c.as_of)
    ),
    scoped_deals as (
        select *
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
        select deal_id, account_id, account, is_big_logo, closed_on, amount
        from scoped_deals
        union all
        select
            cast(null as varchar) as deal_id,
            account_id,
            account,
            is_big_logo,
            first_month as closed_on,
            landing_acv::double as amount
        from accounts_in_scope($scope)
        where landing_acv > 0 and not exists (select 1 from won)
    )
select deal_id, account_id, account, is_big_logo, closed_on, amount
from used
where
    (cast($from_month as date) is null or closed_on >= $from_month)
    and (cast($to_month as date) is null or closed_on < cast($to_month as date) + interval '1' month)
    and (cast($size_from as double) is null or amount >= cast($size_from as double) * (1 - 1e-9))
    and (cast($size_to as double) is null or amount < cast($size_to as double) * (1 - 1e-9))
    and (cast($is_big_logo as boolean) is null or is_big_logo = $is_big_logo)
order by amount desc, deal_id, account_id
