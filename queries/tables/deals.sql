-- title: Deals
-- question: What do we hold about deals, as imported?
-- grain: one row per sales opportunity
-- column deal_id | text | the opportunity's id
-- column account_id | text | the account; empty when none is named
-- column name | text | the opportunity's name
-- column kind | text | new, expansion or renewal
-- column stage | text | stage, as written
-- column is_closed | flag | true when won or lost
-- column is_won | flag | true when won
-- column amount | money | value in currency
-- column currency | text | ISO code, upper case
-- column probability | rate | chance of winning, 0 to 1
-- column created_on | date | day on which it was opened
-- column closed_on | date | day on which it was, or is expected to be, closed
-- column owner | text | the seller
-- column channel | text | lead source
-- column lost_reason | text | why it was lost
-- column competitor | text | to whom it was lost
-- column product | text | product, as written
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists deals (
    deal_id varchar,
    account_id varchar,
    name varchar,
    kind varchar,
    stage varchar,
    is_closed boolean,
    is_won boolean,
    amount decimal(18, 4),
    currency varchar,
    probability double,
    created_on date,
    closed_on date,
    owner varchar,
    channel varchar,
    lost_reason varchar,
    competitor varchar,
    product varchar,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
