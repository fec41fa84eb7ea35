-- title: Surveys
-- question: What do we hold about surveys, as imported?
-- grain: one row per answer
-- column account_id | text | the account
-- column kind | text | NPS, CSAT or ESAT
-- column score | count | the answer
-- column answered_on | date | day of the answer
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists surveys (
    account_id varchar,
    kind varchar,
    score double,
    answered_on date,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
