-- title: Slices in scope
-- question: In which slice is each account that a filtered page is about?
-- grain: one row per account
-- note: What cohorts and ages are counted from comes along.
-- column account_id | text | the account
-- column slice | text | its value of the chosen attribute
create or replace macro slices_in_scope(scope, slice_by) as table
    select
        f.account_id,
        case slice_by
            when 'none'
            then 'All'
            when 'segment'
            then coalesce(f.segment, '(not known)')
            when 'lane'
            then coalesce(f.lane, '(not known)')
            when 'region'
            then coalesce(f.region, '(not known)')
            when 'plan'
            then coalesce(f.plan, '(not known)')
            when 'plan_at_start'
            then coalesce(f.plan_at_start, '(not known)')
            when 'channel'
            then coalesce(f.channel, '(not known)')
            when 'owner'
            then coalesce(f.owner, '(not known)')
            when 'deal_size_band'
            then coalesce(f.deal_size_band, '(not known)')
            when 'big_logo'
            then case when f.is_big_logo then 'Big logos' else 'The rest' end
        end as slice,
        f.account,
        f.first_month,
        f.first_mrr,
        f.origin_month,
        f.entry_age
    from accounts_in_scope(scope) as f
