-- title: Revenue retention by landing penetration
-- question: What became of each band's first revenue, year by year?
-- grain: one row per band and contract year; year 0 is the start
-- formula: net = MRR at that age / first MRR, of the accounts that have reached the age
-- formula: gross = sum of min(MRR at that age, first MRR) / first MRR
-- note: Penetration is that of the landing. An account that left counts with 0. Accounts of unknown age are
-- note: left out.
-- column band | text | landing penetration
-- column age | count | contract year
-- column n | count | accounts that have reached the age, there or not
-- column active | count | of those, accounts with MRR
-- column base_mrr | money | their first MRR
-- column mrr | money | their MRR at that age
-- column nrr | rate | net revenue retention since the start
-- column grr | rate | gross revenue retention since the start
with
    banded as (
        select v.account_id, v.landing_band as band
        from lives as v
        join account_facts as f on f.account_id = v.account_id
        semi join accounts_in_scope($scope) as s on s.account_id = v.account_id
        where
            (cast($from_month as date) is null or f.origin_month >= $from_month)
            and (cast($to_month as date) is null or f.origin_month <= $to_month)
    ),
    steps as (
        select
            b.band,
            ceil(t.age / 12)::integer as age,
            sum(t.d_accounts) as d_accounts,
            sum(t.d_active) as d_active,
            sum(t.d_base) as d_base,
            sum(t.d_mrr) as d_mrr,
            sum(t.d_capped) as d_capped
        from cohort_steps as t
        join banded as b on b.account_id = t.account_id
        group by b.band, ceil(t.age / 12)
    ),
    grid as (select band, unnest(generate_series(0, max(age)::bigint)) as age from steps group by band),
    lines as (
        select
            g.band,
            g.age,
            sum(t.d_accounts) over so_far as n,
            sum(t.d_active) over so_far as active,
            sum(t.d_base) over so_far as base_mrr,
            sum(t.d_mrr) over so_far as mrr,
            sum(t.d_capped) over so_far as capped
        from grid as g
        left join steps as t on t.band = g.band and t.age = g.age
        window so_far as (partition by g.band order by g.age rows between unbounded preceding and current row)
    )
select
    band,
    age,
    n::bigint as n,
    active::bigint as active,
    base_mrr,
    mrr,
    mrr::double / nullif(base_mrr, 0)::double as nrr,
    capped::double / nullif(base_mrr, 0)::double as grr
from lines
where n > 0
order by
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
        else 5
    end,
    age
