-- title: Months of a count
-- question: Which months does the data speak about under the conventions in force?
-- grain: one row per month
-- column month | month | the month
-- column is_full | flag | true when the month is complete
select month, is_full from months order by month
