-- title: Small deals in big logos, at risk
-- question: Whom do we call: which big logos hold a small deal, and what speaks against its renewal?
-- grain: one row per big logo with a contract value; only those with a small deal unless told
-- formula: at stake = ACV + open potential
-- note: Risk counts signs: nobody spoken to for 90 days; fewer than three people spoken to within
-- note: recency_days; at most one active name; the champion left; another owner than at the last won deal;
-- note: renewal within 90 days or overdue; ACV below the landing's. Four or more are high, two or three
-- medium.
-- note: It is a count of warnings, not a probability. Without any contact or activity in the workspace the
-- note: risk is not known.
-- note: Gates: penetration of at least the small-deal limit; somebody of the CIO office spoken to; somebody
-- of
-- note: procurement spoken to. The renewal is that of the metric renewals.
-- parameter only | small, every | small | small deals only, or every big logo
-- parameter recency_days | count | 30 | a person counts as touched when spoken to in so many days
-- column account_id | text | the account
-- column account | text | its name
-- column mrr | money | MRR at as_of
-- column penetration | rate | ACV / potential
-- column stakeholders_named | count | active people known by name
-- column stakeholders_touched | count | of those, spoken to within recency_days
-- column last_touch_on | date | when anybody there was last spoken to
-- column gates_failed | text | gates not passed
-- column renewal_on | date | the next renewal
-- column risk | text | high, medium, low, or not known
-- column reasons | text | the signs found
-- column acv | money | yearly contract value
-- column open_potential | money | potential not bought yet
-- column at_stake | money | ACV and open potential together
-- column landing_penetration | rate | landing ACV / potential
-- column potential_acv | money | yearly contract value if everything were bought
-- column potential_from | text | given, employees or unknown
-- column share_of_project | rate | ACV / the customer's project budget
-- column segment | text | segment
-- column owner | text | the person responsible
-- column is_small | flag | true for a small deal in a big logo
-- column crm_id | text | the account's id in the CRM, where it has another
with
    landings as (
        select median(landing_acv::double) as median_landing_acv from account_facts where landing_acv > 0
    ),
    picked as (
        select
            f.account_id,
            f.account,
            f.mrr,
            f.acv::double / nullif(f.potential_acv, 0)::double as penetration,
            f.landing_acv::double / nullif(f.potential_acv, 0)::double as landing_penetration,
            f.acv,
            f.landing_acv,
            f.potential_acv,
            f.potential_from,
            f.project_cost,
            f.segment,
            f.owner,
            greatest(f.potential_acv - f.acv, 0) as open_potential,
            coalesce(f.acv::double / nullif(f.potential_acv, 0)::double < c.small_penetration, false)
            or coalesce(f.acv::double < m.median_landing_acv, false) as is_small,
            c.small_penetration,
            c.as_of
        from account_facts as f
        cross join conventions as c
        cross join landings as m
        semi join accounts_in_scope($scope) as s on s.account_id = f.account_id
        where
            f.is_big_logo
            and f.acv > 0
            and (cast($from_month as date) is null or f.first_month is null or f.first_month >= $from_month)
            and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
    ),
    held as (
        select
            p.account_id,
            coalesce(greatest(h.term_ends_on, p.charged_to), h.term_ends_on, p.charged_to) as renewal_on,
            coalesce(
                p.months < 3
                and (h.term_ends_on is null or h.term_ends_on <= p.charged_to)
                and h.auto_renew is distinct from false,
                false
            ) as is_rolling
        from latest_periods as p
        join
            charges as h
            on h.source_id = p.source_id
            and h.source_row = p.source_row
            and h.starts_on = p.starts_on
        semi join picked as k on k.account_id = p.account_id
        cross join conventions as c
        where p.starts_on <= c.as_of and (p.ends_on is null or p.ends_on > c.as_of)
    ),
    renewing as (
        select
            account_id, coalesce(min(renewal_on) filter (where not is_rolling), min(renewal_on)) as renewal_on
        from held
        group by account_id
    ),
    of_crm as (
        select i.account_id, min(i.alias_id) as crm_id
        from account_ids as i
        where i.alias_id <> i.account_id and i.own_id = i.account_id
        group by i.account_id
    ),
    joined as (
        select
            k.*,
            v.has_people,
            v.named as stakeholders_named,
            v.touched as stakeholders_touched,
            v.last_touch_on,
            v.has_cio,
            v.has_procurement,
            r.renewal_on,
            v.has_people
            and (v.last_touch_on is null or date_diff('day', v.last_touch_on, k.as_of) > 90) as is_silent,
            v.has_people and v.touched < 3 as is_thin,
            v.has_people and v.named <= 1 as is_single,
            v.is_champion_gone,
            v.is_owner_changed,
            coalesce(date_diff('day', k.as_of, r.renewal_on) <= 90, false) as is_due,
            coalesce(k.acv < k.landing_acv, false) as has_shrunk,
            is_silent::integer
            + is_thin::integer
            + is_single::integer
            + v.is_champion_gone::integer
            + v.is_owner_changed::integer
            + is_due::integer
            + has_shrunk::integer as signs,
            x.crm_id
        from picked as k
        join coverage($recency_days) as v on v.account_id = k.account_id
        left join renewing as r on r.account_id = k.account_id
        left join of_crm as x on x.account_id = k.account_id
        where k.is_small or $only = 'every'
    )
select
    account_id,
    account,
    mrr,
    penetration,
    stakeholders_named,
    stakeholders_touched,
    last_touch_on,
    concat_ws(
        ', ',
        case
            when penetration is null
            then 'penetration not known'
            when penetration < small_penetration
            then 'penetration'
        end,
        case when not has_people then 'CIO office not known' when not has_cio then 'CIO office' end,
        case when not has_people then 'procurement not known' when not has_procurement then 'procurement' end
    ) as gates_failed,
    renewal_on,
    case
        when not has_people
        then 'not known'
        when signs >= 4
        then 'high'
        when signs >= 2
        then 'medium'
        else 'low'
    end as risk,
    concat_ws(
        ', ',
        case when not has_people then 'no contacts imported' end,
        case when is_silent then 'no touch for 90 days' end,
        case when is_thin then 'fewer than 3 spoken to' end,
        case when is_single then 'at most one name' end,
        case when is_champion_gone then 'champion left' end,
        case when is_owner_changed then 'owner changed' end,
        case when is_due then 'renewal near' end,
        case when has_shrunk then 'smaller than at landing' end
    ) as reasons,
    acv,
    open_potential,
    acv + coalesce(open_potential, 0) as at_stake,
    landing_penetration,
    potential_acv,
    potential_from,
    acv::double / nullif(project_cost, 0)::double as share_of_project,
    segment,
    owner,
    is_small,
    crm_id
from joined
order by at_stake desc, account_id
