-- title: Gaps of a length
-- question: Which accounts were charged for nothing for so many days, and what did they pay before?
-- grain: one row per gap of an account
-- column account_id | text | the account
-- column message | text | how long nothing is charged, and from when to when
-- column amount | money | MRR of the charges that end where the gap begins
create or replace macro gaps_between(fewest, most) as table
    select
        g.account_id,
        'nothing is charged for '
        || g.days
        || case when g.days = 1 then ' day' else ' days' end
        || ', from '
        || g.gap_from
        || ' to '
        || g.gap_to as message,
        sum(e.mrr) as amount
    from gaps as g
    left join stretches as e on e.account_id = g.account_id and e.ends_on = g.gap_from
    where g.chain = '' and g.days between fewest and most
    group by g.account_id, g.gap_from, g.gap_to, g.days
