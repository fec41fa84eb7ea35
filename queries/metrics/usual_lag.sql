-- title: Usual lag
-- question: How many months before an account is won is the money spent that won it?
-- grain: one row
-- formula: median days from created to won, of new deals won, in whole months
-- note: The lag with which acquisition is counted unless another is chosen; the same for every filter.
-- column lag_months | count | the lag, at most five years
-- column lag_from | text | deals, or one quarter
-- column cycle_days | days | median days from created to won; empty without deals
-- column deal_count | count | deals that it comes from
select lag_months, lag_from, cycle_days, deal_count from sales_cycle(null)
