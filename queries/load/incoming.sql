-- title: Incoming rows
-- question: Which rows of a typed file are new, changed, or held already?
-- grain: one row per row of the file
-- note: A row with an id of its own is known by it; two rows of one file with the same id and other values
-- are
-- note: both kept. A row without an id is known by its values and how often they came before in the file.
create or replace temp table incoming as
with
    numbered as (
        select
            *,
            row_number() over (partition by natural_key, content_hash order by source_row) as nth_same
        from read_parquet($path)
    ),
    versions as (
        select
            *,
            count(*) filter (where nth_same = 1) over (
                partition by natural_key
                order by source_row
                rows between unbounded preceding and current row
            ) as nth_version
        from numbered
    ),
    keyed as (
        select
            * exclude (natural_key, nth_same, nth_version),
            natural_key is not null and nth_same > 1 as is_repeated,
            case
                when natural_key is not null
                then $source_name || ':' || natural_key || '#' || nth_version
                else $source_name || ':' || content_hash || '#' || nth_same
            end as row_key
        from versions
    ),
    held as (select row_key as held_key, content_hash as held_hash from query_table($table_name))
select
    k.* exclude (is_repeated),
    cast($source_id as integer) as source_id,
    case
        when k.is_repeated or h.held_hash = k.content_hash
        then 'duplicate'
        when h.held_key is not null
        then 'changed'
        else 'new'
    end as outcome
from keyed as k
left join held as h on h.held_key = k.row_key
