-- title: ARR in small deals in big logos
-- question: How much recurring revenue a year came from small deals in big logos, month by month?
-- grain: one row per month
-- formula: sum of 12 x MRR of big logos below the small-deal limit of their potential, or below the median
-- landing ACV
-- note: Who is a big logo, its potential and the median are those of today; what it pays is each month's own.
-- column month | month | the month
-- column arr | money | ARR in small deals in big logos, at its end
-- column accounts | count | how many accounts
-- column is_full | flag | true when the month is complete
with
    landings as (
        select median(landing_acv::double) as median_landing_acv from account_facts where landing_acv > 0
    ),
    stays as (
        select g.month, g.next_month, 12 * g.closing as arr
        from changes as g
        join account_facts as f on f.account_id = g.account_id
        cross join conventions as c
        cross join landings as m
        semi join accounts_in_scope($scope) as s on s.account_id = g.account_id
        where
            f.is_big_logo
            and g.closing > 0
            and (
                coalesce(
                    12 * g.closing::double / nullif(f.potential_acv, 0)::double < c.small_penetration, false
                )
                or coalesce(12 * g.closing::double < m.median_landing_acv, false)
            )
    ),
    steps as (
        select month, arr, 1 as accounts
        from stays
        union all
        select next_month as month, 0 - arr as arr, -1 as accounts
        from stays
        where next_month is not null
    ),
    by_month as (select month, sum(arr) as arr, sum(accounts) as accounts from steps group by month),
    levels as (
        select
            n.month,
            n.is_full,
            sum(coalesce(b.arr, 0)) over so_far as arr,
            sum(coalesce(b.accounts, 0)) over so_far as accounts
        from months as n
        left join by_month as b on b.month = n.month
        window so_far as (order by n.month rows between unbounded preceding and current row)
    )
select month, arr, accounts, is_full
from levels
where
    (cast($from_month as date) is null or month >= $from_month)
    and (cast($to_month as date) is null or month <= $to_month)
order by month
