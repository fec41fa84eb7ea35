-- title: Deals with an account
-- question: What did we try to sell to an account, and how did it end?
-- grain: one row per deal
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column deal_id | text | the deal
-- column kind | text | new, expansion or renewal
-- column stage | text | stage, as written
-- column is_won | flag | true when won
-- column amount | money | in its currency
-- column currency | text | ISO code
-- column created_on | date | day on which it was opened
-- column closed_on | date | day on which it was, or is expected to be, closed
-- column lost_reason | text | why it was lost
-- column competitor | text | to whom
-- column file_name | text | the imported file
-- column source_row | count | line in that file
select
    i.account_id,
    d.deal_id,
    d.kind,
    d.stage,
    d.is_won,
    d.amount,
    d.currency,
    d.created_on,
    d.closed_on,
    d.lost_reason,
    d.competitor,
    o.file_name,
    d.source_row
from deals as d
join account_ids as i on i.alias_id = d.account_id
left join sources as o on o.source_id = d.source_id
where i.account_id = cast($account_id as varchar)
order by coalesce(d.closed_on, d.created_on) desc nulls last, d.source_id, d.source_row
