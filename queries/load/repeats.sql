-- title: Rows that come more than once
-- question: Which rows of a typed file share an id, or all their values, with another row of it?
-- grain: one row per such row of the file
-- note: Found by hash, so that a long file needs little memory; a hash that two ids share does no harm.
create or replace temp table repeats as
with
    hashes as (
        select coalesce(hash(natural_key), hash(content_hash)) as key_hash from read_parquet($path)
    ),
    repeated as (select key_hash from hashes group by key_hash having count(*) > 1),
    rows_of_file as (
        select file_row_number as row_at, natural_key, content_hash
        from read_parquet($path, file_row_number = true)
        where coalesce(hash(natural_key), hash(content_hash)) in (select key_hash from repeated)
    ),
    numbered as (
        select
            row_at,
            natural_key,
            content_hash,
            row_number() over (partition by natural_key, content_hash order by row_at) as nth_same
        from rows_of_file
    )
select
    row_at,
    nth_same,
    case
        when natural_key is null
        then nth_same
        else
            count(*) filter (where nth_same = 1) over (
                partition by natural_key order by row_at rows between unbounded preceding and current row
            )
    end as nth,
    natural_key is not null and nth_same > 1 as is_repeated
from numbered
