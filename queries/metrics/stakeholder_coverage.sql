-- title: Stakeholder coverage
-- question: At how many people does each account hang, and when were they last spoken to?
-- grain: one row per account with a contract value
-- formula: coverage = min(touched, 5) / 5; gap = 5 - touched, at least 0
-- note: Touched are active people known by name, spoken to within recency_days before as_of. Without any
-- note: contact or activity in the workspace coverage is not known, never zero. Largest gaps first, then ARR.
-- parameter recency_days | count | 30 | a person counts as touched when spoken to in so many days
-- column account_id | text | the account
-- column account | text | its name
-- column mrr | money | MRR at as_of
-- column touched | count | active people spoken to within recency_days
-- column gap | count | people missing to five
-- column coverage | rate | touched, at most five, / 5
-- column named | count | active people known by name
-- column arr | money | yearly contract value
-- column last_touch_on | date | when anybody there was last spoken to
-- column is_single_threaded | flag | true when exactly one person was spoken to
-- column is_champion_gone | flag | true when a champion left and none is there
-- column is_owner_changed | flag | true when the owner is not who won the last deal
-- column is_big_logo | flag | true for a big logo
-- column owner | text | the person responsible
-- column segment | text | segment
-- column potential_acv | money | yearly contract value if everything were bought
with
    of_people as (
        select
            p.account_id,
            count(*) filter (where p.is_active) as named,
            count(*) filter (
                where p.is_active and date_diff('day', p.last_touch_on, c.as_of) <= $recency_days
            ) as touched,
            coalesce(bool_or(p.role = 'champion' and not p.is_active), false)
            and not coalesce(bool_or(p.role = 'champion' and p.is_active), false) as is_champion_gone
        from people as p
        cross join conventions as c
        group by p.account_id
    ),
    sold as (
        select i.account_id, max_by(d.owner, d.closed_on) as seller
        from deals as d
        join account_ids as i on i.alias_id = d.account_id
        cross join conventions as c
        where d.is_won and d.owner is not null and d.closed_on <= c.as_of
        group by i.account_id
    ),
    known as (
        select count(*) > 0 as has_people
        from
            (
                select 1
                from account_touches
                union all
                select 1
                from people
            )
    ),
    counted as (
        select
            f.account_id,
            f.account,
            f.mrr,
            f.acv,
            f.is_big_logo,
            f.owner,
            f.segment,
            f.potential_acv,
            case when n.has_people then coalesce(p.named, 0) end as named,
            case when n.has_people then coalesce(p.touched, 0) end as touched,
            coalesce(p.is_champion_gone, false) as is_champion_gone,
            coalesce(s.seller <> f.owner, false) as is_owner_changed
        from account_facts as f
        semi join accounts_in_scope($scope) as a on a.account_id = f.account_id
        cross join known as n
        left join of_people as p on p.account_id = f.account_id
        left join sold as s on s.account_id = f.account_id
        where
            f.acv > 0
            and (cast($from_month as date) is null or f.first_month is null or f.first_month >= $from_month)
            and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
    )
select
    k.account_id,
    k.account,
    k.mrr,
    k.touched,
    case when k.touched is not null then greatest(0, 5 - k.touched) end as gap,
    case when k.touched is not null then least(k.touched, 5) / 5.0 end as coverage,
    k.named,
    k.acv as arr,
    t.last_touch_on,
    k.touched = 1 as is_single_threaded,
    k.is_champion_gone,
    k.is_owner_changed,
    k.is_big_logo,
    k.owner,
    k.segment,
    k.potential_acv
from counted as k
left join account_touches as t on t.account_id = k.account_id
order by gap desc nulls last, k.acv desc, k.account_id
