-- title: Accounts
-- question: Who are our accounts, and how much is each worth?
-- grain: one row per account in scope
-- parameter account_id | text | none | only this account
-- column account_id | text | the account
-- column account | text | its name
-- column mrr | money | MRR at as_of
-- column first_month | month | its first month with MRR
-- column lost_month | month | month in which it left; empty while active
-- column segment | text | segment
-- column lane | text | industry, vertical or market
-- column region | text | sales region
-- column plan | text | plan
-- column channel | text | how it was won
-- column owner | text | the person responsible
-- column employees | count | number of employees
-- column is_big_logo | flag | true for a big logo
-- column pending_mrr | money | MRR whose renewal is pending
-- column landing_acv | money | yearly contract value at the start
-- column potential_acv | money | yearly contract value if everything were bought
-- column potential_from | text | given, employees or unknown
-- column country | text | country
select
    f.account_id,
    f.account,
    f.mrr,
    f.first_month,
    f.lost_month,
    f.segment,
    f.lane,
    f.region,
    f.plan,
    f.channel,
    f.owner,
    f.employees,
    f.is_big_logo,
    f.pending_mrr,
    f.landing_acv,
    f.potential_acv,
    f.potential_from,
    f.country
from accounts_in_scope($scope) as f
where
    (cast($account_id as varchar) is null or f.account_id = $account_id)
    and (cast($from_month as date) is null or f.lost_month is null or f.lost_month >= $from_month)
    and (cast($to_month as date) is null or f.first_month is null or f.first_month <= $to_month)
order by f.mrr desc, f.account_id
