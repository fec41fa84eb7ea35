-- title: MRR bridge
-- question: How did recurring revenue move from one month's end to the next?
-- grain: one row per month
-- formula: opening + new + reactivation + expansion + contraction + churn + fx = closing
-- note: With one rate for all months fx is 0; with monthly rates it is the effect of the rate on what stays.
-- note: The month of as_of is partial (is_full false) unless as_of is its last day.
-- column month | month | the month
-- column opening | money | MRR at the end of the month before
-- column new | money | MRR of accounts never active before
-- column reactivation | money | MRR of accounts that came back
-- column expansion | money | growth of active accounts
-- column contraction | money | shrinkage of accounts that stay (negative)
-- column churn | money | MRR of accounts that left (negative)
-- column fx | money | effect of exchange rates
-- column closing | money | MRR at the end of the month
-- column opening_accounts | count | accounts at the end of the month before
-- column new_accounts | count | accounts never active before
-- column reactivated_accounts | count | accounts that came back
-- column churned_accounts | count | accounts that left
-- column closing_accounts | count | accounts at the end of the month
-- column expanded_accounts | count | accounts that grew
-- column contracted_accounts | count | accounts that shrank
-- column quick_ratio | ratio | (new + expansion + reactivation) / the size of churn + contraction; empty
-- when nothing was lost
-- column renewal_pending | money | part of closing whose renewal is pending at as_of
-- column is_full | flag | true when the month is complete
with
    scoped as materialized(select account_id, pending_mrr from accounts_in_scope($scope)),
    kinds as (
        select m.month, m.kind, sum(m.amount) as amount, count(*) as accounts
        from movements as m
        semi join scoped as s on s.account_id = m.account_id
        group by m.month, m.kind
    ),
    moves as (
        select
            m.month,
            coalesce(sum(m.amount) filter (where m.kind = 'new'), 0) as new_mrr,
            coalesce(sum(m.amount) filter (where m.kind = 'reactivation'), 0) as reactivation,
            coalesce(sum(m.amount) filter (where m.kind = 'expansion'), 0) as expansion,
            coalesce(sum(m.amount) filter (where m.kind = 'contraction'), 0) as contraction,
            coalesce(sum(m.amount) filter (where m.kind = 'churn'), 0) as churn,
            coalesce(sum(m.amount) filter (where m.kind = 'fx'), 0) as fx,
            sum(m.amount) as net,
            sum(m.accounts) filter (where m.kind = 'new') as new_accounts,
            sum(m.accounts) filter (where m.kind = 'reactivation') as reactivated_accounts,
            sum(m.accounts) filter (where m.kind = 'churn') as churned_accounts,
            sum(m.accounts) filter (where m.kind = 'expansion') as expanded_accounts,
            sum(m.accounts) filter (where m.kind = 'contraction') as contracted_accounts
        from kinds as m
        group by m.month
    ),
    pending as (select sum(pending_mrr) as amount from scoped),
    filled as (
        select
            c.month,
            c.is_full,
            coalesce(m.new_mrr, 0) as new_mrr,
            coalesce(m.reactivation, 0) as reactivation,
            coalesce(m.expansion, 0) as expansion,
            coalesce(m.contraction, 0) as contraction,
            coalesce(m.churn, 0) as churn,
            coalesce(m.fx, 0) as fx,
            coalesce(m.net, 0) as net,
            coalesce(m.new_accounts, 0) as new_accounts,
            coalesce(m.reactivated_accounts, 0) as reactivated_accounts,
            coalesce(m.churned_accounts, 0) as churned_accounts,
            coalesce(m.expanded_accounts, 0) as expanded_accounts,
            coalesce(m.contracted_accounts, 0) as contracted_accounts
        from months as c
        left join moves as m on m.month = c.month
    ),
    running as (
        select
            *,
            sum(net) over so_far as closing,
            sum(new_accounts + reactivated_accounts - churned_accounts) over so_far as closing_accounts,
            max(month) over () as last_month
        from filled
        window so_far as (order by month rows between unbounded preceding and current row)
    )
select
    r.month,
    r.closing - r.net as opening,
    r.new_mrr as "new",
    r.reactivation,
    r.expansion,
    r.contraction,
    r.churn,
    r.fx,
    r.closing,
    r.closing_accounts - r.new_accounts - r.reactivated_accounts + r.churned_accounts as opening_accounts,
    r.new_accounts,
    r.reactivated_accounts,
    r.churned_accounts,
    r.closing_accounts,
    r.expanded_accounts,
    r.contracted_accounts,
    (r.new_mrr + r.expansion + r.reactivation)::double
    / nullif(abs(r.churn + r.contraction)::double, 0) as quick_ratio,
    case when r.month = r.last_month then coalesce(p.amount, 0) end as renewal_pending,
    r.is_full
from running as r
cross join pending as p
where
    (cast($from_month as date) is null or r.month >= $from_month)
    and (cast($to_month as date) is null or r.month <= $to_month)
order by r.month
