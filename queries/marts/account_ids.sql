-- title: Account ids
-- question: Which account does an id of any file stand for?
-- grain: one row per id found in accounts, charges, deals, contacts, activities, surveys or usage
-- note: A CRM id stands for the billing id it names; ids linked by hand come first; with the convention
-- note: parents_roll_up, up to three levels of parents.
-- column alias_id | text | the id as a file wrote it
-- column own_id | text | the organisation it stands for
-- column account_id | text | the account it is counted under: its own, or its parent's
create or replace table account_ids as
with
    links as (
        select alias_id, min(account_id) as account_id, 1 as rank
        from account_links
        group by alias_id
        union all
        select account_id as alias_id, min(billing_account_id) as account_id, 2 as rank
        from accounts
        where billing_account_id is not null
        group by account_id
    ),
    best_links as (
        select alias_id, account_id
        from links
        qualify row_number() over (partition by alias_id order by rank, account_id) = 1
    ),
    found as (
        select account_id as alias_id
        from accounts
        where account_id is not null
        union
        select billing_account_id as alias_id
        from accounts
        where billing_account_id is not null
        union
        select account_id as alias_id
        from charges
        where account_id is not null
        union
        select account_id as alias_id
        from deals
        where account_id is not null
        union
        select account_id as alias_id
        from contacts
        where account_id is not null
        union
        select account_id as alias_id
        from activities
        where account_id is not null
        union
        select account_id as alias_id
        from surveys
        where account_id is not null
        union
        select account_id as alias_id
        from usage
        where account_id is not null
    ),
    own as (
        select f.alias_id, coalesce(l.account_id, f.alias_id) as own_id
        from found as f
        left join best_links as l on l.alias_id = f.alias_id
    ),
    named as (
        select lower(a.name) as name, min(o.own_id) as own_id
        from accounts as a
        join own as o on o.alias_id = a.account_id
        where a.name is not null
        group by lower(a.name)
    ),
    parents as (
        select o.own_id, min(coalesce(p.own_id, n.own_id)) as parent_id
        from accounts as a
        join own as o on o.alias_id = a.account_id
        left join own as p on p.alias_id = a.parent_account_id
        left join named as n on n.name = lower(a.parent_account_id)
        where a.parent_account_id is not null and coalesce(p.own_id, n.own_id) <> o.own_id
        group by o.own_id
    )
select
    o.alias_id,
    o.own_id,
    case
        when c.parents_roll_up and o.own_id in (second.parent_id, third.parent_id)
        then least(o.own_id, first.parent_id, second.parent_id)
        when c.parents_roll_up
        then coalesce(third.parent_id, second.parent_id, first.parent_id, o.own_id)
        else o.own_id
    end as account_id
from own as o
cross join conventions as c
left join parents as first on first.own_id = o.own_id
left join parents as second on second.own_id = first.parent_id
left join parents as third on third.own_id = second.parent_id
