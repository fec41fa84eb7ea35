-- title: Cohort retention
-- question: What is left of the accounts that began together, at each age, over ten years?
-- grain: one row per cohort and age
-- formula: logo: accounts active / accounts at start; gross: sum of min(MRR at age, MRR at start) / MRR at
-- start;
-- formula: net: MRR at age / MRR at start
-- note: Age counts from each account's own first month. A cell is mature when every account of the cohort has
-- note: reached that age by the last full month; by an attribute, the accounts that have reached the age
-- are in.
-- note: Accounts active in the data's first month and without customer_since have no known age and are left
-- out;
-- note: late_entries counts those whose age at the data's beginning was above 0: they survived to be seen,
-- note: and by an attribute, where they would stand beside others of the same age, they are left out.
-- parameter kind | logo, gross, net | logo | what is retained
-- parameter grain | month, quarter, year | year | length of a cohort and of an age
-- parameter by | start, segment, lane, region, plan_at_start, channel, owner, deal_size_band, big_logo |
-- start | what makes a cohort
-- column cohort | text | first month, quarter or year; or the value of the attribute
-- column age | count | age in months, quarters or years
-- column n | count | accounts observed at that age, active or not
-- column numerator | money | accounts active, or MRR
-- column denominator | money | accounts at start, or MRR at start
-- column rate | rate | numerator / denominator
-- column low | rate | lower end of the Wilson 95 % interval (logo only)
-- column high | rate | upper end of the Wilson 95 % interval (logo only)
-- column is_mature | flag | true when every account of the cohort has reached that age
-- column late_entries | count | accounts that entered at an age above 0
with
    limits as (select max(month) as last_full from months where is_full),
    sizes as (
        select case $grain when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months_each
    ),
    members as (
        select
            f.account_id,
            f.origin_month,
            f.entry_age,
            case
                when $by <> 'start'
                then f.slice
                when $grain = 'month'
                then strftime(f.origin_month, '%Y-%m')
                when $grain = 'quarter'
                then strftime(f.origin_month, '%Y') || '-Q' || quarter(f.origin_month)
                else strftime(f.origin_month, '%Y')
            end as cohort
        from slices_in_scope($scope, case $by when 'start' then 'none' else $by end) as f
        cross join limits as l
        where
            f.origin_month is not null
            and f.first_month <= l.last_full
            and ($by = 'start' or f.entry_age = 0)
            and (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    cohorts as (
        select
            cohort,
            max(origin_month) as last_origin,
            min(origin_month) as first_origin,
            count(*) filter (where entry_age > 0) as late_entries
        from members
        group by cohort
    ),
    steps as (
        select
            m.cohort,
            t.age,
            sum(t.d_accounts) as d_accounts,
            sum(t.d_active) as d_active,
            sum(case when $kind <> 'logo' then t.d_base end) as d_base,
            sum(case when $kind = 'net' then t.d_mrr end) as d_mrr,
            sum(case when $kind = 'gross' then t.d_capped end) as d_capped
        from cohort_steps as t
        join members as m on m.account_id = t.account_id
        where t.age <= 120 and ($by <> 'start' or not t.is_end)
        group by m.cohort, t.age
    ),
    ages as (select unnest(generate_series(0, 120)) as age),
    grid as (
        select c.cohort, a.age, c.last_origin, c.first_origin, c.late_entries
        from cohorts as c
        cross join ages as a
        cross join limits as l
        where
            a.age
            <= (year(l.last_full) - year(c.first_origin)) * 12 + month(l.last_full) - month(c.first_origin)
    ),
    levels as (
        select
            g.cohort,
            g.age,
            g.last_origin,
            g.late_entries,
            sum(coalesce(t.d_accounts, 0)) over so_far as accounts,
            sum(coalesce(t.d_active, 0)) over so_far as active,
            sum(coalesce(t.d_base, 0)) over so_far as base,
            sum(coalesce(t.d_mrr, 0)) over so_far as mrr,
            sum(coalesce(t.d_capped, 0)) over so_far as capped
        from grid as g
        left join steps as t on t.cohort = g.cohort and t.age = g.age
        window
            so_far as (partition by g.cohort order by g.age rows between unbounded preceding and current row)
    ),
    cells as (
        select
            v.cohort,
            cast(v.age / z.months_each as integer) as age,
            v.accounts::double as n,
            case $kind when 'logo' then v.active when 'gross' then v.capped when 'net' then v.mrr end::double
            as numerator,
            case when $kind = 'logo' then v.accounts else v.base end::double as denominator,
            v.active::double / nullif(v.accounts, 0)::double as share,
            v.late_entries,
            case
                when $by = 'start'
                then
                    v.age
                    <= (year(l.last_full) - year(v.last_origin)) * 12
                    + month(l.last_full)
                    - month(v.last_origin)
                else true
            end as is_mature
        from levels as v
        cross join sizes as z
        cross join limits as l
        where v.age % z.months_each = 0 and v.accounts > 0
    )
select
    cohort,
    age,
    n,
    numerator,
    denominator,
    numerator / nullif(denominator, 0) as rate,
    case
        when $kind = 'logo'
        then
            greatest(
                0,
                (share + 1.9208 / n - 1.96 * sqrt(share * (1 - share) / n + 0.9604 / (n * n)))
                / (1 + 3.8416 / n)
            )
    end as low,
    case
        when $kind = 'logo'
        then
            least(
                1,
                (share + 1.9208 / n + 1.96 * sqrt(share * (1 - share) / n + 0.9604 / (n * n)))
                / (1 + 3.8416 / n)
            )
    end as high,
    is_mature,
    late_entries
from cells
order by cohort, age
