-- title: Accounts alike
-- question: Which accounts does every filter take together or leave out together?
-- grain: one row per account
-- note: Accounts with the same number have the same value of each attribute that a scope can ask for.
-- column account_id | text | the account
-- column alike | count | the number of those alike
create or replace macro accounts_alike() as table
    select
        account_id, dense_rank() over (order by segment, lane, region, plan, channel, owner, is_big_logo) as alike
    from account_facts
