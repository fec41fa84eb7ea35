-- title: Broken rules
-- question: Which rows of the data break a rule?
-- grain: one row per row that breaks a rule
-- note: Each rule is a view made of a file in queries/checks; no filter changes what breaks it.
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
create or replace table broken_rules as
select "check", source_id, source_row, account_id, message, amount
from check_billed_but_not_in_crm
union all
select "check", source_id, source_row, account_id, message, amount
from check_cancelled_but_paying
union all
select "check", source_id, source_row, account_id, message, amount
from check_charge_without_account
union all
select "check", source_id, source_row, account_id, message, amount
from check_closed_before_opened
union all
select "check", source_id, source_row, account_id, message, amount
from check_contact_without_account
union all
select "check", source_id, source_row, account_id, message, amount
from check_customer_since_too_late
union all
select "check", source_id, source_row, account_id, message, amount
from check_deal_without_account
union all
select "check", source_id, source_row, account_id, message, amount
from check_ends_before_start
union all
select "check", source_id, source_row, account_id, message, amount
from check_far_dates
union all
select "check", source_id, source_row, account_id, message, amount
from check_gap_of_days
union all
select "check", source_id, source_row, account_id, message, amount
from check_gap_of_months
union all
select "check", source_id, source_row, account_id, message, amount
from check_gap_of_weeks
union all
select "check", source_id, source_row, account_id, message, amount
from check_in_crm_but_not_billed
union all
select "check", source_id, source_row, account_id, message, amount
from check_left_truncated
union all
select "check", source_id, source_row, account_id, message, amount
from check_mixed_currencies
union all
select "check", source_id, source_row, account_id, message, amount
from check_negative_mrr
union all
select "check", source_id, source_row, account_id, message, amount
from check_overlapping_periods
union all
select "check", source_id, source_row, account_id, message, amount
from check_parents_in_a_circle
union all
select "check", source_id, source_row, account_id, message, amount
from check_product_not_in_price_list
union all
select "check", source_id, source_row, account_id, message, amount
from check_renewal_lost_but_paying
