-- title: Renewals by coverage before
-- question: Did contracts renew more often where more people had been spoken to in the 90 days before?
-- grain: one row per number of people spoken to
-- note: Contracts of a year or longer; one decision each time a term ends, or when the account left inside
-- note: it. Only people named in activities count, and only decisions at least 90 days after the first
-- note: activity on record. Not an experiment: who is about to leave may no longer answer.
-- column people_touched | text | people spoken to in the 90 days before
-- column decisions | count | renewal decisions
-- column renewed | count | of those, renewed
-- column rate | rate | renewed / decisions
-- column low | rate | lower end of the Wilson 80 % interval
-- column high | rate | upper end of the Wilson 80 % interval
with
    limits as (select max(month) as last_full from months where is_full),
    begun as (select min(occurred_on) as first_on from activities),
    aged as (
        select
            f.account_id,
            f.origin_month,
            f.term_months::integer as term,
            v.lost_month,
            greatest(
                1,
                ceil(
                    (
                        (year(f.first_month) - year(f.origin_month)) * 12
                        + month(f.first_month)
                        - month(f.origin_month)
                        + 1
                    )
                    / f.term_months
                )
            )::bigint as first_decision,
            floor(
                ((year(l.last_full) - year(f.origin_month)) * 12 + month(l.last_full) - month(f.origin_month))
                / f.term_months
            )::bigint as reached,
            ceil(
                (
                    (year(v.lost_month) - year(f.origin_month)) * 12
                    + month(v.lost_month)
                    - month(f.origin_month)
                )
                / f.term_months
            )::bigint as lost_at
        from lives as v
        join accounts_in_scope($scope) as f on f.account_id = v.account_id
        cross join limits as l
        where
            f.term_months >= 12
            and exists (select 1 from activities)
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    decided as (
        select
            account_id,
            origin_month,
            term,
            lost_month,
            lost_at,
            unnest(generate_series(first_decision, least(reached, coalesce(lost_at, reached)))) as nth
        from aged
    ),
    dated as (
        select
            account_id,
            nth,
            coalesce(nth = lost_at, false) as is_lost,
            least(
                (origin_month + to_months((nth * term)::integer))::date,
                case when nth = lost_at then lost_month end
            ) as day
        from decided
    ),
    spoken as (
        select d.account_id, d.nth, d.is_lost, count(distinct a.contact_id) as people
        from dated as d
        cross join begun as b
        left join account_ids as i on i.account_id = d.account_id
        left join
            activities as a
            on a.account_id = i.alias_id
            and a.occurred_on < d.day
            and a.occurred_on >= d.day - interval '90' day
        where d.day - interval '90' day >= b.first_on
        group by d.account_id, d.nth, d.is_lost
    ),
    classed as (
        select
            case
                when people = 0
                then 'none'
                when people = 1
                then '1'
                when people = 2
                then '2'
                when people < 5
                then '3 or 4'
                else '5 and more'
            end as people_touched,
            min(people) as fewest,
            count(*) as decisions,
            count(*) filter (where not is_lost) as renewed
        from spoken
        group by 1
    ),
    shared as (
        select
            people_touched,
            fewest,
            decisions,
            renewed,
            renewed::double / decisions as p,
            1.6423744151498193 as zz
        from classed
    )
select
    people_touched,
    decisions,
    renewed,
    p as rate,
    (p + zz / (2 * decisions) - sqrt(zz * (p * (1 - p) + zz / (4 * decisions)) / decisions))
    / (1 + zz / decisions) as low,
    (p + zz / (2 * decisions) + sqrt(zz * (p * (1 - p) + zz / (4 * decisions)) / decisions))
    / (1 + zz / decisions) as high
from shared
order by fewest
