-- title: Spend typed by hand
-- question: Which spend was typed in place of an export?
-- grain: one row per month, channel and kind
-- column month | month | month of the spend
-- column channel | text | channel; empty when none was given
-- column kind | text | program, salaries, tools, agency or commission
-- column amount | money | in its currency
-- column currency | text | the reporting currency of the day on which it was typed
select month, channel, kind, amount, currency from spend where source_id = 0 order by month, channel, kind
