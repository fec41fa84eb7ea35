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
select
    f.account_id,
    f.account,
    f.mrr,
    v.touched,
    case when v.touched is not null then greatest(0, 5 - v.touched) end as gap,
    case when v.touched is not null then least(v.touched, 5) / 5.0 end as coverage,
    v.named,
    f.acv as arr,
    v.last_touch_on,
    v.touched = 1 as is_single_threaded,
    v.is_champion_gone,
    v.is_owner_changed,
    f.is_big_logo,
    f.owner,
    f.segment,
    f.potential_acv
from accounts_in_scope($scope) as f
join coverage($recency_days) as v on v.account_id = f.account_id
where
    f.acv > 0
    and (cast($from_month as date) is null or f.first_month is null or f.first_month >= $from_month)
    and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
order by gap desc nulls last, f.acv desc, f.account_id
