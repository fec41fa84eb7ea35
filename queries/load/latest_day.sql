-- title: Latest known day
-- question: On which latest day is anything known to have happened?
-- grain: one row
-- note: A start, an invoice, a cancellation, a closed deal, a touch, an answer or a new record; never the end
-- note: of a period, and never a day after the import. A cancellation that takes effect when an invoiced
-- note: period is over is the end of that period; what nobody has invoiced ends when it is cancelled.
-- column latest_day | date | the day; empty without data
-- column first_start | date | first start of a charge
with
    known as (
        select starts_on as day
        from charges
        where status is null or status not in ('future', 'draft', 'void')
        union all
        select invoiced_on as day
        from charges
        union all
        select cancelled_on as day
        from charges
        where ends_on is null or cancelled_on < ends_on or invoiced_on is null
        union all
        select created_on as day
        from deals
        union all
        select closed_on as day
        from deals
        where is_closed
        union all
        select occurred_on as day
        from activities
        union all
        select answered_on as day
        from surveys
        union all
        select created_on as day
        from leads
        union all
        select created_on as day
        from accounts
    )
select
    max(day) filter (where day <= $today) as latest_day, (select min(starts_on) from charges) as first_start
from known
