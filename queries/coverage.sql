-- title: Whom we know and spoke to
-- question: At how many people does each account hang, and what has changed there?
-- grain: one row per account
-- note: Touched are active people known by name, spoken to within recency_days before as_of. Without any
-- contact
-- note: or activity in the workspace nothing is known of anybody: has_people is false and the counts are
-- empty.
-- column account_id | text | the account
-- column has_people | flag | true when the workspace holds any contact or activity
-- column named | count | active people known by name
-- column touched | count | of those, spoken to within recency_days
-- column last_touch_on | date | when anybody there was last spoken to
-- column has_cio | flag | true when somebody of the CIO office was spoken to
-- column has_procurement | flag | true when somebody of procurement was spoken to
-- column is_champion_gone | flag | true when a champion left and none is there
-- column is_owner_changed | flag | true when the owner is not who won the last deal
create or replace macro coverage(recency_days) as table
    with
        of_people as (
            select
                p.account_id,
                count(*) filter (where p.is_active) as named,
                count(*) filter (
                    where p.is_active and date_diff('day', p.last_touch_on, c.as_of) <= recency_days
                ) as touched,
                bool_or(p.is_active and p.role = 'cio_office' and p.last_touch_on is not null) as has_cio,
                bool_or(p.is_active and p.role = 'procurement' and p.last_touch_on is not null) as has_procurement,
                coalesce(bool_or(p.role = 'champion' and not p.is_active), false)
                and not coalesce(bool_or(p.role = 'champion' and p.is_active), false) as is_champion_gone
            from people as p
            cross join conventions as c
            group by p.account_id
        ),
        sold as (
            select d.account_id, max_by(d.owner, d.closed_on) as seller
            from known_deals as d
            cross join conventions as c
            where d.is_won and d.owner is not null and d.closed_on <= c.as_of
            group by d.account_id
        ),
        known as (
            select exists (select 1 from account_touches) or exists (select 1 from people) as has_people
        )
    select
        f.account_id,
        n.has_people,
        case when n.has_people then coalesce(p.named, 0) end as named,
        case when n.has_people then coalesce(p.touched, 0) end as touched,
        t.last_touch_on,
        coalesce(p.has_cio, false) as has_cio,
        coalesce(p.has_procurement, false) as has_procurement,
        coalesce(p.is_champion_gone, false) as is_champion_gone,
        coalesce(s.seller <> f.owner, false) as is_owner_changed
    from account_facts as f
    cross join known as n
    left join of_people as p on p.account_id = f.account_id
    left join account_touches as t on t.account_id = f.account_id
    left join sold as s on s.account_id = f.account_id
