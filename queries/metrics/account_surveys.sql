-- title: Answers of an account
-- question: What did an account answer when it was asked?
-- grain: one row per answer
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column answered_on | date | day of the answer
-- column kind | text | NPS, CSAT or ESAT
-- column score | ratio | the answer
-- column file_name | text | the imported file
-- column source_row | count | line in that file
select i.account_id, v.answered_on, v.kind, v.score, o.file_name, v.source_row
from surveys as v
join account_ids as i on i.alias_id = v.account_id
left join sources as o on o.source_id = v.source_id
where i.account_id = cast($account_id as varchar)
order by v.answered_on desc nulls last, v.kind, v.source_id, v.source_row
