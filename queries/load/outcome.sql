-- title: Outcome of an import
-- question: How many rows of a typed file are changed or held already?
-- grain: one row per outcome
-- column outcome | text | new, changed or duplicate
-- column row_count | count | rows
select outcome, count(*) as row_count from incoming group by outcome order by outcome
