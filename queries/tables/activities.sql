-- title: Activities
-- question: What do we hold about activities, as imported?
-- grain: one row per touch with an account or contact
-- column activity_id | text | the touch's id
-- column account_id | text | the account
-- column contact_id | text | the person, when known
-- column kind | text | meeting, visit, call, email, qbr or support
-- column occurred_on | date | day of the touch
-- column by | text | who of ours made it
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists activities (
    activity_id varchar,
    account_id varchar,
    contact_id varchar,
    kind varchar,
    occurred_on date,
    "by" varchar,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
