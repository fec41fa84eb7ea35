-- title: What moved MRR
-- question: Which slices, movements and accounts made the change of MRR over some months?
-- grain: one row per slice, kind of movement and account among the largest of its cell
-- formula: sum of the amounts of all movements in the months after (until - months), up to until
-- note: A cell is a slice and a kind; all cells together are the whole change. Of each cell the largest
-- note: accounts are named; cell_amount and cell_accounts speak of all of them.
-- parameter until | month | none | last month; the last full one when empty
-- parameter months | count | 3 | how many months
-- parameter by | none, segment, lane, region, plan, channel, owner, deal_size_band, big_logo | none | slices
-- column slice | text | value of the attribute, or All
-- column kind | text | kind of movement
-- column account_id | text | the account
-- column account | text | its name
-- column amount | money | its movements of this kind; losses are negative
-- column cell_amount | money | those of all accounts of the slice
-- column cell_accounts | count | how many accounts moved
with
    chosen as (select coalesce(cast($until as date), max(month)) as month from months where is_full),
    moved as (
        select s.slice, m.kind, m.account_id, sum(m.amount) as amount
        from movements as m
        join slices_in_scope($scope, $by) as s on s.account_id = m.account_id
        cross join chosen as c
        where m.month <= c.month and m.month > c.month - to_months($months)
        group by s.slice, m.kind, m.account_id
    ),
    ranked as (
        select
            slice,
            kind,
            account_id,
            amount,
            sum(amount) over (partition by slice, kind) as cell_amount,
            count(*) over (partition by slice, kind) as cell_accounts,
            row_number() over (partition by slice, kind order by abs(amount) desc, account_id) as nth
        from moved
    )
select r.slice, r.kind, r.account_id, f.account, r.amount, r.cell_amount, r.cell_accounts
from ranked as r
join account_facts as f on f.account_id = r.account_id
where r.nth <= 10
order by abs(r.cell_amount) desc, r.slice, r.kind, r.nth
