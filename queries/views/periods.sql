-- title: Periods
-- question: From when to when does each charge count, once short gaps are bridged and pending renewals kept?
-- grain: one row per charge that counts
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column subscription_id | text | the subscription
-- column plan | text | plan, as written
-- column starts_on | date | first day
-- column ends_on | date | the day after the last day; empty while open or pending
-- column charged_to | date | the day after the last day charged for
-- column months | months | length of the interval that the amount pays for
-- column mrr | money | a month's worth, after discount
-- column currency | text | ISO code of its own currency
-- column original_mrr | money | a month's worth, after discount, in its own currency
-- column is_pending | flag | true when the renewal is pending
create or replace view periods as
select
    e.source_id,
    e.source_row,
    e.account_id,
    e.subscription_id,
    e.plan,
    e.starts_on,
    case when x.is_pending is null then e.ends_on else x.ends_on end as ends_on,
    e.ends_on as charged_to,
    e.months,
    e.mrr,
    e.currency,
    e.original_mrr,
    x.is_pending is not null and x.is_pending as is_pending
from effective_charges as e
left join
    extended_ends as x
    on x.source_id = e.source_id
    and x.source_row = e.source_row
    and x.starts_on = e.starts_on
    and x.charged_to = e.ends_on
