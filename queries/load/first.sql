-- title: Incoming rows of a first file
-- question: Which rows of a typed file come more than once in it, when its table holds nothing yet?
-- grain: one row per such row of the file
create or replace temp table incoming as
select
    r.row_at,
    f.source_row,
    $source_name
    || ':'
    || coalesce(f.natural_key, cast(f.content_hash as varchar))
    || '#'
    || r.nth as row_key,
    false as is_held,
    case when r.is_repeated then 'duplicate' else 'new' end as outcome
from repeats as r
join read_parquet($path, file_row_number = true) as f on f.file_row_number = r.row_at
