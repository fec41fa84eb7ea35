with
    pairs as (
        select t.account, t.month + 12 as month, t.mrr as mrr_then, coalesce(n.mrr, 0) as mrr_now
        from levels as t
        left join levels as n on n.account = t.account and n.month = t.month + 12
        where t.month < 108
    )
select
    make_date(2016 + p.month // 12, p.month % 12 + 1, 1) as month,
    a.segment,
    sum(p.mrr_now)::double / sum(p.mrr_then)::double as nrr,
    sum(least(p.mrr_now, p.mrr_then))::double / sum(p.mrr_then)::double as grr
from pairs as p
join accounts as a on a.account_id = p.account
group by all
