-- title: Acquired accounts
-- question: Which accounts were won in a period?
-- grain: one row per account and month in which it was new
-- note: Accounts already active in the data's first month are left out, unless they are known to be new then.
-- parameter by | none, channel, segment, lane, deal_size_band | none | slices
-- parameter grain | month, quarter, year, twelve_months | quarter | length of a period
-- parameter basis | blended, paid, fully_loaded | blended | paid: only accounts of paid channels
-- parameter period | text | none | only this period
-- parameter slice | text | none | only this slice
-- column period | text | month, quarter, year, or the last twelve full months
-- column slice | text | value of the attribute, or All
-- column account_id | text | the account
-- column account | text | its name
-- column month | month | the month in which it was new
-- column mrr | money | its first MRR
-- column channel | text | how it was won
-- column segment | text | segment
-- column lane | text | industry, vertical or market
-- column deal_size_band | text | band of its first yearly value
-- column lost_month | month | month in which it left; empty while active
select
    p.period,
    s.slice,
    a.account_id,
    f.account,
    a.month,
    a.mrr,
    a.channel,
    a.segment,
    f.lane,
    f.deal_size_band,
    f.lost_month
from acquired as a
join acquisition_months($grain, $to_month) as p on p.month = a.month
join slices_in_scope($scope, $by) as s on s.account_id = a.account_id
join account_facts as f on f.account_id = a.account_id
where
    ($basis <> 'paid' or a.is_paid)
    and (cast($period as varchar) is null or p.period = $period)
    and (cast($slice as varchar) is null or s.slice = $slice)
    and (cast($from_month as date) is null or a.month >= $from_month)
order by a.month desc, a.mrr desc, a.account_id
