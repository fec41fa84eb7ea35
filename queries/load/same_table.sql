-- title: Rows of the same table
-- question: Of the rows that a typed file has ids for, which are held under a source's name, and of the
-- same account?
-- grain: one row per source name that holds any of them
-- column source_name | text | the source
-- column row_count | count | rows with an id that it holds
-- column alike_count | count | of these, the ones of the same account
select
    s.source_name,
    count(*) as row_count,
    count(*) filter (where h.account_id is not distinct from f.account_id) as alike_count
from read_parquet($path) as f
cross join (select distinct source_name from sources where table_name = $table_name) as s
join query_table($table_name) as h on h.row_key = s.source_name || ':' || f.natural_key || '#1'
where f.natural_key is not null
group by s.source_name
