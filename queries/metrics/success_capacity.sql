-- title: Customer success by revenue and by potential
-- question: Who would get more of our time if it followed potential instead of today's revenue?
-- grain: one row per account with a contract value
-- formula: hours by ARR = hours x ARR / all ARR; by potential = hours x potential / all potential
-- formula: by ten times = hours x min(potential, 10 x ARR) / the sum of that
-- note: Where potential is not known, an account keeps its hours by ARR, and ten times counts 10 x ARR.
-- note: Potential below ARR counts as ARR. Each way shares out the same hours.
-- parameter hours | rate | 160 | hours to share out
-- column account_id | text | the account
-- column account | text | its name
-- column arr | money | yearly contract value
-- column potential_acv | money | yearly contract value if everything were bought
-- column potential_from | text | given, employees or unknown
-- column hours_by_arr | hours | hours by ARR
-- column hours_by_potential | hours | hours by potential
-- column hours_by_ten_times | hours | hours by potential, at most 10 x ARR
-- column rank_by_arr | count | place by ARR
-- column rank_by_potential | count | place by potential
-- column rank_by_ten_times | count | place by potential, at most 10 x ARR
-- column is_big_logo | flag | true for a big logo
-- column penetration | rate | ACV / potential
-- column segment | text | segment
-- column owner | text | the person responsible
with
    counted as (
        select
            f.account_id,
            f.account,
            f.acv::double as arr,
            f.potential_acv,
            f.potential_from,
            f.is_big_logo,
            f.segment,
            f.owner,
            f.acv::double / nullif(f.potential_acv, 0)::double as penetration,
            case when f.potential_acv > 0 then greatest(f.potential_acv, f.acv)::double end as potential,
            least(
                coalesce(greatest(f.potential_acv, f.acv)::double, 10 * f.acv::double), 10 * f.acv::double
            ) as ten_times
        from accounts_in_scope($scope) as f
        where
            f.acv > 0
            and (cast($from_month as date) is null or f.first_month is null or f.first_month >= $from_month)
            and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
    ),
    totals as (
        select
            sum(arr) as arr,
            sum(arr) filter (where potential is not null) as known_arr,
            sum(potential) as potential,
            sum(ten_times) as ten_times
        from counted
    )
select
    k.account_id,
    k.account,
    k.arr,
    k.potential_acv,
    k.potential_from,
    $hours * k.arr / t.arr as hours_by_arr,
    case
        when k.potential is null
        then $hours * k.arr / t.arr
        else $hours * t.known_arr / t.arr * k.potential / nullif(t.potential, 0)
    end as hours_by_potential,
    $hours * k.ten_times / t.ten_times as hours_by_ten_times,
    rank() over (order by k.arr desc) as rank_by_arr,
    rank() over (order by coalesce(k.potential, k.arr) desc) as rank_by_potential,
    rank() over (order by k.ten_times desc) as rank_by_ten_times,
    k.is_big_logo,
    k.penetration,
    k.segment,
    k.owner
from counted as k
cross join totals as t
order by hours_by_potential - hours_by_arr desc, k.account_id
