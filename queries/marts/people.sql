-- title: People
-- question: Whom do we know at each account, and when was each last spoken to?
-- grain: one row per account and person
-- note: Rows of one account with the same name are one person, so that a name typed by hand and found in a
-- note: later export is not counted twice. A touch after as_of is not yet known.
-- column account_id | text | the account
-- column person_id | text | the contact's id in its file, or the id of a name typed by hand
-- column name | text | the person's name
-- column title | text | job title
-- column role | text | economic_buyer, champion, user, technical, procurement, cio_office or other
-- column is_active | flag | false when the person has left
-- column last_touch_on | date | day of the last touch; empty when there was none
-- column is_by_hand | flag | true when no file names the person
create or replace table people as
with
    spoken as (
        select a.contact_id, max(a.occurred_on) as spoken_on
        from activities as a
        cross join conventions as v
        where a.contact_id is not null and a.occurred_on <= v.as_of
        group by a.contact_id
    ),
    found as (
        select
            i.account_id,
            c.contact_id as person_id,
            c.name,
            c.title,
            c.role,
            case when c.is_active = false then cast(0 as integer) else cast(1 as integer) end as active,
            case when c.last_contacted_on <= v.as_of then c.last_contacted_on end as written_on,
            s.spoken_on,
            cast(0 as integer) as typed
        from contacts as c
        join account_ids as i on i.alias_id = c.account_id
        cross join conventions as v
        left join spoken as s on s.contact_id = c.contact_id
        where c.name is not null or c.contact_id is not null
        union all
        select
            i.account_id,
            h.person_id,
            h.name,
            h.title,
            h.role,
            cast(1 as integer) as active,
            case when h.last_touch_on <= v.as_of then h.last_touch_on end as written_on,
            cast(null as date) as spoken_on,
            cast(1 as integer) as typed
        from stakeholders_by_hand as h
        join account_ids as i on i.alias_id = h.account_id
        cross join conventions as v
    )
select
    account_id,
    min(person_id) as person_id,
    max(name) as name,
    max(title) as title,
    min(role) as role,
    max(active) = 1 as is_active,
    greatest(max(written_on), max(spoken_on)) as last_touch_on,
    min(typed) = 1 as is_by_hand
from found
group by account_id, coalesce(lower(trim(name)), person_id)
