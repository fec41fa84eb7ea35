-- title: Experiments and what they grew to
-- question: How many small deals in big logos grew to half of their potential, and how long did it take?
-- grain: one row per account that landed as a small deal in a big logo
-- note: Potential is today's figure. Growth is read from MRR at month ends: 12 x MRR against target x
-- note: potential. Without a known potential, growth cannot be judged.
-- parameter target | rate | 0.5 | share of the potential that counts as grown
-- column account_id | text | the account
-- column account | text | its name
-- column outcome | text | grown, left, smaller, larger, unchanged or potential not known
-- column first_month | month | month of the landing
-- column landing_acv | money | yearly contract value at the start
-- column landing_penetration | rate | landing ACV / potential
-- column acv | money | yearly contract value now
-- column penetration | rate | ACV / potential
-- column potential_acv | money | yearly contract value if everything were bought
-- column reached_month | month | first month at target x potential
-- column months_to_reach | months | months from the landing to then
-- column months_seen | months | months from the landing to then, to the loss, or to the last full month
-- column lost_month | month | month in which it left for good; empty while active
with
    limits as (select max(month) as last_full from months where is_full),
    landed as (
        select
            f.account_id,
            f.account,
            f.first_month,
            f.landing_acv,
            f.acv,
            f.potential_acv,
            f.lost_month,
            v.landing_penetration
        from lives as v
        join accounts_in_scope($scope) as f on f.account_id = v.account_id
        where
            v.is_small_landing
            and (cast($from_month as date) is null or f.first_month >= $from_month)
            and (cast($to_month as date) is null or f.first_month <= $to_month)
    ),
    grown as (
        select l.account_id, min(g.month) as reached_month
        from landed as l
        join changes as g on g.account_id = l.account_id
        where 12 * g.closing >= $target * l.potential_acv::double and l.potential_acv > 0
        group by l.account_id
    )
select
    l.account_id,
    l.account,
    case
        when l.potential_acv is null
        then 'potential not known'
        when g.reached_month is not null
        then 'grown'
        when l.lost_month is not null
        then 'left'
        when l.acv < l.landing_acv
        then 'smaller'
        when l.acv > l.landing_acv
        then 'larger'
        else 'unchanged'
    end as outcome,
    l.first_month,
    l.landing_acv,
    l.landing_penetration,
    l.acv,
    l.acv::double / nullif(l.potential_acv, 0)::double as penetration,
    l.potential_acv,
    g.reached_month,
    (year(g.reached_month) - year(l.first_month)) * 12
    + month(g.reached_month)
    - month(l.first_month) as months_to_reach,
    (year(coalesce(g.reached_month, l.lost_month, m.last_full)) - year(l.first_month)) * 12
    + month(coalesce(g.reached_month, l.lost_month, m.last_full))
    - month(l.first_month) as months_seen,
    l.lost_month
from landed as l
cross join limits as m
left join grown as g on g.account_id = l.account_id
order by reached_month nulls last, l.potential_acv desc nulls last, l.account_id
