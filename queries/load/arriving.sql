-- title: Arriving rows
-- question: Which rows of a typed file go into its table, under which key?
-- grain: one row per row of the file that is new or changed, in file order
-- note: The file, its number and its name are variables of the connection: a relation takes no parameters.
select
    f.*,
    cast(getvariable('source_id') as integer) as source_id,
    coalesce(
        i.row_key,
        getvariable('source_name') || ':' || coalesce(f.natural_key, cast(f.content_hash as varchar)) || '#1'
    ) as row_key
from read_parquet(getvariable('typed_path'), file_row_number = true) as f
left join incoming as i on i.row_at = f.file_row_number
where i.outcome is null or i.outcome <> 'duplicate'
