-- title: Charges of an account
-- question: From which lines of which files does an account's MRR come?
-- grain: one row per charge of the account, counted or not
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column plan | text | plan, as written
-- column starts_on | date | first day of the service period
-- column ends_on | date | the day after its last day; empty while open
-- column amount | money | for the whole interval, before discount, in its currency
-- column discount | money | taken off
-- column currency | text | ISO code
-- column mrr | money | a month's worth, in the reporting currency
-- column counted_to | date | the day after the last day that counts; empty while it counts
-- column why_not | text | why it does not count; empty when it counts
-- column file_name | text | the imported file
-- column sheet | text | its sheet
-- column source_row | count | line in that file
-- column subscription_id | text | the subscription
-- column is_pending | flag | true when the renewal is pending
select
    m.account_id,
    m.plan,
    m.starts_on,
    h.ends_on,
    h.amount,
    h.discount,
    h.currency,
    case when m.why_not is null then m.mrr end as mrr,
    p.ends_on as counted_to,
    m.why_not,
    o.file_name,
    o.sheet,
    m.source_row,
    m.subscription_id,
    coalesce(p.is_pending, false) as is_pending
from charge_mrr as m
join
    charges as h
    on h.source_id = m.source_id
    and h.source_row = m.source_row
    and h.starts_on is not distinct from m.starts_on
left join
    periods as p on p.source_id = m.source_id and p.source_row = m.source_row and p.starts_on = m.starts_on
left join sources as o on o.source_id = m.source_id
where m.account_id = cast($account_id as varchar)
order by m.starts_on desc, o.file_name, m.source_row
