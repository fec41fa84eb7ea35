-- title: What counts as big and as small
-- question: How many big logos and small deals in them would these limits give?
-- grain: one row, always
-- note: Counts accounts with a contract value in scope. An empty parameter takes the limit in force. Named by
-- note: hand are big whatever their size.
-- parameter employees | count | none | a big logo has at least so many employees
-- parameter revenue | rate | none | or at least so much yearly revenue
-- parameter penetration | rate | none | a deal is small below this share of its potential
-- column by_employees | count | accounts with that many employees
-- column by_revenue | count | accounts with that much revenue
-- column by_hand | count | accounts named by hand
-- column big_logos | count | accounts that any of these makes big
-- column big_logo_acv | money | their yearly contract value
-- column small_deals | count | of those, small deals
-- column small_acv | money | their yearly contract value
-- column accounts | count | accounts with a contract value
with
    landings as (
        select median(landing_acv::double) as median_landing_acv from account_facts where landing_acv > 0
    ),
    hands as (
        select distinct i.account_id
        from named_big_logos as n
        join account_ids as i on i.alias_id = n.account_id
    ),
    judged as (
        select
            f.acv,
            coalesce(f.employees >= coalesce($employees, c.big_logo_employees), false) as is_by_employees,
            coalesce(f.annual_revenue >= coalesce($revenue, c.big_logo_revenue), false) as is_by_revenue,
            h.account_id is not null as is_by_hand,
            coalesce(
                f.acv::double / nullif(f.potential_acv, 0)::double
                < coalesce($penetration, c.small_penetration),
                false
            )
            or coalesce(f.acv::double < m.median_landing_acv, false) as is_small
        from accounts_in_scope($scope) as f
        cross join conventions as c
        cross join landings as m
        left join hands as h on h.account_id = f.account_id
        where f.acv > 0
    )
select
    count(*) filter (where is_by_employees) as by_employees,
    count(*) filter (where is_by_revenue) as by_revenue,
    count(*) filter (where is_by_hand) as by_hand,
    count(*) filter (where is_by_employees or is_by_revenue or is_by_hand) as big_logos,
    sum(acv) filter (where is_by_employees or is_by_revenue or is_by_hand) as big_logo_acv,
    count(*) filter (where is_small and (is_by_employees or is_by_revenue or is_by_hand)) as small_deals,
    sum(acv) filter (where is_small and (is_by_employees or is_by_revenue or is_by_hand)) as small_acv,
    count(*) as accounts
from judged
