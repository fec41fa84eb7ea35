-- title: Account links made by hand
-- question: Which two ids are one organisation?
-- grain: one row per alias
create table if not exists account_links (alias_id varchar, account_id varchar)
