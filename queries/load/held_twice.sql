-- title: Money held already
-- question: How much money is in the rows of a typed file that are not taken a second time?
-- grain: one row per currency
select money_currency, sum(columns('^money_[0-9]+$'))
from read_parquet($path, file_row_number = true)
where file_row_number in (select row_at from incoming where outcome = 'duplicate')
group by money_currency
