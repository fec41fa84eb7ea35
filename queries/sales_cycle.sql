-- title: Sales cycle
-- question: How many months before an account is won is the money spent that won it?
-- grain: one row
-- column lag_months | count | the lag used, at most five years
-- column lag_from | text | given, deals, or one quarter
-- column cycle_days | days | median days from created to won; empty without deals
-- column deal_count | count | deals that it comes from
-- column margin_from | text | typed, costs, or missing
create or replace macro sales_cycle(given_months) as table
    select
        greatest(0, least(60, coalesce(cast(given_months as integer), lag_months))) as lag_months,
        case when given_months is not null then 'given' else lag_from end as lag_from,
        cycle_days,
        deal_count,
        margin_from
    from acquisition_terms
