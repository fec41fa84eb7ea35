-- title: Movements of an account
-- question: When did an account's recurring revenue start, grow, shrink, end or return?
-- grain: one row per month and kind of movement
-- parameter account_id | text | none | the account
-- column account_id | text | the account
-- column month | month | the month
-- column kind | text | kind of movement
-- column opening | money | MRR at the end of the month before
-- column amount | money | the movement; losses are negative
-- column closing | money | MRR at the end of the month
-- column is_same_month | flag | true for a start and an end between two month ends
select account_id, month, kind, opening, amount, closing, is_same_month
from movements
where account_id = cast($account_id as varchar)
order by month desc, amount
