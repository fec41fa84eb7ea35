-- title: Life table by renewal decision
-- question: How many accounts reached each renewal decision, and how many left at it?
-- grain: one row per contract term, cohort and renewal decision
-- note: A decision falls each time a contract term is over: once a year for a yearly contract, twelve times
-- for a
-- note: monthly one. The term is that of the account's largest first charge; terms are never mixed. An
-- account
-- note: that leaves inside a term is lost at the term's end. Only the first stay counts: who comes back
-- begins
-- note: anew. An account older than the data is at risk from the first decision that the data shows; one of
-- note: unknown age is left out.
-- parameter grain | month, quarter, year | year | length of a cohort
-- parameter by | none, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- none | slices
-- column slice | text | value of the attribute, or All
-- column term_months | months | length of the contract
-- column cohort | text | year, quarter or month of the first month
-- column age | count | renewal decisions so far; 0 announces a cohort
-- column at_risk | count | accounts that reached this decision
-- column lost | count | of those, accounts that left at it
-- column period | count | number of the calendar period, a term long, in which the decision fell
with
    limits as (select max(month) as last_full from months where is_full),
    first_churns as (
        select account_id, min(month) as lost_month
        from movements
        where kind = 'churn' and not is_same_month
        group by account_id
    ),
    members as (
        select
            s.slice,
            f.account_id,
            f.term_months,
            case
                $grain
                when 'month'
                then strftime(f.origin_month, '%Y-%m')
                when 'quarter'
                then strftime(f.origin_month, '%Y') || '-Q' || quarter(f.origin_month)
                when 'year'
                then strftime(f.origin_month, '%Y')
            end as cohort,
            case
                $grain
                when 'month'
                then year(f.origin_month) * 12 + month(f.origin_month) - 1
                when 'quarter'
                then year(f.origin_month) * 12 + (quarter(f.origin_month) - 1) * 3
                when 'year'
                then year(f.origin_month) * 12
            end as began_at,
            floor(f.entry_age / f.term_months)::integer as entered_after,
            floor(
                ((year(l.last_full) - year(f.origin_month)) * 12 + month(l.last_full) - month(f.origin_month))
                / f.term_months
            )::integer as reached,
            ceil(
                (
                    (year(c.lost_month) - year(f.origin_month)) * 12
                    + month(c.lost_month)
                    - month(f.origin_month)
                )
                / f.term_months
            )::integer as lost_at
        from account_facts as f
        join slices_in_scope($scope, $by) as s on s.account_id = f.account_id
        left join first_churns as c on c.account_id = f.account_id
        cross join limits as l
        where
            f.origin_month is not null
            and f.term_months is not null
            and f.first_month <= l.last_full
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    steps as (
        select slice, term_months, cohort, entered_after + 1 as age, 1 as d_at_risk, 0 as lost
        from members
        where entered_after < least(reached, coalesce(lost_at, reached))
        union all
        select slice, term_months, cohort, least(reached, coalesce(lost_at, reached)) + 1, -1, 0
        from members
        where entered_after < least(reached, coalesce(lost_at, reached))
        union all
        select slice, term_months, cohort, lost_at, 0, 1
        from members
        where lost_at <= reached and lost_at > entered_after
        union all
        select slice, term_months, cohort, 0, 0, 0
        from members
    ),
    summed as (
        select slice, term_months, cohort, age, sum(d_at_risk) as d_at_risk, sum(lost) as lost
        from steps
        group by slice, term_months, cohort, age
    ),
    beginnings as (
        select
            slice,
            term_months,
            cohort,
            min(began_at) as began_at,
            count(*) filter (where entered_after = 0) as began,
            max(reached) as reached
        from members
        group by slice, term_months, cohort
    ),
    grid as (
        select slice, term_months, cohort, began_at, began, unnest(generate_series(0, reached)) as age
        from beginnings
    ),
    levels as (
        select
            g.slice,
            g.term_months,
            g.cohort,
            g.age,
            g.began_at,
            g.began,
            sum(coalesce(s.d_at_risk, 0)) over (
                partition by g.slice, g.term_months, g.cohort
                order by g.age
                rows between unbounded preceding and current row
            ) as at_risk,
            coalesce(s.lost, 0) as lost
        from grid as g
        left join
            summed as s
            on s.slice = g.slice
            and s.term_months = g.term_months
            and s.cohort = g.cohort
            and s.age = g.age
    )
select
    slice,
    term_months,
    cohort,
    age,
    case when age = 0 then began else at_risk end as at_risk,
    case when age = 0 then 0 else lost end as lost,
    floor(began_at / term_months)::integer + age as period
from levels
where age = 0 or at_risk > 0
order by slice, term_months, cohort, age
