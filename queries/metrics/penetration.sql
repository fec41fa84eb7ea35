-- title: Penetration
-- question: How much of what each account could buy has it bought?
-- grain: one row per account with a contract value
-- formula: penetration = ACV / potential ACV
-- note: Potential: as given, else employees x the P90 of ACV per employee among own accounts of the segment
-- note: (an assumption: potential_low and potential_high take P75 and P95), else unknown, never zero.
-- note: ACV is 12 x MRR; of an account without billing, its won deals of the last twelve months.
-- column account_id | text | the account
-- column account | text | its name
-- column is_big_logo | flag | true for a big logo
-- column acv | money | yearly contract value now
-- column landing_acv | money | yearly contract value at the start
-- column potential_acv | money | yearly contract value if everything were bought
-- column potential_from | text | given, employees or unknown
-- column penetration | rate | ACV / potential
-- column share_of_project | rate | ACV / the customer's project budget
-- column open_potential | money | potential not bought yet
-- column is_small_in_big | flag | true for a big logo below the small-deal limit, or below the median
-- landing ACV
-- column landing_penetration | rate | landing ACV / potential
-- column potential_low | money | potential with P75
-- column potential_high | money | potential with P95
-- column employees | count | number of employees
-- column segment | text | segment
-- column owner | text | the person responsible
-- column acv_from | text | billing or deals
with
    landings as (
        select median(landing_acv::double) as median_landing_acv from account_facts where landing_acv > 0
    )
select
    f.account_id,
    f.account,
    f.is_big_logo,
    f.acv,
    f.landing_acv,
    f.potential_acv,
    f.potential_from,
    f.acv::double / nullif(f.potential_acv, 0)::double as penetration,
    f.acv::double / nullif(f.project_cost, 0)::double as share_of_project,
    case when f.potential_acv is not null then greatest(f.potential_acv - f.acv, 0) end as open_potential,
    f.is_big_logo
    and (
        coalesce(f.acv::double / nullif(f.potential_acv, 0)::double < c.small_penetration, false)
        or coalesce(f.acv::double < m.median_landing_acv, false)
    ) as is_small_in_big,
    f.landing_acv::double / nullif(f.potential_acv, 0)::double as landing_penetration,
    f.potential_low,
    f.potential_high,
    f.employees,
    f.segment,
    f.owner,
    f.acv_from
from accounts_in_scope($scope) as f
cross join conventions as c
cross join landings as m
where
    f.acv > 0
    and (cast($from_month as date) is null or f.first_month is null or f.first_month >= $from_month)
    and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
order by open_potential desc nulls last, f.acv desc, f.account_id
