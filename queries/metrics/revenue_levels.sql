-- title: Revenue levels by cohort and age
-- question: How much MRR did each cohort carry at each age, and how concentrated was it?
-- grain: one row per cohort and age in years that every account of the cohort has reached
-- note: Age counts from each account's own first month. A cohort older than the data begins at the first
-- age at
-- note: which all of its accounts are seen. Accounts of unknown age are left out.
-- parameter kind | gross, net | net | gross caps each account at its MRR at start
-- parameter grain | month, quarter, year | year | length of a cohort; ages are in years
-- parameter by | none, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- none | slices
-- column slice | text | value of the attribute, or All
-- column cohort | text | year, quarter or month of the first month
-- column age | count | age in years
-- column accounts | count | accounts with MRR at this age
-- column mrr | money | their MRR
-- column mrr_squared_sum | money | sum of their squared MRR
-- column growth_squared | money | sum of MRR^2 / MRR a year before, of accounts with MRR then; empty at the
-- first age
-- column period | count | calendar year of the age, about
-- column mrr_cubed_sum | money | sum of their MRR cubed: how far the largest outweigh the others
-- column growth_product | money | sum of MRR times MRR a year before; empty at the first age
with
    limits as (select (max(year(month) * 12 + month(month))) as last_number from months where is_full),
    members as (
        select
            s.slice,
            f.account_id,
            year(f.origin_month) as cohort_year,
            case
                $grain
                when 'month'
                then strftime(f.origin_month, '%Y-%m')
                when 'quarter'
                then strftime(f.origin_month, '%Y') || '-Q' || quarter(f.origin_month)
                when 'year'
                then strftime(f.origin_month, '%Y')
            end as cohort,
            year(f.origin_month) * 12 + month(f.origin_month) as origin_number,
            ceil(f.entry_age / 12)::integer as first_age,
            f.first_mrr
        from account_facts as f
        join slices_in_scope($scope, $by) as s on s.account_id = f.account_id
        cross join limits as l
        where
            f.origin_month is not null
            and year(f.first_month) * 12 + month(f.first_month) <= l.last_number
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    cohorts as (
        select slice, cohort, cohort_year, max(origin_number) as last_origin, max(first_age) as first_age
        from members
        group by slice, cohort, cohort_year
    ),
    spans as (
        select floor((max(l.last_number) - min(m.origin_number)) / 12)::integer as oldest
        from members as m
        cross join limits as l
    ),
    ages as (select unnest(generate_series(0, oldest)) as age from spans),
    cells as (
        select c.slice, c.cohort, c.cohort_year, c.first_age, a.age
        from cohorts as c
        cross join ages as a
        cross join limits as l
        where a.age >= c.first_age and c.last_origin + 12 * a.age <= l.last_number
    ),
    levels as (
        select
            m.slice,
            m.cohort,
            m.cohort_year,
            m.account_id,
            c.age,
            c.first_age,
            case
                $kind
                when 'net'
                then greatest(coalesce(g.closing, 0), 0)
                else least(greatest(coalesce(g.closing, 0), 0), m.first_mrr)
            end::double as mrr
        from cells as c
        join members as m on m.slice = c.slice and m.cohort = c.cohort
        left join
            changes as g
            on g.account_id = m.account_id
            and year(g.month) * 12 + month(g.month) <= m.origin_number + 12 * c.age
            and (
                g.next_month is null
                or year(g.next_month) * 12 + month(g.next_month) > m.origin_number + 12 * c.age
            )
    ),
    followed as (
        select
            slice,
            cohort,
            cohort_year,
            age,
            first_age,
            mrr,
            lag(mrr) over (partition by slice, cohort, account_id order by age) as mrr_before
        from levels
    )
select
    slice,
    cohort,
    age,
    count(*) filter (where mrr > 0) as accounts,
    sum(mrr) as mrr,
    sum(mrr * mrr) as mrr_squared_sum,
    case
        when age > first_age then sum(mrr * mrr / mrr_before) filter (where mrr_before > 0)
    end as growth_squared,
    cohort_year + age as period,
    sum(mrr * mrr * mrr) as mrr_cubed_sum,
    case when age > first_age then sum(mrr * mrr_before) end as growth_product
from followed
group by slice, cohort, cohort_year, age, first_age
order by slice, cohort, age
