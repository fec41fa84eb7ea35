-- title: Objections
-- question: Which rows of the data break a rule?
-- grain: one row per row that breaks a rule
-- note: Each rule is a file in queries/checks; its note says what to do.
-- parameter check | text | none | only this rule
-- column check | text | the rule
-- column source_id | count | the imported file
-- column source_row | count | line in that file
-- column account_id | text | the account
-- column message | text | what was found
-- column amount | money | the money in the row
-- column account | text | the account's name
-- column file_name | text | the imported file's name
select f."check", f.source_id, f.source_row, f.account_id, f.message, f.amount, n.account, o.file_name
from broken_rules as f
left join account_facts as n on n.account_id = f.account_id
left join sources as o on o.source_id = f.source_id
left join accounts_in_scope($scope) as s on s.account_id = f.account_id
where
    (f.account_id is null or s.account_id is not null)
    and (cast($check as varchar) is null or f."check" = $check)
order by f."check", f.source_id, f.source_row, f.account_id, f.message
