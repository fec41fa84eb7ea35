with
    firsts as (select account, min(month) as first_month from levels group by account),
    aged as (
        select f.first_month // 3 as quarter, v.month - f.first_month as age, v.mrr
        from levels as v
        join firsts as f on f.account = v.account
    ),
    cells as (
        select quarter, age // 3 as age, count(*) as active, sum(mrr) as mrr
        from aged
        where age % 3 = 0 and quarter * 3 + 2 + age < 120
        group by all
    )
select
    (2016 + quarter // 4) || '-Q' || (quarter % 4 + 1) as cohort,
    age,
    active,
    mrr::double / 100 as mrr,
    (first_value(mrr) over (partition by quarter order by age))::double / 100 as base
from cells
