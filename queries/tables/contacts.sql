-- title: Contacts
-- question: What do we hold about contacts, as imported?
-- grain: one row per person at an account
-- column contact_id | text | the person's id
-- column account_id | text | the account
-- column name | text | the person's name
-- column title | text | job title
-- column role | text | economic_buyer, champion, user, technical, procurement, cio_office or other
-- column is_active | flag | false when the person has left
-- column last_contacted_on | date | day of the last touch
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists contacts (
    contact_id varchar,
    account_id varchar,
    name varchar,
    title varchar,
    role varchar,
    is_active boolean,
    last_contacted_on date,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
