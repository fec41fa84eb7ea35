-- title: Survival by landing penetration
-- question: How long do accounts stay that landed small, against those that landed large?
-- grain: one row per band and contract year; year 0 is the start
-- formula: survival = product over the years so far of (1 - lost / at risk)
-- note: Penetration is that of the landing; today's is an outcome. A year counts once it is over by the last
-- note: full month. An account older than the data is at risk from its first full year in it; one of unknown
-- note: age is left out. The interval is Greenwood's on the complementary log-log scale, 80 %.
-- parameter by | penetration, small, big_logo, all | penetration | what makes a band; all: each of them
-- column band | text | landing penetration, or the side of the comparison
-- column age | count | contract year
-- column at_risk | count | accounts seen to be there when the year began; in year 0, those that began
-- column lost | count | of those, accounts that left in it
-- column survival | rate | share of the accounts left at its end
-- column low | rate | lower end of the 80 % interval
-- column high | rate | upper end of the 80 % interval
-- column hazard | rate | lost / at_risk: the risk of this one year
-- column by | text | what makes the band
with
    ways as (
        select way from (values ('penetration'), ('small'), ('big_logo')) as v(way) where $by in (way, 'all')
    ),
    banded as (
        select
            w.way,
            v.entered_after,
            v.last_year,
            v.is_lost,
            case
                when w.way = 'penetration'
                then v.landing_band
                when w.way = 'small' and v.is_small_landing
                then 'Small deals in big logos'
                when w.way = 'small' and s.is_big_logo
                then 'Other big logos'
                when s.is_big_logo
                then 'Big logos'
                else 'The rest'
            end as band
        from lives as v
        join accounts_in_scope($scope) as s on s.account_id = v.account_id
        cross join ways as w
        where
            (cast($from_month as date) is null or s.origin_month >= $from_month)
            and (cast($to_month as date) is null or s.origin_month <= $to_month)
    ),
    years as (
        select
            way,
            band,
            entered_after,
            last_year,
            is_lost,
            unnest(generate_series(entered_after, greatest(last_year, entered_after)::bigint)) as age
        from banded
    ),
    counted as (
        select
            way,
            band,
            case when age > entered_after then age else 0 end as age,
            count(*) filter (where age > entered_after or entered_after = 0) as at_risk,
            count(*) filter (where is_lost and age = last_year and age > entered_after) as lost
        from years
        group by way, band, case when age > entered_after then age else 0 end
    ),
    lines as (
        select
            way,
            band,
            age,
            at_risk,
            lost,
            product(case when age = 0 then 1.0 else 1 - lost::double / at_risk end) over so_far as survival,
            sqrt(
                sum(
                    case when lost > 0 then lost::double / nullif(at_risk * (at_risk - lost), 0) else 0 end
                ) over so_far
            ) as error
        from counted
        window
            so_far as (partition by way, band order by age rows between unbounded preceding and current row)
    ),
    scaled as (
        select
            way,
            band,
            age,
            at_risk,
            lost,
            survival,
            case
                when survival > 0 and survival < 1 then 1.2815515655446004 * error / abs(ln(survival))
            end as spread
        from lines
    )
select
    band,
    age,
    at_risk,
    lost,
    survival,
    case when spread is null then survival else power(survival, exp(spread)) end as low,
    case when spread is null then survival else power(survival, exp(- spread)) end as high,
    case when age > 0 then lost::double / nullif(at_risk, 0) end as hazard,
    way as by
from scaled
order by
    way,
    case
        band
        when 'under 5%'
        then 1
        when '5% to 10%'
        then 2
        when '10% to 25%'
        then 3
        when '25% and over'
        then 4
        when 'Small deals in big logos'
        then 5
        when 'Other big logos'
        then 6
        when 'Big logos'
        then 7
        else 8
    end,
    age
