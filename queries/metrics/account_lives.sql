-- title: Lives of accounts
-- question: With what did each account land, through which years was it seen, and did it leave?
-- grain: one row per account that paid and whose age is known
-- note: What the trend test learns from: everything here was known when the account landed, but for its end.
-- column account_id | text | the account
-- column account | text | its name
-- column landing_band | text | band of the landing penetration
-- column landing_penetration | rate | landing ACV / potential
-- column penetration_now | rate | latest known ACV / potential: an outcome, for comparison only
-- column landing_acv | money | yearly contract value at the start
-- column potential_acv | money | yearly contract value if everything were bought
-- column is_big_logo | flag | true for a big logo
-- column is_small_landing | flag | true for a small deal in a big logo, at landing
-- column segment | text | segment
-- column term_months | months | length of the first contract
-- column cohort_year | count | year of its first month
-- column entered_after | count | full years before the data begins
-- column last_year | count | last contract year in which it was seen
-- column is_lost | flag | true when it left in that year
with
    latest as (
        select account_id, max_by(opening, month) as last_opening
        from changes
        where closing <= 0
        group by account_id
    )
select
    v.account_id,
    f.account,
    v.landing_band,
    v.landing_penetration,
    coalesce(f.acv, 12 * l.last_opening)::double / nullif(f.potential_acv, 0)::double as penetration_now,
    f.landing_acv,
    f.potential_acv,
    f.is_big_logo,
    v.is_small_landing,
    f.segment,
    f.term_months,
    v.cohort_year,
    v.entered_after,
    v.last_year,
    v.is_lost
from lives as v
join accounts_in_scope($scope) as f on f.account_id = v.account_id
left join latest as l on l.account_id = v.account_id
where
    (cast($from_month as date) is null or f.origin_month >= $from_month)
    and (cast($to_month as date) is null or f.origin_month <= $to_month)
order by v.account_id
