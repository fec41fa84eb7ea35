-- title: Exchange rates
-- question: What do we hold about exchange rates, as imported?
-- grain: one row per currency and month
-- column currency | text | ISO code, upper case
-- column month | month | month of the rate; empty for one rate for all months
-- column rate | rate | one unit of currency in the reporting currency
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists fx_rates (
    currency varchar,
    month date,
    rate double,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
