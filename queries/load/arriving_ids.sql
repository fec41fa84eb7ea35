-- title: Arriving ids
-- question: Which ids, organisations and products do the files of an import name?
-- grain: one row per file, place, id and currency; per organisation; per product
create or replace temp table arriving_ids (
    file_at integer, place varchar, id varchar, currency varchar, row_count bigint, amount decimal(38, 4)
)
;
create or replace temp table arriving_accounts (id varchar, billing_id varchar, name varchar)
;
create or replace temp table arriving_products (id varchar)
;
