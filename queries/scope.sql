-- title: Accounts in scope
-- question: Which accounts is a filtered page about?
-- grain: one row per account
-- note: $scope is a struct: a list of values for each attribute, empty for no filter; "(not known)" stands
-- for a missing value.
-- note: All that account_facts holds of them comes along: joining the two anew would cost more than the rest.
-- column account_id | text | the account
create or replace macro accounts_in_scope(scope) as table
    select
        account_id, account, segment, lane, region, country, plan, plan_at_start, term_months, channel, owner,
        employees, annual_revenue, project_cost, is_big_logo, is_in_crm, is_in_billing, first_month,
        origin_month, entry_age, is_left_truncated, first_mrr, mrr, lost_month, pending_mrr, acv, acv_from,
        landing_acv, deal_size_band, potential_acv, potential_from, potential_low, potential_high
    from account_facts
    where
        (
            len(scope['segment']) = 0
            or list_contains(cast(scope['segment'] as varchar[]), coalesce(segment, '(not known)'))
        )
        and (
            len(scope['lane']) = 0
            or list_contains(cast(scope['lane'] as varchar[]), coalesce(lane, '(not known)'))
        )
        and (
            len(scope['region']) = 0
            or list_contains(cast(scope['region'] as varchar[]), coalesce(region, '(not known)'))
        )
        and (
            len(scope['plan']) = 0
            or list_contains(cast(scope['plan'] as varchar[]), coalesce(plan, '(not known)'))
        )
        and (
            len(scope['channel']) = 0
            or list_contains(cast(scope['channel'] as varchar[]), coalesce(channel, '(not known)'))
        )
        and (
            len(scope['owner']) = 0
            or list_contains(cast(scope['owner'] as varchar[]), coalesce(owner, '(not known)'))
        )
        and (not scope['big_logos_only'] or is_big_logo)
