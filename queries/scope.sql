-- title: Accounts in scope
-- question: Which accounts is a filtered page about?
-- grain: one row per account
-- note: $scope is a struct: a list of values for each attribute, empty for no filter; "(not known)" stands
-- for
-- note: a missing value.
-- note: The attributes come along for those who slice by them.
-- column account_id | text | the account
create or replace macro accounts_in_scope(scope) as table
    select
        account_id, segment, lane, region, plan, plan_at_start, channel, owner, deal_size_band, is_big_logo, pending_mrr,
        first_month, origin_month
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
