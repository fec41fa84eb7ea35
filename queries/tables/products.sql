-- title: Products
-- question: What do we hold about products, as imported?
-- grain: one row per product in a price list
-- column product | text | product name, as written
-- column family | text | product series or family
-- column list_price | money | list price in currency
-- column currency | text | ISO code, upper case
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists products (
    product varchar,
    family varchar,
    list_price decimal(18, 4),
    currency varchar,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
