-- title: Sources
-- question: Which files were imported, and what became of their rows?
-- grain: one row per imported file or sheet
create table if not exists sources (
    source_id integer,
    import_id integer,
    file_name varchar,
    sheet varchar,
    source_name varchar,
    table_name varchar,
    digest varchar,
    raw_path varchar,
    imported_at timestamp,
    rows_read bigint,
    rows_taken bigint,
    rows_refused bigint,
    rows_duplicate bigint,
    rows_left_out bigint,
    account varchar
)
