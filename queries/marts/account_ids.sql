-- title: Account ids
-- question: Which account does an id of any file stand for?
-- grain: one row per id found in accounts, charges, deals, contacts, activities, surveys or usage
-- note: A CRM id stands for the billing id it names; ids linked by hand come first, as long as
-- note: something names the account that they stand for; with the convention
-- note: parents_roll_up, up to eight levels of parents. Accounts that are their own ancestors are counted
-- note: under the one of them that sorts first.
-- column alias_id | text | the id as a file wrote it
-- column own_id | text | the organisation it stands for
-- column account_id | text | the account it is counted under: its own, or its highest parent's
-- column is_in_circle | flag | true when its parents lead into a circle
-- column is_charged | flag | true when a charge names the id
create or replace table account_ids as
with
    charged_ids as (select distinct account_id from charges where account_id is not null),
    named_in as (
        select account_id as alias_id, 0 as charged
        from accounts
        where account_id is not null
        union all
        select billing_account_id as alias_id, 0 as charged
        from accounts
        where billing_account_id is not null
        union all
        select account_id as alias_id, 1 as charged
        from charged_ids
        union all
        select account_id as alias_id, 0 as charged
        from deals
        where account_id is not null
        union all
        select account_id as alias_id, 0 as charged
        from contacts
        where account_id is not null
        union all
        select account_id as alias_id, 0 as charged
        from activities
        where account_id is not null
        union all
        select account_id as alias_id, 0 as charged
        from surveys
        where account_id is not null
        union all
        select account_id as alias_id, 0 as charged
        from usage
        where account_id is not null
    ),
    found as (
        select alias_id, max(charged) = 1 as is_charged
        from named_in
        group by alias_id
    ),
    links as (
        select l.alias_id, min(l.account_id) as account_id, 1 as rank
        from account_links as l
        join found as f on f.alias_id = l.account_id
        group by l.alias_id
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
    -- An id that was linked with one of the CRM stands for what that one stands for.
    own as (
        select f.alias_id, coalesce(m.account_id, l.account_id, f.alias_id) as own_id, f.is_charged
        from found as f
        left join best_links as l on l.alias_id = f.alias_id
        left join best_links as m on m.alias_id = l.account_id and m.account_id <> f.alias_id
    ),
    named as (
        select lower(a.name) as name, min(o.own_id) as own_id
        from accounts as a
        join own as o on o.alias_id = a.account_id
        where a.name is not null
        group by lower(a.name)
    ),
    one_up as (
        select o.own_id, min(coalesce(p.own_id, n.own_id)) as up, min(coalesce(p.own_id, n.own_id)) as low
        from accounts as a
        join own as o on o.alias_id = a.account_id
        left join own as p on p.alias_id = a.parent_account_id
        left join named as n on n.name = lower(a.parent_account_id)
        where a.parent_account_id is not null and coalesce(p.own_id, n.own_id) <> o.own_id
        group by o.own_id
    ),
    two_up as (
        select a.own_id, coalesce(b.up, a.up) as up, least(a.low, coalesce(b.low, a.low)) as low
        from one_up as a
        left join one_up as b on b.own_id = a.up
    ),
    four_up as (
        select a.own_id, coalesce(b.up, a.up) as up, least(a.low, coalesce(b.low, a.low)) as low
        from two_up as a
        left join two_up as b on b.own_id = a.up
    ),
    eight_up as (
        select a.own_id, coalesce(b.up, a.up) as up, least(a.low, coalesce(b.low, a.low)) as low
        from four_up as a
        left join four_up as b on b.own_id = a.up
    ),
    -- Whoever still has a parent after eight steps is in a circle, and so is all that lies above it.
    roots as (
        select e.own_id, coalesce(c.low, e.up) as root_id, c.own_id is not null as is_in_circle
        from eight_up as e
        left join eight_up as c on c.own_id = e.up
    )
select
    o.alias_id,
    o.own_id,
    case when v.parents_roll_up then coalesce(r.root_id, o.own_id) else o.own_id end as account_id,
    coalesce(r.is_in_circle, false) as is_in_circle,
    o.is_charged
from own as o
cross join conventions as v
left join roots as r on r.own_id = o.own_id
