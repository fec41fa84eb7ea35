-- title: Accounts without a twin
-- question: Which billed accounts does no CRM file name, and which accounts of the CRM are not billed?
-- grain: one row per such account
-- note: Asked only where both sides are there. A link of an id that only other files name makes no twin.
-- The match assistant proposes pairs of them by name and domain.
-- parameter only | every, both_sides | every | both_sides: none at all where one of the two sides is missing
-- column account_id | text | the account
-- column account | text | its name
-- column side | text | billing or crm
-- column domain | text | its internet domain
-- column amount | money | MRR at as_of of a billed account; the ACV of one in the CRM alone, from won deals
with
    named as (
        select distinct i.account_id
        from accounts as a
        join account_ids as i on i.alias_id = a.account_id
        where a.billing_account_id is not null
        union
        select distinct i.account_id
        from account_links as l
        join account_ids as i on i.alias_id = l.alias_id
        where
            l.alias_id in (select account_id from accounts)
            or (i.is_charged and l.account_id in (select account_id from accounts))
    ),
    domains as (
        select
            i.account_id,
            coalesce(max(a.domain) filter (where a.billing_account_id is not null), max(a.domain)) as domain
        from accounts as a
        join account_ids as i on i.alias_id = a.account_id and i.own_id = i.account_id
        where a.domain is not null
        group by i.account_id
    ),
    sided as (
        select
            f.account_id,
            f.account,
            case
                when f.is_in_billing and n.account_id is null
                then 'billing'
                when not f.is_in_billing and f.is_in_crm
                then 'crm'
            end as side,
            case when f.is_in_billing then f.mrr else f.acv end as amount
        from account_facts as f
        left join named as n on n.account_id = f.account_id
    )
select s.account_id, s.account, s.side, d.domain, s.amount
from sided as s
left join domains as d on d.account_id = s.account_id
where
    s.side is not null
    and case
        $only when 'every' then true when 'both_sides' then (select count(distinct side) from sided) = 2
    end
order by s.side, s.amount desc nulls last, s.account_id
