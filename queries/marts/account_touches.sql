-- title: Touches of an account
-- question: When was anybody at an account last spoken to?
-- grain: one row per account with a touch
-- note: Activities and the last contact of each person; an activity that names only a person counts for that
-- note: person's account. Nothing after as_of is known yet.
-- column account_id | text | the account
-- column last_touch_on | date | day of the last touch
create or replace table account_touches as
with
    employers as (
        select contact_id, min(account_id) as account_id
        from contacts
        where contact_id is not null and account_id is not null
        group by contact_id
    ),
    days as (
        select coalesce(a.account_id, e.account_id) as alias_id, a.occurred_on as day
        from activities as a
        left join employers as e on e.contact_id = a.contact_id
        union all
        select account_id as alias_id, last_contacted_on as day
        from contacts
        union all
        select account_id as alias_id, last_touch_on as day
        from stakeholders_by_hand
    )
select i.account_id, max(d.day) as last_touch_on
from days as d
join account_ids as i on i.alias_id = d.alias_id
cross join conventions as v
where d.day <= v.as_of
group by i.account_id
