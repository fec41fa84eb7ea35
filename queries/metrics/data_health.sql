-- title: Data health
-- question: How many rows break each rule, and how much money is in them?
-- grain: one row per rule that rows in scope break
-- note: Each rule is a file in queries/checks; its note says what to do. Rows without an account count
-- always.
-- column check | text | the rule
-- column row_count | count | rows that break it
-- column account_count | count | accounts that they belong to
-- column amount | money | the money in the rows
with
    found as (
        select "check", account_id, amount
        from check_billed_but_not_in_crm
        union all
        select "check", account_id, amount
        from check_cancelled_but_paying
        union all
        select "check", account_id, amount
        from check_charge_without_account
        union all
        select "check", account_id, amount
        from check_closed_before_opened
        union all
        select "check", account_id, amount
        from check_contact_without_account
        union all
        select "check", account_id, amount
        from check_customer_since_too_late
        union all
        select "check", account_id, amount
        from check_deal_without_account
        union all
        select "check", account_id, amount
        from check_ends_before_start
        union all
        select "check", account_id, amount
        from check_far_dates
        union all
        select "check", account_id, amount
        from check_gap_of_days
        union all
        select "check", account_id, amount
        from check_gap_of_months
        union all
        select "check", account_id, amount
        from check_gap_of_weeks
        union all
        select "check", account_id, amount
        from check_in_crm_but_not_billed
        union all
        select "check", account_id, amount
        from check_left_truncated
        union all
        select "check", account_id, amount
        from check_mixed_currencies
        union all
        select "check", account_id, amount
        from check_negative_mrr
        union all
        select "check", account_id, amount
        from check_overlapping_periods
        union all
        select "check", account_id, amount
        from check_parents_in_a_circle
        union all
        select "check", account_id, amount
        from check_product_not_in_price_list
        union all
        select "check", account_id, amount
        from check_renewal_lost_but_paying
    )
select
    f."check",
    count(*) as row_count,
    count(distinct f.account_id) as account_count,
    sum(abs(cast(f.amount as double))) as amount
from found as f
left join accounts_in_scope($scope) as s on s.account_id = f.account_id
where f.account_id is null or s.account_id is not null
group by f."check"
order by f."check"
