-- title: Ids that do not join
-- question: Which ids does a file name that no organisation has, with how many rows and how much money?
-- grain: one row per file, place, id and currency
-- note: A charge looks for its account in files of accounts, everything else there and in billing, a
-- billing id that
-- note: an account names in billing. Where nothing could know an id, none is looked for.
with
    organisations as (
        select account_id as id
        from accounts
        union
        select billing_account_id as id
        from accounts
        union
        select id
        from arriving_accounts
        union
        select billing_id as id
        from arriving_accounts
    ),
    records as (
        select account_id as id
        from accounts
        union
        select id
        from arriving_accounts
    ),
    billed as (
        select account_id as id
        from charges
        union
        select id
        from arriving_ids
        where place = 'charges'
    ),
    linked as (select alias_id as id from account_links),
    listed as (
        select product as id
        from products
        union
        select id
        from arriving_products
        union
        select alias as id
        from product_links
    ),
    there as (
        select
            exists (select 1 from organisations where id is not null) as has_organisations,
            exists (select 1 from billed where id is not null) as has_billing,
            exists (select 1 from listed where id is not null) as has_prices
    )
select
    a.file_at,
    a.place,
    a.id,
    coalesce(a.currency, 'XXX') as currency,
    sum(a.row_count)::bigint as row_count,
    sum(a.amount) as amount
from arriving_ids as a
cross join there as t
where
    case
        a.place
        when 'products'
        then t.has_prices and a.id not in (select id from listed where id is not null)
        when 'charges'
        then
            t.has_organisations
            and a.id not in (select id from organisations where id is not null)
            and a.id not in (select id from linked)
        when 'billing'
        then
            t.has_billing
            and a.id not in (select id from billed where id is not null)
            and a.id not in (select id from records where id is not null)
            and a.id not in (select id from linked)
        else
            (t.has_organisations or t.has_billing)
            and a.id not in (select id from organisations where id is not null)
            and a.id not in (select id from billed where id is not null)
            and a.id not in (select id from linked)
    end
group by a.file_at, a.place, a.id, coalesce(a.currency, 'XXX')
order by sum(sum(a.amount)) over (partition by a.file_at, a.place, a.id) desc nulls last, row_count desc, a.id
