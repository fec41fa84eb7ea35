-- title: Leads
-- question: What do we hold about leads, as imported?
-- grain: one row per lead
-- column lead_id | text | the lead's id
-- column account_id | text | the account, when known
-- column created_on | date | day on which it came in
-- column source | text | where it came from
-- column lane | text | industry, vertical or market
-- column answers | text | fit answers as a JSON object, criterion to -1, 0 or 1
-- column bant_qualified | flag | budget, authority, need and timing confirmed
-- column sales_ready_on | date | day on which it was ready for sales
-- column demo_on | date | day of the demonstration
-- column converted_deal_id | text | the deal it became
-- column effort_hours | hours | hours spent on it
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists leads (
    lead_id varchar,
    account_id varchar,
    created_on date,
    source varchar,
    lane varchar,
    answers varchar,
    bant_qualified boolean,
    sales_ready_on date,
    demo_on date,
    converted_deal_id varchar,
    effort_hours double,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
