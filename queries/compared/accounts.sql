-- title: Accounts and those alike
-- question: Which accounts are there, and which of them does every filter treat alike?
-- grain: one row per account
-- column account_id | text | the account
-- column alike | count | the number of those alike
select account_id, alike from accounts_alike() order by account_id
