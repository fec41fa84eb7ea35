-- title: Incoming rows
-- question: Which rows of a typed file are held already or changed, or come more than once in it?
-- grain: one row per such row of the file; all others are new and come once
-- note: A row with an id of its own is known by it; two rows of one file with the same id and other values
-- note: are both kept. A row without an id is known by its values and how often they came before in the file.
create or replace temp table incoming as
with
    keyed as (
        select
            f.file_row_number as row_at,
            f.source_row,
            f.content_hash,
            coalesce(r.is_repeated, false) as is_repeated,
            r.row_at is not null as is_one_of_several,
            $source_name
            || ':'
            || coalesce(f.natural_key, cast(f.content_hash as varchar))
            || '#'
            || coalesce(r.nth, 1) as row_key
        from read_parquet($path, file_row_number = true) as f
        left join repeats as r on r.row_at = f.file_row_number
    )
select
    k.row_at,
    k.source_row,
    k.row_key,
    h.row_key is not null as is_held,
    case
        when k.is_repeated or h.content_hash = k.content_hash
        then 'duplicate'
        when h.row_key is not null
        then 'changed'
        else 'new'
    end as outcome
from keyed as k
left join query_table($table_name) as h on h.row_key = k.row_key
where k.is_one_of_several or h.row_key is not null
