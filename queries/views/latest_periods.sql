-- title: Latest periods
-- question: From when to when does the last charge of each stretch count?
-- grain: one row per stretch
-- note: Within a stretch the next charge begins where one ends, so what counts at as_of, what is pending and
-- note: what counts the longest are last charges of stretches: far fewer rows than all charges.
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column plan | text | plan, as written
-- column starts_on | date | first day
-- column ends_on | date | the day after the last day; empty while open or pending
-- column charged_to | date | the day after the last day charged for
-- column months | months | length of the interval that the amount pays for
-- column mrr | money | a month's worth, after discount
-- column is_pending | flag | true when the renewal is pending
create or replace view latest_periods as
select
    s.source_id,
    s.source_row,
    s.account_id,
    s.plan,
    s.latest_start as starts_on,
    case when x.is_pending is null then s.ends_on else x.ends_on end as ends_on,
    s.ends_on as charged_to,
    s.months,
    s.mrr,
    x.is_pending is not null and x.is_pending as is_pending
from stretches as s
left join
    extended_ends as x
    on x.source_id = s.source_id
    and x.source_row = s.source_row
    and x.starts_on = s.latest_start
    and x.charged_to = s.ends_on
