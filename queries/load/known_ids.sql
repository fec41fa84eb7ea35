-- title: Known ids
-- question: By which texts are organisations and products known?
-- grain: one row per text, and kind of thing that knows it
-- note: A record of the CRM that names its billing id stands for that one.
with
    records as (
        select account_id as id, billing_account_id as billing_id, name
        from accounts
        union all
        select id, billing_id, name
        from arriving_accounts
    ),
    linked as (select alias_id, min(account_id) as account_id from account_links group by alias_id),
    organisations as (
        select r.id as text, coalesce(l.account_id, r.billing_id, r.id) as id
        from records as r
        left join linked as l on l.alias_id = r.id
        union
        select billing_id as text, billing_id as id
        from records
        union
        select r.name as text, coalesce(l.account_id, r.billing_id, r.id) as id
        from records as r
        left join linked as l on l.alias_id = r.id
    ),
    billed as (
        select account_id as id
        from charges
        union
        select id
        from arriving_ids
        where place = 'charges'
    )
select 'organisation' as kind, text as name, id
from organisations
where text is not null and id is not null
union all
select 'billed' as kind, id as name, id
from billed
where id is not null
union all
select 'product' as kind, product as name, product as id
from products
where product is not null
union all
select 'product' as kind, id as name, id
from arriving_products
where id is not null
