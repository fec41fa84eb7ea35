-- title: Spend
-- question: What do we hold about spend, as imported?
-- grain: one row per month, channel, segment and kind of sales and marketing spend
-- column month | month | month in which it was spent
-- column channel | text | channel
-- column segment | text | segment, when known
-- column kind | text | program, salaries, tools, agency or commission
-- column amount | money | in currency
-- column currency | text | ISO code, upper case
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists spend (
    month date,
    channel varchar,
    segment varchar,
    kind varchar,
    amount decimal(18, 4),
    currency varchar,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
