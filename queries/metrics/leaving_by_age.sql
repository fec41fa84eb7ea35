-- title: Leaving by age
-- question: Of the customers still there, what share leaves at each age?
-- grain: one row per slice and age that somebody has reached or left at
-- formula: lost / at_risk
-- note: Age counts from each account's own first month; age 12 months is where a first yearly contract ends.
-- note: At risk are accounts that were there an age before and whose next age lies inside the full months.
-- note: Only the first stay counts. An account older than the data is at risk from the first age that the
-- data shows; one of unknown age is left out. Contract terms are together here: it is time that is counted.
-- parameter grain | month, quarter, year | year | length of an age
-- parameter by | none, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- none | slices
-- column slice | text | value of the attribute, or All
-- column age | count | age in months, quarters or years
-- column at_risk | count | accounts that could leave between the age before and this one
-- column lost | count | of those, accounts that left
-- column rate | rate | lost / at_risk
-- column low | rate | lower end of the Wilson 95 % interval
-- column high | rate | upper end of the Wilson 95 % interval
with
    limits as (
        select
            max(year(month) * 12 + month(month)) as last_number,
            case $grain when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months_each
        from months
        where is_full
    ),
    first_churns as (
        select account_id, min(year(month) * 12 + month(month)) as lost_number
        from movements
        where kind = 'churn' and not is_same_month
        group by account_id
    ),
    members as (
        select
            f.slice,
            cast(ceil(f.entry_age / l.months_each) as integer) as entered_after,
            cast(
                floor(
                    (l.last_number - year(f.origin_month) * 12 - month(f.origin_month)) / l.months_each
                ) as integer
            ) as reached,
            cast(
                ceil(
                    (c.lost_number - year(f.origin_month) * 12 - month(f.origin_month)) / l.months_each
                ) as integer
            ) as lost_at
        from slices_in_scope($scope, $by) as f
        left join first_churns as c on c.account_id = f.account_id
        cross join limits as l
        where
            f.origin_month is not null
            and year(f.first_month) * 12 + month(f.first_month) <= l.last_number
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    spans as (
        select
            slice,
            entered_after,
            least(reached, coalesce(lost_at, reached)) as last_at,
            lost_at <= reached as is_lost
        from members
        where entered_after < least(reached, coalesce(lost_at, reached))
    ),
    steps as (
        select slice, entered_after + 1 as age, 1 as d_at_risk, 0 as lost
        from spans
        union all
        select slice, last_at + 1, -1, 0
        from spans
        union all
        select slice, last_at, 0, 1
        from spans
        where is_lost
    ),
    summed as (
        select slice, age, sum(d_at_risk) as d_at_risk, sum(lost) as lost from steps group by slice, age
    ),
    grid as (
        select b.slice, unnest(generate_series(b.first_age, b.last_age)) as age
        from (select slice, min(age) as first_age, max(age) as last_age from summed group by slice) as b
    ),
    levels as (
        select
            g.slice,
            g.age,
            sum(coalesce(s.d_at_risk, 0)) over (
                partition by g.slice order by g.age rows between unbounded preceding and current row
            )::double as at_risk,
            coalesce(s.lost, 0)::double as lost
        from grid as g
        left join summed as s on s.slice = g.slice and s.age = g.age
    ),
    shares as (
        select slice, age, at_risk, lost, lost / nullif(at_risk, 0) as rate from levels where at_risk > 0
    )
select
    slice,
    age,
    at_risk,
    lost,
    rate,
    round(
        greatest(
            0,
            (
                rate
                + 1.9208 / at_risk
                - 1.96 * sqrt(rate * (1 - rate) / at_risk + 0.9604 / (at_risk * at_risk))
            )
            / (1 + 3.8416 / at_risk)
        ),
        12
    ) as low,
    round(
        least(
            1,
            (
                rate
                + 1.9208 / at_risk
                + 1.96 * sqrt(rate * (1 - rate) / at_risk + 0.9604 / (at_risk * at_risk))
            )
            / (1 + 3.8416 / at_risk)
        ),
        12
    ) as high
from shares
where age * (select months_each from limits) <= 120
order by slice, age
