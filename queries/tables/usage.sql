-- title: Usage
-- question: What do we hold about usage, as imported?
-- grain: one row per account and month
-- column account_id | text | the account
-- column month | month | month
-- column licences | count | licences paid for
-- column active_users | count | people who used it
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists usage (
    account_id varchar,
    month date,
    licences bigint,
    active_users bigint,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
