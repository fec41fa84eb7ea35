-- title: Totals of a workspace
-- question: How much does the workspace hold, and what is it worth a month?
-- grain: one row
-- column accounts | count | accounts of any file
-- column paying_accounts | count | accounts with MRR at as_of
-- column mrr | money | MRR at as_of, in the reporting currency
-- column charges | count | charges
-- column charged | money | the amounts of all charges, in the reporting currency
-- column deals | count | deals
-- column other_rows | count | rows of all other tables
select
    (select count(*) from account_facts) as accounts,
    (select count(*) from account_facts where mrr > 0) as paying_accounts,
    (select cast(coalesce(sum(mrr), 0) as decimal(18, 2)) from account_facts) as mrr,
    (select count(*) from charges) as charges,
    (
        select cast(coalesce(sum(cast(h.amount as double) * r.rate), 0) as decimal(18, 2))
        from charges as h
        join rates as r on r.currency = h.currency
    ) as charged,
    (select count(*) from deals) as deals,
    (select count(*) from accounts)
    + (select count(*) from contacts)
    + (select count(*) from activities)
    + (select count(*) from leads)
    + (select count(*) from surveys)
    + (select count(*) from usage)
    + (select count(*) from spend)
    + (select count(*) from costs)
    + (select count(*) from products)
    + (select count(*) from fx_rates) as other_rows
