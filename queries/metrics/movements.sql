-- title: Movements
-- question: Which accounts moved recurring revenue, when and by how much?
-- grain: one row per account, month and kind of movement
-- parameter month | month | none | only this month
-- parameter kind | all, new, reactivation, expansion, contraction, churn, fx | all | only this kind
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | slice
-- by
-- attribute
-- column month | month | the month
-- column account_id | text | the account
-- column account | text | its name
-- column kind | text | new, reactivation, expansion, contraction, churn or fx (exchange rates)
-- column opening | money | MRR at the end of the month before
-- column amount | money | the movement; losses are negative
-- column closing | money | MRR at the end of the month
-- column is_same_month | flag | true for a start and an end between two month ends
-- column slice | text | the account's value of the attribute, or All
select m.month, m.account_id, s.account, m.kind, m.opening, m.amount, m.closing, m.is_same_month, s.slice
from movements as m
join slices_in_scope($scope, $by) as s on s.account_id = m.account_id
where
    (cast($from_month as date) is null or m.month >= $from_month)
    and (cast($to_month as date) is null or m.month <= $to_month)
    and (cast($month as date) is null or m.month = $month)
    and ($kind = 'all' or m.kind = $kind)
order by m.month desc, abs(m.amount) desc, m.account_id, m.amount
