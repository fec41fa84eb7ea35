-- title: Lives
-- question: Through which years of its contract was each account seen, and in which did it leave?
-- grain: one row per account that paid and whose age is known
-- note: A contract year ends on an anniversary of the account's first month. A year counts once it is over by
-- note: the last full month, for who left in it as for who stayed; only the first stay counts.
-- note: Bands and sizes are those of the landing: today's ACV is an outcome.
-- column account_id | text | the account
-- column entered_after | count | full years before the data begins, 0 for who began in it
-- column last_year | count | last contract year in which it was seen
-- column is_lost | flag | true when it left in that year
-- column lost_month | month | month in which it first left; empty while it stays
-- column cohort_year | count | year of its first month
-- column landing_penetration | rate | landing ACV / potential
-- column landing_band | text | band of the landing penetration
-- column is_small_landing | flag | true for a small deal in a big logo, at landing
create or replace table lives as
with
    limits as (select max(month) as last_full from months where is_full),
    landings as (
        select percentile_cont(0.5) within group (order by cast(landing_acv as double)) as median_landing_acv
        from account_facts
        where landing_acv > 0
    ),
    first_churns as (
        select account_id, min(month) as lost_month
        from movements
        where kind = 'churn' and not is_same_month
        group by account_id
    ),
    counted as (
        select
            f.account_id,
            f.origin_month,
            f.landing_acv,
            f.is_big_logo,
            cast(f.landing_acv as double) / nullif(cast(f.potential_acv as double), 0) as landing_penetration,
            c.lost_month,
            cast(floor(f.entry_age / 12) as integer) as entered_after,
            cast(
                floor(
                    ((year(l.last_full) - year(f.origin_month)) * 12 + month(l.last_full) - month(f.origin_month))
                    / 12
                ) as integer
            ) as reached,
            cast(
                ceil(
                    (
                        (year(c.lost_month) - year(f.origin_month)) * 12
                        + month(c.lost_month)
                        - month(f.origin_month)
                    )
                    / 12
                ) as integer
            ) as lost_in
        from account_facts as f
        left join first_churns as c on c.account_id = f.account_id
        cross join limits as l
        where f.origin_month is not null and f.first_month <= l.last_full
    )
select
    c.account_id,
    c.entered_after,
    least(c.reached, coalesce(c.lost_in, c.reached)) as last_year,
    coalesce(c.lost_in <= c.reached and c.lost_in > c.entered_after, false) as is_lost,
    c.lost_month,
    year(c.origin_month) as cohort_year,
    c.landing_penetration,
    case
        when c.landing_penetration is null
        then 'not known'
        when c.landing_penetration < 0.05
        then 'under 5%'
        when c.landing_penetration < 0.1
        then '5% to 10%'
        when c.landing_penetration < 0.25
        then '10% to 25%'
        else '25% and over'
    end as landing_band,
    c.is_big_logo
    and (
        coalesce(c.landing_penetration < v.small_penetration, false)
        or coalesce(cast(c.landing_acv as double) < m.median_landing_acv, false)
    ) as is_small_landing
from counted as c
cross join conventions as v
cross join landings as m
