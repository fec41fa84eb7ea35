-- title: Big logos named by hand
-- question: Which accounts count as big logos whatever their size?
-- grain: one row per account
create table if not exists named_big_logos (account_id varchar)
