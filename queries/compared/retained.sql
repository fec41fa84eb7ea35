-- title: What accounts alike retained
-- question: How do "MRR now" and "MRR twelve months ago" of accounts alike change from month to month?
-- grain: one row per number of those alike and month
-- column alike | count | the number of those alike
-- column month | month | the month
-- column base | money | change of MRR twelve months ago
-- column kept | money | change of MRR now, of accounts active twelve months ago
-- column capped | money | change of the lesser of the two
-- column base_accounts | count | change of accounts active twelve months ago
-- column kept_accounts | count | change of those of them still active
select
    a.alike,
    t.month,
    sum(t.d_base) as base,
    sum(t.d_kept) as kept,
    sum(t.d_capped) as capped,
    sum(t.d_base_accounts) as base_accounts,
    sum(t.d_kept_accounts) as kept_accounts
from retention_steps as t
join accounts_alike() as a on a.account_id = t.account_id
group by a.alike, t.month
