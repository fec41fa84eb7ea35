-- title: Lost deals on the clock
-- question: Which lost deals come back on the table after 90, 180 or 365 days?
-- grain: one row per lost deal
-- formula: next clock = the first of 90, 180, 365 days after closed_on that has not passed at as_of
-- note: After the last clock the next one is empty. Small: below the small-deal limit of the potential, or
-- note: below the median landing ACV.
-- parameter only | every, big, small | every | every lost deal, those with big logos, or small ones there
-- column deal_id | text | the deal
-- column account_id | text | the account
-- column closed_on | date | day on which it was lost
-- column amount | money | what it was worth
-- column is_big_logo | flag | true for a deal with a big logo
-- column next_clock_days | count | 90, 180 or 365
-- column next_due_on | date | when that clock rings
-- column account | text | its name
-- column days_since | count | days from the loss to as_of
-- column lost_reason | text | why it was lost
-- column competitor | text | to whom it was lost
-- column is_small | flag | true for a small deal in a big logo
-- column is_won_later | flag | true when a later deal with the account was won
-- column owner | text | the seller
with
    landings as (
        select median(landing_acv::double) as median_landing_acv from account_facts where landing_acv > 0
    ),
    wins as (
        select d.account_id, max(d.closed_on) as won_on
        from known_deals as d
        cross join conventions as c
        where d.is_won and d.closed_on <= c.as_of
        group by d.account_id
    ),
    scoped as (
        select account_id
        from accounts_in_scope($scope)
        where
            account_id in (select account_id from known_deals where is_closed and not coalesce(is_won, false))
    ),
    lost as (
        select
            d.deal_id,
            d.account_id,
            d.closed_on,
            d.amount,
            coalesce(f.is_big_logo, false) as is_big_logo,
            f.account,
            f.potential_acv,
            date_diff('day', d.closed_on, c.as_of) as days_since,
            d.lost_reason,
            d.competitor,
            d.owner,
            w.won_on > d.closed_on as is_won_later,
            c.small_penetration
        from known_deals as d
        cross join conventions as c
        left join account_facts as f on f.account_id = d.account_id
        left join wins as w on w.account_id = d.account_id
        where
            d.is_closed
            and not coalesce(d.is_won, false)
            and d.is_rated
            and d.closed_on <= c.as_of
            and (
                d.account_id in (select account_id from scoped)
                or (
                    d.account_id is null
                    and (select count(*) from accounts_in_scope($scope))
                    = (select count(*) from account_facts)
                    and not $scope['big_logos_only']
                )
            )
            and (cast($from_month as date) is null or d.closed_on >= $from_month)
            and (
                cast($to_month as date) is null or d.closed_on < cast($to_month as date) + interval '1' month
            )
    ),
    judged as (
        select
            l.*,
            case
                when l.days_since <= 90
                then 90
                when l.days_since <= 180
                then 180
                when l.days_since <= 365
                then 365
            end as next_clock_days,
            l.is_big_logo
            and (
                coalesce(l.amount / nullif(l.potential_acv, 0)::double < l.small_penetration, false)
                or coalesce(l.amount < m.median_landing_acv, false)
            ) as is_small
        from lost as l
        cross join landings as m
    )
select
    deal_id,
    account_id,
    closed_on,
    amount,
    is_big_logo,
    next_clock_days,
    (closed_on + to_days(next_clock_days))::date as next_due_on,
    account,
    days_since,
    lost_reason,
    competitor,
    is_small,
    coalesce(is_won_later, false) as is_won_later,
    owner
from judged
where $only = 'every' or ($only = 'big' and is_big_logo) or is_small
order by next_due_on nulls last, amount desc nulls last, deal_id
