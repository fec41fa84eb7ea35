-- title: Overlapping periods
-- question: Which charges of one account and plan overlap by more than a week?
-- grain: one row per row that breaks the rule
-- note: Both count, unless the vendor's subscriptions have one price at a time. Two subscriptions of one
-- plan may
-- note: be meant; a renewal invoiced early is not.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace view check_overlapping_periods as
with
    -- Where the days on which stretches begin are those on which stretches end, but for the first and the
    -- last,
    -- nothing
    -- overlaps: few are left to be put in order. (Two different lots of days have different sums of hashes.)
    untidy as (
        select account_id, coalesce(plan, '') as plan
        from stretches
        where mrr > 0
        group by account_id, coalesce(plan, '')
        having
            sum(hash(starts_on)) - hash(min(starts_on))
            <> sum(hash(coalesce(ends_on, date '9999-12-31'))) - hash(max(coalesce(ends_on, date '9999-12-31')))
    ),
    neighbours as (
        select
            s.account_id,
            u.plan,
            s.starts_on,
            max(coalesce(s.ends_on, date '9999-12-31')) over (
                partition by s.account_id, s.plan
                order by s.starts_on
                rows between unbounded preceding and 1 preceding
            ) as covered_to
        from stretches as s
        join untidy as u on u.account_id = s.account_id and u.plan = coalesce(s.plan, '')
        where s.mrr > 0
    ),
    overlapping as (select distinct account_id, plan from neighbours where starts_on < covered_to),
    ordered as (
        select
            e.source_id,
            e.source_row,
            e.account_id,
            e.starts_on,
            e.mrr,
            max(coalesce(e.ends_on, date '9999-12-31')) over (
                partition by e.account_id, e.plan
                order by e.starts_on, e.source_id, e.source_row
                rows between unbounded preceding and 1 preceding
            ) as covered_to
        from effective_charges as e
        join overlapping as u on u.account_id = e.account_id and u.plan = coalesce(e.plan, '')
        where e.mrr > 0
    )
select
    'overlapping_periods' as "check",
    source_id,
    source_row,
    account_id,
    'starts on ' || starts_on || ', while an earlier charge for the plan runs to ' || covered_to as message,
    mrr as amount
from ordered
where date_diff('day', starts_on, covered_to) > 7
