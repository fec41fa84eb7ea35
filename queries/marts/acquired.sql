-- title: Acquired accounts
-- question: Which accounts were won, in which month, at what MRR, and what margin does that MRR leave?
-- grain: one row per account and month in which it is new
-- note: Accounts already active in the data's first month are older than the data, unless customer_since is
-- in
-- note: that month: nothing says when they were won.
-- column account_id | text | the account
-- column month | month | the month in which it was new
-- column mrr | money | its first MRR
-- column is_first | flag | false when it was new before, and returned after the reactivation window
-- column channel | text | how it was won
-- column segment | text | segment
-- column channel_key | text | the channel without regard to capitals, to match spend by
-- column segment_key | text | the segment likewise
-- column is_paid | flag | true when its channel is paid for
-- column gross_margin | rate | as typed by hand; else from costs, of its segment or of the company
create or replace table acquired as
with
    companies as (select max(gross_margin) as gross_margin from margins where segment = '(all)'),
    news as (
        select
            m.account_id,
            m.month,
            m.amount as mrr,
            row_number() over (partition by m.account_id order by m.month) = 1 as is_first
        from movements as m
        where m.kind = 'new'
    )
select
    n.account_id,
    n.month,
    n.mrr,
    n.is_first,
    f.channel,
    f.segment,
    lower(trim(f.channel)) as channel_key,
    lower(trim(f.segment)) as segment_key,
    p.channel_key is not null as is_paid,
    coalesce(t.gross_margin, s.gross_margin, c.gross_margin) as gross_margin
from news as n
join account_facts as f on f.account_id = n.account_id
left join paid_channels as p on p.channel_key = lower(trim(f.channel))
left join margins as s on s.segment = coalesce(f.segment, '(not known)')
cross join companies as c
cross join acquisition_terms as t
where
    not (
        f.is_left_truncated
        and n.month = f.first_month
        and coalesce(f.origin_month < f.first_month, true)
    )
