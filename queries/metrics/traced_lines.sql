-- title: Lines behind a number
-- question: From which lines of which files does MRR at two month ends, and the change between them, come?
-- grain: one row per charge that counts at either end, or only between them
-- formula: sum of mrr_now = closing, sum of mrr_then = opening, sum of change = all movements of the months
-- note: With monthly rates, each end is valued at its own month's. The opening is the end of the month
-- before since. With a kind, only accounts with such a movement in
-- note: these months (a stay inside one month apart): over one month their changes sum to it.
-- parameter since | month | none | first month of the change; the same as until when empty
-- parameter until | month | none | last month; the last of the data when empty
-- parameter kind | all, new, reactivation, expansion, contraction, churn, fx | all | kind of movement
-- parameter part | all, changed | all | changed leaves out lines that count the same at both ends
-- parameter account_id | text | none | only this account
-- column account_id | text | the account
-- column account | text | its name
-- column mrr_then | money | what it gave at the end of the month before since; 0 when it did not count
-- column mrr_now | money | what it gave at the end of until
-- column change | money | now less then
-- column file_name | text | the imported file
-- column sheet | text | its sheet
-- column source_row | count | line in that file
-- column plan | text | plan, as written
-- column starts_on | date | first day of the service period
-- column counted_to | date | the day after the last day that counts; empty while it counts
-- column amount | money | for the whole interval, before discount, in its currency
-- column currency | text | ISO code
-- column source_id | count | number of the import
with
    chosen as (
        select
            coalesce(cast($since as date), cast($until as date), max(m.month)) as since,
            coalesce(cast($until as date), max(m.month)) as until,
            max(c.as_of) as as_of
        from months as m
        cross join conventions as c
    ),
    moved as (
        select distinct m.account_id
        from movements as m
        cross join chosen as c
        where
            $kind <> 'all' and m.kind = $kind and not m.is_same_month and m.month between c.since and c.until
    ),
    valued as (
        select
            p.source_id,
            p.source_row,
            p.account_id,
            p.plan,
            p.starts_on,
            p.ends_on,
            case
                when
                    p.starts_on < c.since
                    and (p.ends_on is null or p.ends_on > c.as_of or p.ends_on >= c.since)
                then coalesce(cast(cast(p.original_mrr as double) * b.rate as decimal(18, 6)), p.mrr)
                else 0
            end as mrr_then,
            case
                when
                    p.starts_on < c.until + interval '1' month
                    and (
                        p.ends_on is null or p.ends_on > c.as_of or p.ends_on >= c.until + interval '1' month
                    )
                then coalesce(cast(cast(p.original_mrr as double) * r.rate as decimal(18, 6)), p.mrr)
                else 0
            end as mrr_now
        from periods as p
        cross join chosen as c
        left join month_rates as r on r.currency = p.currency and r.month = c.until
        left join month_rates as b on b.currency = p.currency and b.month = c.since - interval '1' month
        semi join accounts_in_scope($scope) as s on s.account_id = p.account_id
        where
            p.starts_on < c.until + interval '1' month
            and (p.ends_on is null or p.ends_on >= c.since)
            and (cast($account_id as varchar) is null or p.account_id = $account_id)
            and ($kind = 'all' or p.account_id in (select account_id from moved))
    )
select
    v.account_id,
    f.account,
    v.mrr_then,
    v.mrr_now,
    v.mrr_now - v.mrr_then as change,
    o.file_name,
    o.sheet,
    v.source_row,
    v.plan,
    v.starts_on,
    v.ends_on as counted_to,
    h.amount,
    h.currency,
    v.source_id
from valued as v
join account_facts as f on f.account_id = v.account_id
join charges as h on h.source_id = v.source_id and h.source_row = v.source_row and h.starts_on = v.starts_on
left join sources as o on o.source_id = v.source_id
where $part = 'all' or v.mrr_now <> v.mrr_then
order by abs(v.mrr_now - v.mrr_then) desc, f.account, v.account_id, v.starts_on, v.source_id, v.source_row
