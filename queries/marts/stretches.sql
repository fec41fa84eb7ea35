-- title: Stretches
-- question: Over which stretches of time does an account pay one price for one thing?
-- grain: one row per stretch of charges of one subscription, plan and price, each of which begins where the
-- one
-- note: before it ends; one row per charge for an account where some do not.
-- note: Most charges renew at the same price: what asks only where something begins, changes or ends has far
-- note: fewer rows to look at here than among the charges, and finds the same.
-- column account_id | text | the account
-- column subscription_id | text | the subscription
-- column plan | text | plan, as written
-- column starts_on | date | first day
-- column latest_start | date | first day of its last charge
-- column ends_on | date | the day after the last day; empty while open
-- column is_cancelled | flag | true when by as_of its last charge is cancelled, or has stopped counting
-- column months | months | length of the interval that each amount pays for
-- column mrr | money | a month's worth, after discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
-- column source_id | count | the imported file of its last charge
-- column source_row | count | line in that file
-- column first_place | count | place of its first charge among all, by file and line
create or replace table stretches as
with
    -- The place of a charge: its file and its line in one number, of which 2 to the 40th is one file.
    numbered as (
        select
            account_id,
            subscription_id,
            plan,
            months,
            mrr,
            currency,
            original_mrr,
            starts_on,
            coalesce(ends_on, date '9999-12-31') as ends_on,
            case when is_cancelled then starts_on end as cancelled_start,
            cast(source_id as bigint) * 1099511627776 + source_row as place,
            cast(date_diff('day', date '0001-01-01', starts_on) as bigint) as first_day,
            cast(date_diff('day', date '0001-01-01', coalesce(ends_on, date '9999-12-31')) as bigint) as last_day
        from effective_charges
    ),
    scrambled as (
        select
            account_id,
            subscription_id,
            plan,
            months,
            mrr,
            currency,
            original_mrr,
            starts_on,
            ends_on,
            cancelled_start,
            place,
            first_day * first_day % 998244353 as first_part,
            last_day * last_day % 998244353 as last_part
        from numbered
    ),
    -- Where the days on which charges end are those on which charges begin, but for the very first and the
    -- very
    -- last, each begins where the one before it ends. Different days have different sums of scrambled
    -- numbers.
    alike as (
        select
            account_id,
            subscription_id,
            plan,
            months,
            mrr,
            currency,
            original_mrr,
            min(starts_on) as first_start,
            max(starts_on) as latest_start,
            max(ends_on) as last_end,
            max(cancelled_start) as cancelled_start,
            min_by(place, starts_on) as first_place,
            max_by(place, starts_on) as latest_place,
            sum(
                cast(last_part * last_part % 2147483647 - first_part * first_part % 2147483647 as double)
            ) as unmatched
        from scrambled
        group by account_id, subscription_id, plan, months, mrr, currency, original_mrr
    ),
    spans as (
        select
            account_id,
            subscription_id,
            plan,
            months,
            mrr,
            currency,
            original_mrr,
            first_start,
            latest_start,
            last_end,
            cancelled_start,
            first_place,
            latest_place,
            unmatched,
            cast(date_diff('day', date '0001-01-01', first_start) as bigint) as first_day,
            cast(date_diff('day', date '0001-01-01', last_end) as bigint) as last_day
        from alike
    ),
    judged as (
        select
            account_id,
            subscription_id,
            plan,
            months,
            mrr,
            currency,
            original_mrr,
            first_start,
            latest_start,
            last_end,
            cancelled_start,
            first_place,
            latest_place,
            unmatched = cast(
                (last_day * last_day % 998244353) * (last_day * last_day % 998244353) % 2147483647
                - (first_day * first_day % 998244353) * (first_day * first_day % 998244353) % 2147483647 as double
            ) as is_whole
        from spans
    ),
    broken as (select distinct account_id from judged where not is_whole)
select
    j.account_id,
    j.subscription_id,
    j.plan,
    j.first_start as starts_on,
    j.latest_start,
    nullif(j.last_end, date '9999-12-31') as ends_on,
    coalesce(j.cancelled_start = j.latest_start, false) as is_cancelled,
    j.months,
    j.mrr,
    j.currency,
    j.original_mrr,
    cast(floor(j.latest_place / 1099511627776) as integer) as source_id,
    j.latest_place % 1099511627776 as source_row,
    j.first_place
from judged as j
anti join broken as b on b.account_id = j.account_id
union all
select
    e.account_id,
    e.subscription_id,
    e.plan,
    e.starts_on,
    e.starts_on as latest_start,
    e.ends_on,
    e.is_cancelled,
    e.months,
    e.mrr,
    e.currency,
    e.original_mrr,
    e.source_id,
    e.source_row,
    cast(e.source_id as bigint) * 1099511627776 + e.source_row as first_place
from effective_charges as e
semi join broken as b on b.account_id = e.account_id
