with
    firsts as (select account, min(month) as first_month from levels group by account),
    before as (select account, month + 1 as month, mrr from levels where month < 119),
    pairs as (
        select account, month, coalesce(n.mrr, 0) as mrr_now, coalesce(b.mrr, 0) as mrr_before
        from levels as n
        full join before as b using (account, month)
    ),
    moved as (
        select
            p.month,
            p.mrr_now - p.mrr_before as mrr,
            case
                when p.month = f.first_month
                then 'new'
                when p.mrr_before = 0
                then 'reactivation'
                when p.mrr_now = 0
                then 'churn'
                when p.mrr_now > p.mrr_before
                then 'expansion'
                else 'contraction'
            end as kind
        from pairs as p
        join firsts as f on f.account = p.account
        where p.mrr_now <> p.mrr_before
    )
select make_date(2016 + month // 12, month % 12 + 1, 1) as month, kind, sum(mrr)::double / 100 as mrr
from moved
group by all
