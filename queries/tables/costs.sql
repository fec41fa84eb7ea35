-- title: Costs
-- question: What do we hold about costs, as imported?
-- grain: one row per month, segment and kind of cost to serve or retain
-- column month | month | month of the cost
-- column segment | text | segment, when known
-- column kind | text | cogs, support or success
-- column amount | money | in currency
-- column currency | text | ISO code, upper case
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists costs (
    month date,
    segment varchar,
    kind varchar,
    amount decimal(18, 4),
    currency varchar,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
