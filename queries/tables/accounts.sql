-- title: Accounts
-- question: What do we hold about accounts, as imported?
-- grain: one row per customer or prospect organisation and source file row
-- column account_id | text | the organisation's id in the file it came from
-- column billing_account_id | text | the same organisation's id in billing, when this file knows it
-- column name | text | the organisation's name
-- column domain | text | its internet domain, lower case
-- column parent_account_id | text | the id of the organisation that owns it
-- column segment | text | size or market segment, in the company's own words
-- column lane | text | industry, vertical or market
-- column region | text | sales region
-- column country | text | country, as written
-- column employees | count | number of employees
-- column annual_revenue | money | the organisation's own yearly revenue, in whole units
-- column potential_acv | money | yearly contract value if everything were bought
-- column project_cost | money | the customer's whole budget for the project
-- column owner | text | the person responsible
-- column channel | text | how the organisation was won
-- column customer_since | date | first day as a customer, when known beyond billing
-- column fiscal_year_start_month | count | 1 to 12, month in which its fiscal year starts
-- column created_on | date | day on which the record was created
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column row_key | text | what makes the row the same row in another export
-- column content_hash | count | fingerprint of the row's values
create table if not exists accounts (
    account_id varchar,
    billing_account_id varchar,
    name varchar,
    domain varchar,
    parent_account_id varchar,
    segment varchar,
    lane varchar,
    region varchar,
    country varchar,
    employees bigint,
    annual_revenue decimal(18, 2),
    potential_acv decimal(18, 2),
    project_cost decimal(18, 2),
    owner varchar,
    channel varchar,
    customer_since date,
    fiscal_year_start_month integer,
    created_on date,
    source_id integer,
    source_row bigint,
    row_key varchar,
    content_hash ubigint
)
