-- title: Charges
-- question: What do we hold about charges, as imported?
-- grain: one row per charge of one account over one service period
-- column charge_id | text | the charge's own id, when it has one
-- column account_id | text | the account that pays
-- column subscription_id | text | the subscription, or its finest priced part
-- column plan | text | plan, price or product, as written
-- column starts_on | date | first day of the service period
-- column ends_on | date | the day after its last day; empty while open
-- column amount | money | for the whole interval, all units, before discount, without tax, in currency
-- column interval_unit | text | day, week, month, quarter, half_year or year; empty when only the period is
-- given
-- column interval_count | count | number of units in an interval
-- column quantity | count | units bought
-- column discount | money | taken off the amount
-- column currency | text | ISO code, upper case
-- column is_recurring | flag | false for one-time, usage and proration lines
-- column status | text | active, trialing, past_due, unpaid, paused, cancelled, expired, future,
-- incomplete, draft or void
-- column cancelled_on | date | day on which the cancellation takes effect
-- column term_ends_on | date | end of the contract term
-- column auto_renew | flag | true when it renews by itself
-- column supersedes | flag | true when a later charge of the same subscription ends this one
-- column invoiced_on | date | day of the invoice
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists charges (
    charge_id varchar using compression zstd,
    account_id varchar using compression uncompressed,
    subscription_id varchar using compression uncompressed,
    plan varchar,
    starts_on date,
    ends_on date,
    amount decimal(18, 4),
    interval_unit varchar,
    interval_count integer,
    quantity decimal(18, 4),
    discount decimal(18, 4),
    currency varchar,
    is_recurring boolean,
    status varchar,
    cancelled_on date,
    term_ends_on date,
    auto_renew boolean,
    supersedes boolean,
    invoiced_on date,
    source_id integer,
    source_row bigint,
    row_key varchar using compression zstd,
    content_hash ubigint
)
