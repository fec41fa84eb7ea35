-- title: Sales cycle
-- question: How many months before an account is won is the money spent that won it?
-- grain: one row
-- formula: lag = median days from created to won, of new deals won, in whole months; one quarter without
-- deals
-- column lag_months | count | the lag used, at most five years
-- column lag_from | text | given, deals, or one quarter
-- column cycle_days | days | median days from created to won; empty without deals
-- column deal_count | count | deals that it comes from
create or replace macro sales_cycle(given_months) as table
    select
        greatest(
            0,
            least(
                60,
                coalesce(
                    cast(given_months as integer),
                    cast(round(median(date_diff('day', d.created_on, d.closed_on)) / 30.4375) as integer),
                    3
                )
            )
        ) as lag_months,
        case
            when given_months is not null
            then 'given'
            when count(*) > 0
            then 'deals'
            else 'one quarter'
        end as lag_from,
        median(date_diff('day', d.created_on, d.closed_on)) as cycle_days,
        count(*) as deal_count
    from deals as d
    cross join conventions as c
    where
        d.is_won
        and coalesce(d.kind, 'new') = 'new'
        and d.created_on <= d.closed_on
        and d.closed_on <= c.as_of
